"""An owner joins: code, interests, consents, home."""

from playwright.sync_api import Page, expect

from tests.journeys.acts import arrive, code_in, newest_text, says, send, write
from tests.journeys.conftest import Seemly, shot

LIKES = 3


def test_somebody_without_a_car_joins_on_their_phone(
    phone: Page, desk: Page, seemly: Seemly
) -> None:
    """Interests chosen, consent given to one topic only, and the card is there."""
    ask_to_join(phone, seemly)
    write(phone, code=code_in(newest_text(desk)), password="mountain-road-7")
    send(phone, "/join/code")
    arrive(phone, "/join/interests")
    choose_interests(phone, seemly)
    agree_to_the_newsletter_only(phone, seemly)
    expect(phone.locator(".member-card").first).to_contain_text("林晓舟")
    says(phone, "普卡")
    seemly(phone)
    shot(phone, "home-new-member")
    phone.goto("/me/interests")
    expect(phone.locator("[name=interest]:checked")).to_have_count(LIKES)
    phone.goto("/me/account")
    expect(phone.locator("[name=topic]:checked")).to_have_count(1)
    seemly(phone)


def ask_to_join(phone: Page, seemly: Seemly) -> None:
    phone.goto("/join")
    seemly(phone)
    phone.locator("main a[href='/privacy']").click()
    seemly(phone)
    phone.go_back()
    write(phone, name="林晓舟", phone="139 1234 5678")
    send(phone, "/join")
    arrive(phone, "/join/code")
    seemly(phone)


def choose_interests(phone: Page, seemly: Seemly) -> None:
    seemly(phone)
    chips = phone.locator("label.chip-choice")
    for place in range(LIKES):
        chips.nth(place * 3).click()
    send(phone, "/join/interests")
    arrive(phone, "/join/consents")


def agree_to_the_newsletter_only(phone: Page, seemly: Seemly) -> None:
    expect(phone.locator("[name=topic]:checked")).to_have_count(0)
    seemly(phone)
    phone.locator("[name=topic][value=newsletter]").check()
    send(phone, "/join/consents")
    arrive(phone, "/me")
