"""What a member's page costs on a phone's network, and where it asks for it."""

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import PHONE, Opener, SignedIn

FIRST, AGAIN = 150_000, 30_000  # bytes that cross the network


@pytest.mark.parametrize("path", ["/me", "/events", "/me/benefits"])
def test_a_members_page_is_light(open_page: Opener, signed_in: SignedIn, path: str) -> None:
    """Red when files are sent unpacked, when nothing of them is kept by the browser, or when a
    page asks another house for anything."""
    page = open_page(PHONE, state=signed_in("owner@demo.example", "owner-demo-1"))
    crossed, asked = _watched(page)
    page.goto(path, wait_until="networkidle")
    first = sum(crossed)
    crossed.clear()
    page.goto(path, wait_until="networkidle")
    assert 0 < first <= FIRST
    assert 0 < sum(crossed) <= AGAIN
    house = page.url.removesuffix(path)
    assert [one for one in asked if not one.startswith((house, "data:"))] == []


def _watched(page: Page) -> tuple[list[float], list[str]]:
    """The bytes of each answer and the address of each request from now on."""
    crossed: list[float] = []
    asked: list[str] = []
    network = page.context.new_cdp_session(page)
    network.on("Network.loadingFinished", lambda told: crossed.append(told["encodedDataLength"]))
    network.on("Network.requestWillBeSent", lambda told: asked.append(told["request"]["url"]))
    network.send("Network.enable")
    return crossed, asked
