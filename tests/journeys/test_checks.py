"""A summer check as in 2009: planned, booked, in a bay, on the tablet, on the owner's phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.acts import (
    arrive,
    publish_recap,
    read_recap,
    says,
    send,
    typed,
    until,
    write,
)
from tests.journeys.conftest import DESK, PHONE, Opener, Seemly, SignedIn, shot
from tests.journeys.passing import time_goes_by
from tests.journeys.serving import RunningClub
from tests.outreach.servers import Post

TABLET = (768, 1024)
OWNER = ("owner@demo.example", "owner-demo-1")
ADMIN = ("admin@demo.example", "admin-demo-1")


@pytest.fixture
def early_doors(open_page: Opener, signed_in: SignedIn) -> None:
    """Check-in opens three days before, so that tomorrow's check is played through today."""
    admin = open_page(DESK, state=signed_in(*ADMIN))
    admin.goto("/desk/settings")
    form = admin.locator("form:has(input[value='events.check_in_hours'])")
    form.locator("[name=value]").fill("72")
    form.locator("[type=submit]").click()
    expect(form.locator("[name=value]")).to_have_value("72")


@pytest.mark.usefixtures("early_doors")
def test_a_summer_check_from_draft_to_recap(
    desk: Page,
    open_page: Opener,
    signed_in: SignedIn,
    running_club: RunningClub,
    seemly: Seemly,
    post: Post,
) -> None:
    """Nineteen points; the network fails at the car and nothing is lost (domain, section 4)."""
    event = plan(desk)
    choose_bays(desk, event, seemly)
    owner = open_page(PHONE, state=signed_in(*OWNER))
    registration = book(owner, event)
    drag_to_another_bay(desk, event, seemly)
    let_in(desk, owner, event, registration)
    tablet = open_page(TABLET, state=signed_in("staff@demo.example", "staff-demo-1"))
    fill_the_sheet(tablet, event, registration, seemly)
    letter = until(lambda: letter_that_says(post, "检测报告"))
    assert f"/me/registrations/{registration}/check" in letter
    read_and_decline(owner, registration, seemly)
    desk.goto("/desk/workshop")
    seemly(desk)
    expect(desk.get_by_text("暂不").last).to_be_visible()
    time_goes_by(running_club, int(event), timedelta(days=5))
    desk.goto(f"/desk/events/{event}/trip/recap")
    publish_recap(desk, "三天，一百多台车，空调都凉了。")
    seemly(desk)
    read_recap(owner, event, "空调都凉了")
    seemly(owner)


def plan(desk: Page) -> str:
    """The kind of event as it comes, tomorrow, with a voucher for coming."""
    desk.goto("/desk/events/new?kind=summer-air")
    begin, end = typed(24)[:10], typed(24 + 48)[:10]
    write(desk, starts_at=f"{begin}T09:00", ends_at=f"{end}T17:00", title_zh="夏季空调检测 2009")
    write(desk, place_zh="俱乐部检测工位", register_from="", register_until="")
    write(desk, change_until="", cancel_until="")
    desk.locator("[name=voucher_kind_id]").select_option(index=1)
    desk.locator("button[form=plan]").click()
    arrive(desk, r"/desk/events/\d+")
    event = desk.url.rpartition("/")[2]
    send(desk, f"/desk/events/{event}/publish")
    expect(desk.locator(f"form[action='/desk/events/{event}/publish']")).to_have_count(0)
    return event


def choose_bays(desk: Page, event: str, seemly: Seemly) -> None:
    desk.goto(f"/desk/events/{event}/workshop")
    seemly(desk)
    for box in desk.locator("[name=bay_id]").all()[:2]:
        box.check()
    write(desk, job_minutes="40", buffer_minutes="20")
    send(desk, f"/desk/events/{event}/workshop/plan")
    arrive(desk, f"/desk/events/{event}/workshop")


def book(owner: Page, event: str) -> str:
    owner.goto(f"/events/{event}")
    owner.locator("[name=vehicle_id]").first.select_option(index=1)
    owner.locator("[name=session_id]").first.check()
    send(owner, f"/events/{event}/register")
    arrive(owner, r"/me/registrations/\d+")
    return owner.url.rpartition("/")[2]


