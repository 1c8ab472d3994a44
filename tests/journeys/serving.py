"""A whole demo club in processes of its own: web server and worker on a temporary SQLite."""

import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 240.0


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class RunningClub:
    """An open club: its address, the environment of its processes, and the watching process."""

    url: str
    environ: dict[str, str]
    process: subprocess.Popen[str]
    said: list[str]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `flask --app app …` beside the open club."""
        return flask(self.environ, *words)

    def close(self) -> None:
        """End it, and all that it started."""
        self.process.terminate()
        self.process.wait(PATIENCE)


def environ_of(folder: Path, database_url: str, keys: dict[str, str]) -> dict[str, str]:
    """The settings of a club whose files lie in `folder`."""
    mine = {name: text for name, text in os.environ.items() if not name.startswith("CLUB_")}
    port = free_port()
    return {
        **mine,
        **keys,
        "CLUB_STATE_DIR": str(folder / "state"),
        "CLUB_DATABASE_URL": database_url,
        "CLUB_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }


def flask(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; what it said in an error is shown."""
    command = [sys.executable, "-m", "flask", "--app", "app", *words]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done


def open_club(environ: dict[str, str]) -> RunningClub:
    """Start web server and worker; ready when the club says that it is open."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "run-club"],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    is_open = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                said.append(line)
                if "The club is open" in line:
                    is_open.set()

    threading.Thread(target=listen, daemon=True).start()
    club = RunningClub(f"http://127.0.0.1:{environ['CLUB_PORT']}", environ, process, said)
    if not is_open.wait(PATIENCE):
        club.close()
        raise RuntimeError("The club did not open:\n" + "".join(said))
    return club
