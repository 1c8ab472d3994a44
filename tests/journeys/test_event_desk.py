"""The desk of an event under way, in English and in the dark; a ticket shown as a photo."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, Opener, Seemly, SignedIn, shot

STAFF = ("staff@demo.example", "staff-demo-1")
OWNER = ("owner@demo.example", "owner-demo-1")


def running_event(desk: Page) -> str:
    """The address of the event of the day at the desk."""
    desk.goto("/desk/check-in")
    door = desk.locator("main a[href$='/check-in']").first.get_attribute("href")
    assert door
    return door.removesuffix("/check-in")


@pytest.mark.parametrize(
    "part", ["", "/registrations", "/check-in", "/edit", "/preview", "/door-list"]
)
def test_the_desk_of_an_event_is_seemly_in_the_dark(
    english_desk: Page, seemly: Seemly, part: str
) -> None:
    """R66: axe and the validator, in English and dark colours."""
    english_desk.goto(running_event(english_desk) + part)
    expect(english_desk.locator("html")).to_have_attribute("lang", "en")
    seemly(english_desk)


def test_a_photo_of_the_ticket_is_read_at_the_door(open_page: Opener, signed_in: SignedIn) -> None:
    """As in browsers without BarcodeDetector: the picture is sent and the answer comes up."""
    owner = open_page(PHONE, state=signed_in(*OWNER))
    desk = open_page(DESK, state=signed_in(*STAFF))
    event = running_event(desk).rsplit("/", 1)[-1]
    owner.goto(f"/events/{event}")
    owner.locator("main a[href^='/me/registrations/']").first.click()
    address = owner.locator("img[src$='ticket.png']").get_attribute("src")
    picture = owner.request.get(str(address)).body()
    desk.goto(f"/desk/events/{event}/check-in")
    desk.locator("[data-photo-form] [name=photo]").set_input_files(
        {"name": "ticket.png", "mimeType": "image/png", "buffer": picture}
    )
    expect(desk.locator(".door-yes .door-name")).to_contain_text("苏明澜")
    shot(desk, "door-photo")
