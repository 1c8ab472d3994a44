"""The door goes on when the network is cut, and tells the club when it is back (R27)."""

import sqlite3
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.acts import until
from tests.journeys.conftest import PHONE, Opener, Seemly, SignedIn, shot
from tests.journeys.serving import RunningClub

KEPT = """() => new Promise((done) => {
  const asked = indexedDB.open("marque-door");
  asked.onsuccess = () => {
    const rows = asked.result.transaction("lists").objectStore("lists").getAll();
    rows.onsuccess = () => { asked.result.close(); done(rows.result); };
  };
})"""
DATABASES = "() => indexedDB.databases().then((all) => all.map((one) => one.name))"


def test_two_devices_without_a_network(
    open_page: Opener, signed_in: SignedIn, running_club: RunningClub, seemly: Seemly
) -> None:
    """Prepared, cut off, the same ticket at both: queued, sent once, the later one flagged; what
    is signed out forgets. Red when the worker keeps no page, when add() stores nothing, and when
    the list outlives the sign-out."""
    east, west = (door(open_page, signed_in, *one) for one in ((PHONE, "东门"), ((768, 1024), "")))
    event = prepare(east, seemly)
    prepare(west, seemly)
    first, second = [row for row in kept(east)["rows"] if fresh(row)][:2]
    cut_off(east, event)
    before = datetime.now(UTC)
    check_in(east, first["code"], "door-yes")
    check_in(east, first["code"], "door-again")
    check_in(east, second["code"], "door-yes")
    east.locator("[data-answer] button").click()
    expect(east.locator("[data-unsent]")).to_have_text("3")
    cut_off(west, event)
    check_in(west, first["code"], "door-yes")
    after = datetime.now(UTC)
    shot(east, "offline-door")
    back(west)
    back(east)
    rows = until(lambda: found if len(found := arrivals(running_club, first["id"])) == 2 else None)
    assert [(row["device"], row["flagged"]) for row in rows] == [("东门", 0), ("", 1)]
    moments = [datetime.fromisoformat(row["happened_at"] + "+00:00") for row in rows]
    assert before <= moments[0] <= moments[1] <= after
    assert [row["undone_at"] is None for row in arrivals(running_club, second["id"])] == [False]
    forgets(east)


def door(open_page: Opener, signed_in: SignedIn, size: tuple[int, int], label: str) -> Page:
    page = open_page(size, state=signed_in("care@demo.example", "care-demo-1"))
    page.goto("/desk/check-in")
    page.evaluate("(label) => localStorage.setItem('door-label', label)", label)
    return page


def prepare(page: Page, seemly: Seemly) -> str:
    """Take the list of today's event along; its number."""
    page.locator(".door-card a").first.click()
    page.locator("a[href*='/desk/check-in/device']").click()
    seemly(page)
    page.locator("[data-unready] [data-prepare]").click()
    expect(page.locator("[data-ready]")).to_be_visible()
    seemly(page)
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one && one.update())")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page.url.rpartition("=")[2]


def kept(page: Page) -> Any:
    return page.evaluate(KEPT)[0]


def fresh(row: dict[str, Any]) -> bool:
    return row["state"] == "confirmed" and not row["seen"]


def cut_off(page: Page, event: str) -> None:
    """Without a network the door's own address still opens."""
    page.context.set_offline(True)
    page.goto(f"/desk/events/{event}/check-in")
    expect(page.locator("[data-ready]")).to_be_visible()


def check_in(page: Page, code: str, answer: str) -> None:
    page.locator("[data-code]").fill(code)
    page.locator("[data-ask] [type=submit]").click()
    expect(page.locator(f"[data-answer].{answer}")).to_be_visible()


def back(page: Page) -> None:
    page.context.set_offline(False)
    expect(page.locator("[data-unsent]")).to_be_empty(timeout=60_000)


def arrivals(club: RunningClub, registration: int) -> list[dict[str, Any]]:
    """What the database holds, in the order of what happened."""
    path = club.environ["CLUB_DATABASE_URL"].removeprefix("sqlite:///")
    columns = "device, flagged, happened_at, undone_at"
    query = f"SELECT {columns} FROM check_in WHERE registration_id = ? ORDER BY happened_at"
    base = sqlite3.connect(path)
    try:
        found = base.execute(query, (registration,)).fetchall()
    finally:
        base.close()
    return [dict(zip(columns.split(", "), row, strict=True)) for row in found]


def forgets(page: Page) -> None:
    """Signing out takes the list; what was never sent would stay, for it names nobody."""
    assert "marque-door" in page.evaluate(DATABASES)
    page.goto("/sign-out")
    page.locator("main form[action='/sign-out'] [type=submit]").click()
    page.wait_for_url("**/")
    assert page.evaluate(DATABASES) == ["marque-marks"]
