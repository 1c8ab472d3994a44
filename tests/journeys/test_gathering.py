"""The gathering of one model as in 2008 (domain, section 4): planned, lived through, and told."""

import io
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.acts import (
    SHOP,
    arrive,
    publish_recap,
    read_recap,
    says,
    send,
    write,
)
from tests.journeys.conftest import PHONE, Opener, Seemly, SignedIn, shot
from tests.journeys.passing import time_goes_by
from tests.journeys.serving import RunningClub

OWNER = ("owner@demo.example", "owner-demo-1")
FRIEND = ("friend@demo.example", "friend-demo-1")
TITLE = "第三届鹿鸣全国车友大聚会"
STEPS = ("编队停车", "领取胸牌", "领取选票", "车标与纪念铝牌选购", "交礼物", "现场登记与缴费")
SUNDAY = 6


def test_a_gathering_of_one_model_from_draft_to_recap(
    desk: Page,
    open_page: Opener,
    signed_in: SignedIn,
    running_club: RunningClub,
    seemly: Seemly,
    tmp_path: Path,
) -> None:
    """Sunday 10:00 to 15:00 at a resort; the car takes part; no gift, no draw."""
    event = plan(desk, seemly)
    owner = open_page(PHONE, state=signed_in(*OWNER))
    mine = sign_up(owner, event, seemly)
    another_model_stays_outside(open_page(PHONE, "en", state=signed_in(*FRIEND)), event)
    get_the_day_ready(desk, event, seemly)
    time_goes_by(running_club, int(event), beginning(running_club, event) - datetime.now(UTC))
    other = plate_of_the_model(running_club)
    walk_in(desk, event, other)
    arrive_step_by_step(desk, owner, event, mine, other, seemly)
    vote(owner, mine, seemly)
    sell_emblems(desk, event, seemly)
    draw_the_gifts(desk, owner, event, mine, seemly)
    time_goes_by(running_club, int(event), timedelta(hours=6))
    read_the_result(desk, owner, event, mine, seemly)
    tell_it(desk, owner, event, picture(tmp_path), seemly)


def plan(desk: Page, seemly: Seemly) -> str:
    """The kind as it comes, with its day, its model and its two fees; the event's number."""
    desk.goto("/desk/events/new?kind=gathering")
    day = datetime.now(SHOP).date()
    day += timedelta(days=14 + (SUNDAY - day.weekday()) % 7)
    write(desk, title_zh=TITLE, place_zh="云湖度假村", edition="3", places="80")
    write(desk, starts_at=f"{day}T10:00", ends_at=f"{day}T15:00", fee_fen="100")
    write(desk, onsite_fee_fen="120", register_from="", change_until="", cancel_until="")
    write(desk, register_until=f"{day - timedelta(days=1)}T18:00")
    desk.locator("label:has([name=for_models][value='鹿鸣'])").click()
    seemly(desk)
    desk.locator("button[form=plan]").click()
    arrive(desk, r"/desk/events/\d+")
    event = desk.url.rpartition("/")[2]
    send(desk, f"/desk/events/{event}/publish")
    expect(desk.locator(f"form[action='/desk/events/{event}/publish']")).to_have_count(0)
    seemly(desk)
    return event


def sign_up(owner: Page, event: str, seemly: Seemly) -> str:
    """With the car of that model, three in it; the sign-up's address."""
    owner.goto(f"/events/{event}")
    for words in (*STEPS, "10:00", "礼物交换抽奖", "不收现金", "¥100.00", "¥120.00"):
        says(owner, words)
    owner.locator("[name=vehicle_id]").select_option(label="鹿鸣 · 浙A6093D")
    write(owner, party_size="3")
    send(owner, f"/events/{event}/register")
    arrive(owner, r"/me/registrations/\d+")
    seemly(owner)
    return "/me/registrations/" + owner.url.rpartition("/")[2]


def another_model_stays_outside(friend: Page, event: str) -> None:
    friend.goto(f"/events/{event}")
    says(friend, "This event is for owners of")


