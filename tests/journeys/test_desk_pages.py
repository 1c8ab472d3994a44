"""The desk's pages in English and in the dark, and nothing cut off in their tables."""

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Seemly, shot

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


@pytest.mark.parametrize("address", PAGES)
def test_a_desk_page_is_seemly_in_english_and_in_the_dark(
    english_desk: Page, seemly: Seemly, address: str
) -> None:
    """R66: axe, the validator, and no table or number that runs out of its frame."""
    english_desk.goto(address)
    seemly(english_desk)
    assert english_desk.evaluate(CUT_OFF) == []
    shot(english_desk, "desk" + address.removeprefix("/desk").replace("/", "-") + "-en")
