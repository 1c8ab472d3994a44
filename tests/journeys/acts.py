"""What people do on pages, in one line each."""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

SHOP = ZoneInfo("Asia/Shanghai")
PATIENCE = 60.0
Found = TypeVar("Found")


def write(page: Page, **texts: str) -> None:
    """Type into the fields of these names."""
    for name, text in texts.items():
        page.locator(f"[name='{name}']").first.fill(text)


def send(page: Page, action: str) -> None:
    """Press the button of the form that posts to `action`; say yes if it asks."""
    form = page.locator(f"form[action='{action}']").first
    asks = form.get_attribute("data-confirm") is not None
    form.locator("[type=submit]").first.click()
    if asks:
        page.locator("dialog.ask button").last.click()


def arrive(page: Page, address: str) -> None:
    """Wait for the page at `address`, a pattern of its end."""
    page.wait_for_url(re.compile(address + r"([?#].*)?$"))


def says(page: Page, words: str) -> None:
    """The words stand on the page."""
    expect(page.locator("main")).to_contain_text(words)


def newest_text(desk: Page) -> str:
    """The newest text message, as the desk shows it where there is no gateway."""
    desk.goto("/desk/letters?channel=text")
    number = desk.locator("a[href^='/desk/letters/']").first.get_attribute("href")
    desk.goto(str(number))
    return desk.locator(".letter-text").first.inner_text()


def code_in(text: str) -> str:
    """The six digits of a letter or text."""
    found = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    assert found is not None, text
    return found[0]


def until(look: Callable[[], Found | None]) -> Found:
    """What `look` finds as soon as it finds something."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, "It did not come in time."
        time.sleep(0.3)
    return found


def typed(hours: float) -> str:
    """The shop's clock in so many hours, as a field for day and time takes it."""
    return f"{datetime.now(SHOP) + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def publish_recap(desk: Page, text: str) -> None:
    """On the page that an event's recap is written on."""
    write(desk, text_zh=text)
    desk.locator("button[value=publish]").click()
    expect(desk.locator("button[value=withdraw]")).to_be_visible()


def read_recap(owner: Page, event: str, text: str) -> None:
    """From the event's page, as members find it."""
    owner.goto(f"/events/{event}")
    owner.locator(f"a[href='/events/{event}/recap']").first.click()
    arrive(owner, "/recap")
    says(owner, text)