def get_the_day_ready(desk: Page, event: str, seemly: Seemly) -> None:
    """A ballot, emblems and plates, where gifts are handed in, and a place for each car."""
    base = f"/desk/events/{event}"
    desk.goto(f"{base}/ballots/new")
    write(
        desk,
        title_zh="今年的人气座驾",
        options="最会改装 | The best fitted out\n最爱干净\n走得最远",
    )
    seemly(desk)
    desk.locator("form .button-primary").first.click()
    arrive(desk, f"{base}/ballots")
    seemly(desk)
    desk.goto(f"{base}/sales")
    write(
        desk, **{"items-0-name_zh": "俱乐部车标", "items-0-price_fen": "30", "items-0-stock": "60"}
    )
    desk.locator("[name=do][value=save]").last.click()
    arrive(desk, f"{base}/sales")
    seemly(desk)
    desk.goto(f"{base}/gifts")
    desk.locator("form[action$='/prepare'] label").nth(STEPS.index("交礼物")).click()
    send(desk, f"{base}/gifts/prepare")
    says(desk, "SHA-256")
    seemly(desk)
    desk.goto(f"{base}/formation")
    send(desk, f"{base}/formation")
    seemly(desk)
    expect(desk.locator(".formation-number")).to_have_text(["1"])


def beginning(club: RunningClub, event: str) -> datetime:
    return datetime.fromisoformat(
        _asked(club, "SELECT starts_at FROM event WHERE id = ?", int(event))
    ).replace(tzinfo=UTC)


def plate_of_the_model(club: RunningClub) -> str:
    """A member's car of the model, not the one that has signed up."""
    return _asked(
        club,
        """SELECT plate FROM vehicle JOIN ownership ON vehicle_id = vehicle.id
        JOIN membership USING (owner_id) WHERE model = '鹿鸣' AND until_on IS NULL
        AND plate NOT IN ('', ?) ORDER BY vehicle.id DESC LIMIT 1""",
        "浙A6093D",
    )


def _asked(club: RunningClub, query: str, given: object) -> str:
    base = sqlite3.connect(club.environ["CLUB_DATABASE_URL"].removeprefix("sqlite:///"))
    try:
        return str(base.execute(query, (given,)).fetchone()[0])
    finally:
        base.close()


def walk_in(desk: Page, event: str, plate: str) -> None:
    """Somebody comes without having signed up, and pays the fee on site."""
    desk.goto(f"/desk/events/{event}/check-in")
    desk.locator(f"a[href^='/desk/events/{event}/registrations/new']").first.click()
    desk.locator("main [name=q]").fill(plate)
    desk.locator("main [name=q]").press("Enter")
    desk.locator("main td.main a").click()
    desk.locator("[name=vehicle_id]").select_option(label=f"鹿鸣 · {plate}")
    desk.locator("main form .button-primary").last.click()
    arrive(desk, "/check-in")
    desk.goto(f"/desk/events/{event}/registrations")
    expect(desk.locator("[name=amount]").first).to_be_visible()
    assert sorted(box.input_value() for box in desk.locator("[name=amount]").all()) == [
        "100.00",
        "120.00",
    ]
    for _car in range(2):
        desk.locator(".pay-form [type=submit]").first.click()
    expect(desk.locator(".pay-form")).to_have_count(0)


def arrive_step_by_step(
    desk: Page, owner: Page, event: str, mine: str, plate: str, seemly: Seemly
) -> None:
    """The owner shows the ticket at the door and goes through all steps; so does the other car."""
    owner.goto(mine)
    code = owner.locator(".ticket-code").inner_text()
    door = f"/desk/events/{event}/check-in"
    desk.goto(door)
    write(desk, code=code)
    desk.locator("[data-scan-form] [type=submit]").click()
    expect(desk.locator(".door-yes")).to_contain_text("列队 1 号车位")
    seemly(desk)
    for step in STEPS:
        desk.goto(door)
        desk.locator(".door-steps a", has_text=step).click()
        write(desk, code=code)
        desk.locator("[data-scan-form] [type=submit]").click()
        expect(desk.locator(".door-yes .door-word")).to_contain_text(step)
    for step in ("", "交礼物"):
        desk.goto(f"{door}?q={plate}")
        if step:
            desk.goto(f"{door}?step={number_of(desk, step)}&q={plate}")
        desk.locator(".door-found [type=submit]").click()
        expect(desk.locator(".door-yes .door-word")).to_contain_text(step or "欢迎")
    seemly(desk)
    shot(desk, "gathering-door")


