"""The two real cases that the club must be able to plan on screen, without code."""

from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from tests.journeys.acts import SHOP, arrive, says, send, write
from tests.journeys.conftest import Seemly, shot

SUNDAY = 6


def test_the_summer_check_is_planned_with_its_nineteen_items(
    desk: Page, phone: Page, seemly: Seemly
) -> None:
    """Slots to choose from, gifts in stock, the offer for two tyres or more."""
    desk.goto("/desk/events/new")
    seemly(desk)
    desk.locator("a[href='/desk/events/new?kind=summer-air']").click()
    arrive(desk, "/desk/events/new")
    write(desk, place_zh="售后车间 1–4 号工位", gifts="30")
    questions = desk.locator(".plan-rows-questions .plan-row")
    before = questions.count()
    desk.locator("[data-more=questions]").click()
    expect(questions).to_have_count(before + 5)
    seemly(desk)
    shot(desk, "planning-summer-check")
    event = save_and_publish(desk, seemly)
    phone.goto(f"/events/{event}")
    expect(phone.locator(".check-items li")).to_have_count(19)
    says(phone, "每条赠 100 元代金券")
    seemly(phone)
    shot(phone, "summer-check")
    phone.goto("/events")
    expect(phone.locator(f"a[href='/events/{event}']")).to_have_count(1)


def test_the_gathering_of_one_model_is_planned_with_its_arrival(
    desk: Page, phone: Page, seemly: Seemly
) -> None:
    """Sunday 10:00 to 15:00 at a resort, one place per car, six steps, no gift no draw."""
    desk.goto("/desk/events/new?kind=gathering")
    day = next_sunday()
    write(desk, title_zh="第三届全国车友大聚会", place_zh="云湖度假村", edition="3", fee_fen="100")
    write(desk, starts_at=f"{day}T10:00", ends_at=f"{day}T15:00", places="80")
    write(desk, register_from="", register_until="", change_until="", cancel_until="")
    expect(desk.locator("[name=unit][value=car]")).to_be_checked()
    expect(desk.locator("[name=one_per_car]")).to_be_checked()
    desk.locator("label:has([name=for_models])").first.click()
    seemly(desk)
    event = save_and_publish(desk, seemly)
    phone.goto(f"/events/{event}")
    for words in ("编队停车", "交礼物", "10:00", "礼物交换抽奖", "未交礼物者不参加抽奖", "¥100.00"):
        says(phone, words)
    seemly(phone)
    shot(phone, "gathering")


def next_sunday() -> str:
    today = datetime.now(SHOP).date()
    return f"{today + timedelta(days=14 + (SUNDAY - today.weekday()) % 7)}"


def save_and_publish(desk: Page, seemly: Seemly) -> str:
    """Draft, look, publish; the event's number."""
    desk.locator("button[form=plan]").click()
    arrive(desk, r"/desk/events/\d+")
    event = desk.url.rpartition("/")[2]
    seemly(desk)
    desk.goto(f"/desk/events/{event}/preview")
    seemly(desk)
    desk.goto(f"/desk/events/{event}")
    send(desk, f"/desk/events/{event}/publish")
    expect(desk.locator(f"form[action='/desk/events/{event}/publish']")).to_have_count(0)
    return event