def drag_to_another_bay(desk: Page, event: str, seemly: Seemly) -> None:
    """From the first bay to the second at the same time: by hand, then back by the keyboard."""
    desk.goto(f"/desk/events/{event}/workshop")
    seemly(desk)
    job = desk.locator("a.job[data-bay]").first
    before = job.get_attribute("data-bay")
    job.scroll_into_view_if_needed()
    goal = desk.locator("td.bay-free").first
    start, end = job.bounding_box(), goal.bounding_box()
    assert start
    assert end
    desk.mouse.move(start["x"] + 20, start["y"] + 10)
    desk.mouse.down()
    desk.mouse.move(end["x"] + 20, end["y"] + 8, steps=6)
    desk.mouse.up()
    expect(desk.locator("a.job[data-bay]").first).not_to_have_attribute("data-bay", str(before))
    shot(desk, "workshop-day")
    job = desk.locator("a.job[data-bay]").first
    job.focus()
    for key in (" ", "ArrowDown", "ArrowUp", " "):
        desk.keyboard.press(key)
    expect(desk.locator("a.job[data-bay]").first).to_have_attribute("data-bay", str(before))


def let_in(desk: Page, owner: Page, event: str, registration: str) -> None:
    owner.goto(f"/me/registrations/{registration}")
    code = owner.locator(".ticket-code").inner_text()
    desk.goto(f"/desk/events/{event}/check-in")
    write(desk, code=code)
    desk.locator("[data-scan-form] [type=submit]").click()
    expect(desk.locator(".door-yes .door-name")).to_contain_text("苏明澜")


def fill_the_sheet(tablet: Page, event: str, registration: str, seemly: Seemly) -> None:
    tablet.goto(f"/desk/events/{event}/workshop/{registration}")
    seemly(tablet)
    send(tablet, f"/desk/events/{event}/workshop/{registration}/check")
    arrive(tablet, r"/desk/checks/\d+")
    seemly(tablet)
    boxes = tablet.locator("[data-point]").all()
    assert len(boxes) == 19
    first, filter_ = boxes[0], boxes[9]
    first.locator("[inputmode=decimal]").first.fill("8.5")
    first.locator("[inputmode=decimal]").first.blur()
    expect(first.locator("input[value=green]")).to_be_checked()
    without_network(tablet, filter_)
    for box in boxes[1:9] + boxes[10:]:
        choose(box, "green")
    expect(tablet.locator("[data-left]")).to_have_text("还剩 0 项")
    shot(tablet, "check-sheet")
    write(tablet, odometer_km="72900", tyre_brand="米其林", tyre_size="225/45 R17")
    send(tablet, tablet.url.replace("http://", "").partition("/")[2].join(["/", "/head"]))
    write(tablet, technician="周师傅")
    tablet.locator("form[action$='/finish'] [type=submit]").click()
    says(tablet, "周师傅")
    expect(tablet.locator("form[action$='/reopen']")).to_have_count(1)
    seemly(tablet)


def without_network(tablet: Page, box: Locator) -> None:
    """A mark made without a network waits on the tablet and is sent when it is back."""
    tablet.context.set_offline(True)
    choose(box, "red")
    expect(box.locator("[data-state]")).to_have_text("等待网络恢复")
    tablet.context.set_offline(False)
    expect(box.locator("[data-state]")).to_have_text("已保存")


def letter_that_says(post: Post, words: str) -> str | None:
    """The text of the letter with these words in its subject."""
    found = (one for one in post.letters if words in str(one["Subject"]))
    letter = next((one.get_body(("plain",)) for one in found), None)
    return letter.get_content() if letter else None


def choose(box: Locator, colour: str) -> None:
    box.locator(f"label:has(input[value={colour}])").click()


def read_and_decline(owner: Page, registration: str, seemly: Seemly) -> None:
    owner.goto(f"/me/registrations/{registration}")
    seemly(owner)
    owner.locator(f"a[href='/me/registrations/{registration}/check']").click()
    arrive(owner, "/check")
    seemly(owner)
    shot(owner, "check-report")
    expect(owner.locator(".report-counts .colour-red strong")).to_have_text("1")
    owner.locator("button[value=declined]").first.click()
    expect(owner.locator("button[value=declined]").first).to_have_attribute("aria-pressed", "true")
    owner.locator("a[href^='/me/vouchers/']").first.click()
    arrive(owner, r"/me/vouchers/\d+")