def number_of(desk: Page, step: str) -> str:
    """The step's own number, as its address at the door says it."""
    address = desk.locator(".door-steps a", has_text=step).get_attribute("href")
    return str(address).rpartition("=")[2]


def vote(owner: Page, mine: str, seemly: Seemly) -> None:
    owner.goto(mine)
    owner.locator(f"a[href='{mine}/gathering']").click()
    arrive(owner, f"{mine}/gathering")
    seemly(owner)
    owner.locator(".choices-boxed label", has_text="走得最远").click()
    owner.locator("form[action*='/ballots/'] [type=submit]").click()
    says(owner, "已收到您的投票")
    seemly(owner)


def sell_emblems(desk: Page, event: str, seemly: Seemly) -> None:
    desk.goto(f"/desk/events/{event}/sales")
    desk.locator("[name=registration_id]").select_option(label="浙A6093D · 苏明澜")
    write(desk, count="2")
    desk.locator(f"form[action='/desk/events/{event}/sales'] [type=submit]").click()
    expect(desk.locator(".summary-total")).to_contain_text("¥60.00")
    seemly(desk)


def draw_the_gifts(desk: Page, owner: Page, event: str, mine: str, seemly: Seemly) -> None:
    """Two gifts, two cars: each goes home with the other's."""
    desk.goto(f"/desk/events/{event}/gifts/screen")
    expect(desk.locator(".screen-number")).to_have_text("2")
    seemly(desk)
    desk.goto(f"/desk/events/{event}/gifts")
    send(desk, f"/desk/events/{event}/gifts/draw")
    expect(desk.locator(".gift-table tbody tr")).to_have_count(2)
    seemly(desk)
    desk.goto(f"/desk/events/{event}/gifts/screen")
    seemly(desk)
    shot(desk, "gathering-draw")
    owner.goto(f"{mine}/gathering")
    expect(owner.locator(".gift-number")).to_have_text(re.compile("^[12]$"))
    seemly(owner)
    shot(owner, "gathering-day")


def read_the_result(desk: Page, owner: Page, event: str, mine: str, seemly: Seemly) -> None:
    """At its hour the result is there, for all alike."""
    for page, address in ((desk, f"/desk/events/{event}/ballots"), (owner, f"{mine}/gathering")):
        page.goto(address)
        expect(page.locator(".ballot-result li").first).to_contain_text("走得最远")
        seemly(page)


def tell_it(desk: Page, owner: Page, event: str, photo: Path, seemly: Seemly) -> None:
    """Text and a picture, published; the owner reads it from the event's page."""
    desk.goto(f"/desk/events/{event}/gathering")
    seemly(desk)
    desk.locator(f"a[href='/desk/events/{event}/trip/recap']").first.click()
    desk.locator("#photos").set_input_files(photo)
    desk.locator("[name=consent]").check()
    with desk.expect_navigation():
        desk.locator("form[data-pictures] [type=submit]").click()
    publish_recap(desk, "两台鹿鸣，一个好天。**谢谢大家。**")
    seemly(desk)
    read_recap(owner, event, "两台鹿鸣，一个好天。")
    expect(owner.locator(".pictures li")).to_have_count(1)
    seemly(owner)
    shot(owner, "gathering-recap")


def picture(folder: Path) -> Path:
    """The group picture."""
    made, written = folder / "together.jpg", io.BytesIO()
    Image.new("RGB", (1600, 1000), (120, 110, 90)).save(written, "JPEG")
    made.write_bytes(written.getvalue())
    return made
