"""Where a test run keeps its files: in memory where there is room, not on a slow disk."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30  # bytes; a whole run took 1.5 GiB


def folder() -> str:
    """The folder to make temporary ones in."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    return str(MEMORY) if roomy and shutil.disk_usage(MEMORY).free > ROOM else tempfile.gettempdir()
