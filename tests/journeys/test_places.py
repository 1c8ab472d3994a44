"""One place, two owners: full, waitlist, offer, ticket, check-in, points."""

import io

import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.acts import arrive, says, send, typed, write
from tests.journeys.conftest import PHONE, Opener, Seemly, SignedIn, shot

TITLE, IN_ENGLISH = "秋夜茶叙", "Tea on an autumn night"


def test_a_freed_place_goes_to_the_one_who_waits_and_brings_points(
    open_page: Opener, signed_in: SignedIn, desk: Page, seemly: Seemly
) -> None:
    """The first cancels, the second is offered the place, comes, and has 50 points more."""
    first = open_page(PHONE, state=signed_in("owner@demo.example", "owner-demo-1"))
    second = open_page(PHONE, "en", state=signed_in("friend@demo.example", "friend-demo-1"))
    before = points_of(second)
    event = plan(desk, seemly)
    mine = sign_up_by_the_programme(first, event, seemly)
    theirs = wait_for_a_place(second, event, seemly)
    send(first, f"{mine}/cancel")
    expect(first.locator(".ticket .status")).to_contain_text("已取消")
    seemly(first)
    code = take_the_offer(second, theirs, seemly)
    check_in(desk, event, code, seemly)
    assert points_of(second) == before + 50
    says(second, IN_ENGLISH)
    seemly(second)
    shot(second, "points-after-the-event")


def points_of(page: Page) -> int:
    page.goto("/me/points")
    return int(page.locator(".balance-number").inner_text().replace(",", ""))


def plan(desk: Page, seemly: Seemly) -> str:
    """An event with one place that begins soon, so that its door is open; its number."""
    desk.goto("/desk/events/new?kind=new-owner-class")
    write(desk, title_zh=TITLE, title_en=IN_ENGLISH, place_zh="会员专属休息区")
    write(desk, starts_at=typed(2), ends_at=typed(4), places="1", attendance_points="")
    write(desk, register_until="", change_until="", cancel_until="", register_from="")
    seemly(desk)
    desk.locator("button[form=plan]").click()
    arrive(desk, r"/desk/events/\d+")
    event = desk.url.rpartition("/")[2]
    seemly(desk)
    send(desk, f"/desk/events/{event}/publish")
    expect(desk.locator(f"form[action='/desk/events/{event}/publish']")).to_have_count(0)
    return event


def sign_up_by_the_programme(page: Page, event: str, seemly: Seemly) -> str:
    """Ends on the ticket; its address."""
    page.goto("/events")
    seemly(page)
    page.locator(f"a[href='/events/{event}']").first.click()
    arrive(page, f"/events/{event}")
    seemly(page)
    send(page, f"/events/{event}/register")
    arrive(page, r"/me/registrations/\d+")
    expect(page.locator(".ticket-code")).to_be_visible()
    return "/me/registrations/" + page.url.rpartition("/")[2]


def wait_for_a_place(page: Page, event: str, seemly: Seemly) -> str:
    page.goto(f"/events/{event}")
    says(page, "All places are taken.")
    seemly(page)
    send(page, f"/events/{event}/register")
    arrive(page, r"/me/registrations/\d+")
    says(page, "You are number 1 in the queue")
    expect(page.locator(".ticket-code")).to_have_count(0)
    seemly(page)
    shot(page, "waiting")
    return "/me/registrations/" + page.url.rpartition("/")[2]


def take_the_offer(page: Page, registration: str, seemly: Seemly) -> str:
    """From the home page to the ticket; the code that its QR picture and its text carry."""
    page.goto("/me")
    says(page, "A place is kept for you")
    seemly(page)
    page.locator(f"a[href='{registration}']").first.click()
    arrive(page, registration)
    seemly(page)
    send(page, f"{registration}/accept")
    code = page.locator(".ticket-code").inner_text()
    picture = page.request.get(f"{registration}/ticket.png").body()
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert len(found.text) >= 16
    assert code.replace("-", "") not in found.text
    seemly(page)
    shot(page, "ticket")
    return code


def check_in(desk: Page, event: str, code: str, seemly: Seemly) -> None:
    desk.goto(f"/desk/events/{event}/check-in")
    write(desk, code=code.lower())
    desk.locator("[data-scan-form] [type=submit]").click()
    expect(desk.locator(".door-yes .door-name")).to_contain_text("韩叙")
    seemly(desk)
    shot(desk, "check-in")
    desk.goto(f"/desk/events/{event}/registrations")
    seemly(desk)
