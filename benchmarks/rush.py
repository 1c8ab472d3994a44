"""How long until 400 signed-in members who rush for 100 places all have their answer?"""

import json
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import urlencode

import httpx

from benchmarks import load, stage

MEMBERS, PLACES, GOAL = 400, 100, 3.0
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def main() -> None:
    """Print the seconds to the last answer and who was seated, on each database."""
    for database in ("sqlite", "postgresql"):
        with stage.club_on(database) as club:
            made = stage.make_bench_club(club, MEMBERS, PLACES)
            port = int(club.environ["CLUB_PORT"])
            begun = time.perf_counter()
            with ThreadPoolExecutor(8) as hands:
                ready = list(hands.map(partial(_ready, club.url, made["event"]), made["accounts"]))
            signed_in = time.perf_counter() - begun
            answers = load.rush(port, ready)
            figures = json.loads(club.command("event-figures", str(made["event"]), "--json").stdout)
        _report(database, signed_in, answers, figures)


def _ready(url: str, event: int, who: dict[str, str]) -> bytes:
    """Sign a member in, open the event's page; the sign-up that is ready to be sent."""
    with httpx.Client(base_url=url, timeout=60) as client:
        form = {"csrf_token": _token(client.get("/sign-in")), "email": who["email"]}
        answer = client.post("/sign-in", data={**form, "password": who["password"]})
        assert answer.status_code == 303, answer.status_code
        token = _token(client.get(f"/events/{event}"))
        cookie = "; ".join(f"{name}={text}" for name, text in client.cookies.items())
    typed = urlencode({"csrf_token": token, "party_size": 1})
    host = url.removeprefix("http://")
    return load.request_bytes("POST", f"/events/{event}/register", host, cookie, typed)


def _token(page: httpx.Response) -> str:
    found = TOKEN.search(page.text)
    assert found, f"no form at {page.url}: {page.status_code}"
    return found[1]


def _report(
    database: str, signed_in: float, answers: list[load.Answer], figures: dict[str, Any]
) -> None:
    last = max(answer.after for answer in answers)
    statuses = dict(Counter(answer.status for answer in answers))
    confirmed, waiting = figures["confirmed"], figures["waiting"]
    in_order = confirmed == sorted(confirmed) and waiting == sorted(waiting)
    good = statuses == {303: MEMBERS} and len(confirmed) == PLACES
    good = good and len(waiting) == MEMBERS - PLACES and in_order and last <= GOAL
    print(f"rush, {database}: last of {MEMBERS} answers after {last:.2f} s", end=" ")
    print(f"({MEMBERS / last:.0f}/s; answers {statuses}); {len(confirmed)} confirmed,", end=" ")
    print(f"{len(waiting)} waiting, {'in' if in_order else 'OUT OF'} order;", end=" ")
    print(
        f"goal {GOAL:.0f} s: {'reached' if good else 'MISSED'}; signing in took {signed_in:.1f} s"
    )


if __name__ == "__main__":
    main()
