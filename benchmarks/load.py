"""Load from this machine: ready-made requests over plain sockets, nothing in between."""

import asyncio
import re
import shutil
import subprocess
import time
from dataclasses import dataclass

LENGTH = re.compile(rb"content-length: (\d+)", re.I)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer and when it was complete, in seconds since the rush began."""

    status: int
    body: bytes
    after: float


def request_bytes(method: str, path: str, host: str, cookie: str = "", form: str = "") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if method == "POST":
        lines.append("Content-Type: application/x-www-form-urlencoded")
        lines.append(f"Content-Length: {len(form.encode())}")
    return ("\r\n".join(lines) + "\r\n\r\n" + form).encode()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, bytes]:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return int(head.split(b" ", 2)[1]), body


def rush(port: int, requests: list[bytes]) -> list[Answer]:
    """Send all requests at once, each over its own open connection; in the order given."""

    async def one(
        at: float, pair: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes
    ) -> Answer:
        status, body = await _exchange(*pair, request)
        return Answer(status, body, time.perf_counter() - at)

    async def all_of_them() -> list[Answer]:
        pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in requests]
        begun = time.perf_counter()
        jobs = [one(begun, pair, request) for pair, request in zip(pairs, requests, strict=True)]
        answers = await asyncio.gather(*jobs)
        for _reader, writer in pairs:
            writer.close()
        return list(answers)

    return asyncio.run(all_of_them())


def per_second(port: int, path: str, seconds: float = 5.0, connections: int = 16) -> float:
    """How many GETs a second are answered with 200; by wrk where it is installed."""
    if shutil.which("wrk"):
        return _wrk(port, path, seconds, connections)
    return asyncio.run(_counted(port, path, seconds, connections))


def _wrk(port: int, path: str, seconds: float, connections: int) -> float:
    url = f"http://127.0.0.1:{port}{path}"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{int(seconds)}s", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise RuntimeError(f"{path} did not always answer 200:\n{said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]


async def _counted(port: int, path: str, seconds: float, connections: int) -> float:
    request = request_bytes("GET", path, f"127.0.0.1:{port}")
    until = time.perf_counter() + seconds

    async def one() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answered = 0
        while time.perf_counter() < until:
            status, _body = await _exchange(reader, writer, request)
            if status != 200:
                raise RuntimeError(f"{path} answered {status}")
            answered += 1
        writer.close()
        return answered

    return sum(await asyncio.gather(*(one() for _ in range(connections)))) / seconds
