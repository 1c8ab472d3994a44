"""What is measured: a whole club with two web workers, and a bare endpoint on the same server."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests import postgresql
from tests.conftest import KEYS
from tests.journeys import serving
from tests.journeys.serving import RunningClub

WORKERS = "2"


def bare(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The smallest WSGI application: a constant."""
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


@contextmanager
def bare_endpoint() -> Iterator[int]:
    """The port of the bare application, on the club's server with as many workers."""
    port = serving.free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "--port",
        str(port),
    ]
    command += ["--workers", WORKERS, "--blocking-threads", "4", "--log-level", "error"]
    process = subprocess.Popen([*command, "benchmarks.stage:bare"], cwd=serving.ROOT)
    try:
        _wait_for(f"http://127.0.0.1:{port}/")
        yield port
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def club_on(database: str) -> Iterator[RunningClub]:
    """An open, empty club on "sqlite" or "postgresql", with two web workers."""
    with tempfile.TemporaryDirectory(prefix="marque-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/club.sqlite"
        server = folder / "postgresql"
        if database == "postgresql":
            folder.chmod(0o755)
            server.mkdir()
            url = postgresql.start(server)
        environ = serving.environ_of(folder, url, KEYS)
        environ |= {"CLUB_WEB_WORKERS": WORKERS, "CLUB_MODE": "production"}
        club = serving.open_club(environ)
        try:
            yield club
        finally:
            club.close()
            if database == "postgresql":
                postgresql.stop(server)


def make_bench_club(club: RunningClub, members: int, places: int) -> dict[str, Any]:
    """Members with passwords and one event with too few places."""
    words = ("bench-club", "--members", str(members), "--places", str(places), "--json")
    made: dict[str, Any] = json.loads(club.command(*words).stdout)
    return made


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing answers at {url}")
