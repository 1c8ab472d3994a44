"""In and out of the club."""

import pytest

from tests.journeys.conftest import DESK, PHONE, Opener, Seemly, shot, sign_in


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_sign_in_page_is_seemly(
    open_page: Opener, seemly: Seemly, size: tuple[int, int], language: str, theme: str
) -> None:
    page = open_page(size, language, theme)
    page.goto("/sign-in")
    assert page.locator("html").get_attribute("lang") == language
    seemly(page)
    shot(page, f"sign-in-{language}-{theme}")


def test_an_owner_signs_in_and_out(open_page: Opener, seemly: Seemly) -> None:
    page = open_page(PHONE)
    sign_in(page, "owner@demo.example", "owner-demo-1")
    assert page.url.endswith("/me")
    seemly(page)
    page.goto("/sign-out")
    seemly(page)
    page.locator("form[action='/sign-out'] [type=submit]").click()
    page.goto("/me")
    assert "/sign-in?next=" in page.url


def test_a_wrong_password_is_said_kindly(open_page: Opener, seemly: Seemly) -> None:
    page = open_page(PHONE)
    page.goto("/sign-in")
    page.locator("[name=email]").fill("nobody@demo.example")
    page.locator("[name=password]").fill("not-this-one")
    page.locator("form[action='/sign-in'] [type=submit]").first.click()
    page.wait_for_selector("[role=alert], .alert, .summary")
    seemly(page)
    shot(page, "sign-in-refused")
