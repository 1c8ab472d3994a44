"""Signing up with the keyboard alone, and with everything twice as large (R66)."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acts import arrive
from tests.journeys.conftest import PHONE, Opener, Seemly, SignedIn, shot

MOST_TABS = 80
HALF = (195, 422)  # what a phone 390 px wide shows at 200 %
ON_IT = "(wanted) => document.activeElement?.matches(wanted)"
SEEN = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
CUT_OFF = """() => {
  const scrolls = (one) =>
    one && (getComputedStyle(one).overflowX === "auto" || scrolls(one.parentElement));
  const words = "main :is(a, button, input, select, h1, h2, p, dd, .member-card span)";
  return [...document.querySelectorAll(words)]
    .filter((one) => one.checkVisibility() && !scrolls(one))
    .filter((one) => { const box = one.getBoundingClientRect();
      const card = one.closest(".member-card")?.getBoundingClientRect() ?? box;
      return box.width > 1 &&
        (box.left < -1 || box.right > innerWidth + 1 || box.bottom > card.bottom + 1); })
    .map((one) => one.outerHTML.slice(0, 140));
}"""


def test_an_owner_signs_up_by_keyboard_alone(
    open_page: Opener, signed_in: SignedIn, seemly: Seemly
) -> None:
    """R66: red when the button is a link without an address, or has tabindex -1."""
    page = open_page(PHONE, "en", state=signed_in("friend@demo.example", "friend-demo-1"))
    page.goto("/events?kind=safe-driving-class")
    tab_to(page, "main a[href^='/events/']:not(.chip)")
    page.keyboard.press("Enter")
    arrive(page, r"/events/\d+")
    tab_to(page, "form[action$='/register'] [type=submit]")
    assert page.evaluate(SEEN), "Where the keyboard is cannot be seen."
    seemly(page)
    page.keyboard.press("Enter")
    arrive(page, r"/me/registrations/\d+")
    expect(page.locator(".ticket-code")).to_be_visible()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on it."""
    for _tab in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(ON_IT, wanted):
            return
    raise AssertionError(f"{page.url}: the keyboard does not reach {wanted}")


@pytest.mark.parametrize(
    "address", ["/me", "/events", "/me/points", "/me/vehicles", "/me/registrations"]
)
def test_nothing_is_lost_at_twice_the_size(
    open_page: Opener, signed_in: SignedIn, address: str
) -> None:
    """R66: a 390 px phone at 200 %; red without narrow.css."""
    page = open_page(HALF, state=signed_in("owner@demo.example", "owner-demo-1"))
    page.goto(address)
    shot(page, "twice" + address.replace("/", "-"))
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{address} is {wide} px wider than the screen"
    assert page.evaluate(CUT_OFF) == []


def test_the_sign_up_form_loses_nothing_at_twice_the_size(
    open_page: Opener, signed_in: SignedIn
) -> None:
    """R66: every field of the form is within a screen of half the width."""
    page = open_page(HALF, "en", state=signed_in("owner@demo.example", "owner-demo-1"))
    page.goto("/events?kind=safe-driving-class")
    page.locator("main a[href^='/events/']:not(.chip)").first.click()
    arrive(page, r"/events/\d+")
    expect(page.locator("form[action$='/register'] [type=submit]")).to_be_visible()
    shot(page, "twice-sign-up")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate(CUT_OFF) == []
