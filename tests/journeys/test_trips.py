"""A trip from its file to its recap: at the desk, and on phones that lose their network."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.events.travelling import gpx, northwards
from tests.journeys.acts import arrive, says, send
from tests.journeys.conftest import PHONE, Opener, Seemly, SignedIn, shot

STAFF = ("staff@demo.example", "staff-demo-1")
OWNER = ("owner@demo.example", "owner-demo-1")
WAYPOINT = '<wpt lat="30.2" lon="120"><name>湖边</name></wpt>'


def trip_on(desk: Page, shelf: str) -> str:
    """The address of the trip on a shelf of the desk's programme."""
    desk.goto(f"/desk/events?show={shelf}&kind=self-drive-trip")
    address = desk.locator("main table a[href^='/desk/events/']").first.get_attribute("href")
    assert address
    return address


def picture(folder: Path) -> Path:
    """A photo of the way."""
    made = folder / "way.jpg"
    written = io.BytesIO()
    Image.new("RGB", (2400, 1600), (90, 140, 110)).save(written, "JPEG")
    made.write_bytes(written.getvalue())
    return made


def test_a_trip_from_its_file_to_its_recap(
    open_page: Opener, signed_in: SignedIn, desk: Page, seemly: Seemly, tmp_path: Path
) -> None:
    """R27 with the network cut: ticks are kept on the phone and sent later, once; and R66 on every
    page of a trip."""
    trip = trip_on(desk, "coming")
    desk.goto(f"{trip}/trip")
    file = tmp_path / "day.gpx"
    file.write_bytes(gpx(northwards(), inside=WAYPOINT))
    desk.locator("#route-1").set_input_files(file)
    desk.locator("form.route-upload [type=submit]").first.click()
    arrive(desk, "/trip")
    says(desk, "50.0 公里")
    seemly(desk)
    for part in ("stops", "convoy", "recap", "convoy-sheet"):
        desk.goto(f"{trip}/trip/{part}")
        seemly(desk)
    _roll_call_without_a_network(open_page, signed_in, seemly, trip)
    _roll_call_opened_without_a_network(open_page, signed_in, seemly, desk, trip)
    _told_afterwards(open_page, signed_in, seemly, trip_on(desk, "past"), picture(tmp_path))


def _roll_call_without_a_network(
    open_page: Opener, signed_in: SignedIn, seemly: Seemly, trip: str
) -> None:
    leader = open_page(PHONE, state=signed_in(*STAFF))
    leader.goto(f"{trip}/trip/roll-call")
    seemly(leader)
    leader.context.set_offline(True)
    buttons = leader.locator(".roll-button")
    for place in (0, 1, 1, 2):
        buttons.nth(place).click()
    expect(leader.locator("[data-roll-here]")).to_have_text("2")
    expect(leader.locator("[data-roll-net]")).to_contain_text("4")
    leader.locator("[data-stop]").nth(1).click()
    expect(leader.locator("[data-roll-here]")).to_have_text("0")
    leader.locator("[data-stop]").nth(0).click()
    leader.context.set_offline(False)
    expect(leader.locator("[data-roll-net]")).to_be_hidden()
    leader.reload()
    expect(leader.locator("[data-roll-here]")).to_have_text("2")
    shot(leader, "roll-call")


def _roll_call_opened_without_a_network(
    open_page: Opener, signed_in: SignedIn, seemly: Seemly, desk: Page, trip: str
) -> None:
    """R27: taken along, the page opens in a dead spot; a tick that the club refuses stays there
    with its reason until somebody has seen it. Red when the worker keeps no roll call."""
    leader = open_page(PHONE, state=signed_in("care@demo.example", "care-demo-1"))
    leader.goto(f"{trip}/trip/roll-call")
    leader.locator("[data-roll-unkept] [data-prepare]").click()
    expect(leader.locator("[data-roll-kept]")).to_be_visible()
    seemly(leader)
    here = leader.locator("[data-roll-here]").inner_text()
    leader.wait_for_function("() => navigator.serviceWorker.controller !== null")
    leader.context.set_offline(True)
    leader.goto(f"{trip}/trip/roll-call")
    expect(leader.locator("[data-roll-here]")).to_have_text(here)
    last = leader.locator(".roll-car").last
    number, plate = last.get_attribute("data-car"), last.get_attribute("data-plate")
    last.locator("button").click()
    expect(leader.locator("[data-roll-net]")).to_contain_text("1")
    shot(leader, "roll-call-offline")
    desk.goto(f"{trip}/registrations")
    send(desk, f"{trip}/registrations/{number}/cancel")
    expect(desk.locator(f"form[action='{trip}/registrations/{number}/cancel']")).to_have_count(0)
    leader.context.set_offline(False)
    refused = leader.locator("[data-roll-marks] li")
    expect(refused).to_contain_text("这辆车已不在行程中", timeout=60_000)
    expect(refused).to_contain_text(str(plate))
    seemly(leader)
    shot(leader, "roll-call-refused")
    leader.reload()
    refused.locator("button").click()
    expect(refused).to_have_count(0)


def _told_afterwards(
    open_page: Opener, signed_in: SignedIn, seemly: Seemly, trip: str, photo: Path
) -> None:
    owner = open_page(PHONE, state=signed_in(*OWNER))
    event = trip.removeprefix("/desk")
    owner.goto(event)
    owner.locator(f"a[href='{event}/recap']").first.click()
    arrive(owner, "/recap")
    pictures = owner.locator(".pictures li")
    expect(pictures).to_have_count(2)
    seemly(owner)
    shot(owner, "recap")
    owner.locator("#photos").set_input_files([photo, photo])
    owner.locator("[name=consent]").check()
    with owner.expect_navigation():
        owner.locator("form[data-pictures] [type=submit]").click()
    pictures.first.locator("form [type=submit]").click()
    expect(pictures).to_have_count(1)
    staff = open_page(PHONE, state=signed_in(*STAFF))
    staff.goto(f"{trip}/trip/recap")
    expect(staff.locator(".pictures-desk li")).to_have_count(4)
    seemly(staff)
    owner.goto("/me/registrations")
    mine = owner.locator("main a[href^='/me/registrations/']").last.get_attribute("href")
    owner.goto(f"{mine}/trip")
    seemly(owner)
    expect(owner.locator("a[href^='tel:']").first).to_be_visible()
