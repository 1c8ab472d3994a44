"""Open the club: one web server and one worker, watched and ended together."""

import contextlib
import ctypes
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import click
from flask import current_app

from foundation.settings import Mode, Settings
from foundation.web.database import db
from portal.commands.setup import setup
from portal.demo.accounts import DEMO_ACCOUNTS

ROOT = Path(__file__).resolve().parent.parent.parent
THREADS = 4  # more would only wait for Python's own lock
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
SET_PARENT_DEATH_SIGNAL = 1
PATIENCE = 10.0
WATCH_EVERY = 0.1


@click.command("run-club")
@click.pass_context
def run_club(context: click.Context) -> None:
    """Set up, then serve pages and do the work behind them until Ctrl-C."""
    settings: Settings = current_app.extensions["club_settings"]
    _refuse_a_busy_port(settings)
    context.invoke(setup)
    db.session.close()  # whoever watches holds no lock
    db.engine.dispose()
    over = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda *_: over.set())
    children = {"web server": _start(web_command(settings)), "worker": _start(worker_command())}
    try:
        dead = _watch(children, settings, over)
    finally:
        click.echo("\nClosing …")
        sys.stdout.flush()
        _end(children)
        gc.freeze()  # else Python walks through all that was ever loaded before it ends
    if dead:
        raise click.ClickException(f"The {dead} ended by itself; what it said stands above.")


def web_command(settings: Settings) -> list[str]:
    """The command of the web server for these settings."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    command += ["--host", settings.host, "--port", str(settings.port)]
    command += ["--workers", str(settings.web_workers), "--workers-kill-timeout", "5"]
    command += ["--blocking-threads", str(THREADS), "--log-level", "error"]
    return [*command, "--factory", "app:create_web_app"]


def worker_command() -> list[str]:
    """The command of a worker."""
    return [sys.executable, "-m", "flask", "--app", "app", "worker"]


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # In a session of its own, so that Ctrl-C reaches it once: through _end.
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent if LIBC else None,
    )


def _die_with_parent() -> None:
    assert LIBC is not None
    LIBC.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _refuse_a_busy_port(settings: Settings) -> None:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise click.ClickException(
                f"The club cannot listen at {settings.host}, port {settings.port}"
                f" ({error.strerror}); end what uses it or set CLUB_PORT to another number."
            ) from None


def _watch(
    children: dict[str, subprocess.Popen[bytes]], settings: Settings, over: threading.Event
) -> str | None:
    """The name of the child that died, or None when somebody asked for the end."""
    greeted = False
    while not over.wait(WATCH_EVERY):
        for name, child in children.items():
            if child.poll() is not None and not over.wait(WATCH_EVERY):
                return name
        if not greeted and _answers(settings):
            greeted = True
            _greet(settings)
    return None


def _answers(settings: Settings) -> bool:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    try:
        with urllib.request.urlopen(f"http://{host}:{settings.port}/healthz", timeout=1):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _greet(settings: Settings) -> None:
    click.echo(f"\nThe club is open at {settings.base_url} — Ctrl-C closes it.")
    if settings.mode is Mode.DEMO:
        _introduce()
    sys.stdout.flush()


def _introduce() -> None:
    """Who may sign in to the demo club."""
    click.echo()
    for account in DEMO_ACCOUNTS:
        click.echo(f"  {account.label:<30} {account.login:<22} {account.password}")


def _end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask each child to finish what it does; end by force what has not after ten seconds."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    for child in children.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # and whatever it left behind
        child.wait()
