"""The desk's pages in English and in the dark, and nothing cut off in their tables."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, Opener, Seemly, SignedIn, shot

PAGES = (
    "/desk",
    "/desk/members",
    "/desk/members/12",
    "/desk/members/12/edit",
    "/desk/claims",
    "/desk/imports",
    "/desk/events",
    "/desk/invitations/new",
    "/desk/newsletters",
    "/desk/letters",
    "/desk/benefits",
    "/desk/vouchers",
    "/desk/vouchers/rewards",
    "/desk/rules",
    "/desk/figures",
)
CUT_OFF = """() => [...document.querySelectorAll(".table-frame, .tile")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 140))"""


@pytest.fixture
def english_desk(open_page: Opener, signed_in: SignedIn) -> Iterator[Page]:
    """The club manager's screen in English: an account keeps its language, so it is given back."""
    desk = open_page(DESK, "en", "dark", state=signed_in("staff@demo.example", "staff-demo-1"))
    read_in(desk, "en")
    yield desk
    read_in(desk, "zh-Hans")


def read_in(desk: Page, language: str) -> None:
    """Choose the language as people do, by the switch in the bar."""
    desk.goto("/desk")
    desk.locator(f"form[action='/language'] [lang={language}]").first.click()
    expect(desk.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("address", PAGES)
def test_a_desk_page_is_seemly_in_english_and_in_the_dark(
    english_desk: Page, seemly: Seemly, address: str
) -> None:
    """R66: axe, the validator, and no table or number that runs out of its frame."""
    english_desk.goto(address)
    seemly(english_desk)
    assert english_desk.evaluate(CUT_OFF) == []
    shot(english_desk, "desk" + address.removeprefix("/desk").replace("/", "-") + "-en")
