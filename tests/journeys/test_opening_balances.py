"""Opening balances: from the old system's file to the member's own page."""

import csv
import io
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from tests.journeys.acts import SHOP, arrive, code_in, newest_text, says, send, write
from tests.journeys.conftest import DESK, Opener, Seemly, SignedIn, shot

HEAD = ("旧卡号", "姓名", "手机号", "会员等级", "等级有效期", "积分", "积分有效期")
NAME, PHONE_ON_FILE = "叶知秋", "13755550166"


def test_two_people_vouch_and_the_member_reads_where_it_came_from(
    open_page: Opener, signed_in: SignedIn, desk: Page, phone: Page, seemly: Seemly
) -> None:
    """Uploaded and tried by one, signed by another for the sum; the member joins and has gold,
    1,500 points with their days, and the reason in words."""
    here = bring_in(desk, seemly)
    chief = open_page(DESK, state=signed_in("general@demo.example", "general-demo-1"))
    sign(chief, here, seemly)
    join(phone, desk)
    says(phone, "金卡")
    phone.goto("/me/points")
    expect(phone.locator(".balance-number")).to_have_text("1,500")
    expect(phone.locator(".movement-kind").first).to_have_text("由原会员卡转入")
    expect(phone.locator("#ends dd")).to_have_text(["1,200", "300"])
    seemly(phone)
    shot(phone, "points-opening")


def cards() -> bytes:
    """One card with two ends of points, as an old system writes it."""
    today = datetime.now(SHOP).date()
    near, far = today + timedelta(days=200), today + timedelta(days=400)
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(HEAD)
    who = ("J-0166", NAME, PHONE_ON_FILE)
    lines.writerow((*who, "金卡", f"{far:%Y/%m/%d}", "1,200", f"{near:%Y/%m/%d}"))
    lines.writerow((*who, "", "", "300", f"{far:%Y/%m/%d}"))
    return text.getvalue().encode("gb18030")


def bring_in(desk: Page, seemly: Seemly) -> str:
    """Upload and try; the uploader finds no place to sign."""
    desk.goto("/desk/balances")
    seemly(desk)
    write(desk, source="旧会员系统")
    desk.locator("[name=file]").set_input_files(
        {"name": "旧卡.csv", "mimeType": "text/csv", "buffer": cards()}
    )
    send(desk, "/desk/balances")
    arrive(desk, r"/desk/balances/\d+")
    here = desk.url.removeprefix(desk.url.split("/desk")[0])
    send(desk, f"{here}/columns")
    expect(desk.get_by_text("控制合计")).to_be_visible(timeout=60_000)
    expect(desk.locator("tbody tr").first).to_contain_text("J-0166")
    expect(desk.locator(f"form[action='{here}/sign']")).to_have_count(0)
    seemly(desk)
    shot(desk, "balances-checked")
    return here


def sign(chief: Page, here: str, seemly: Seemly) -> None:
    """A second person types the sum of the old system."""
    chief.goto(here)
    write(chief, points="1500")
    seemly(chief)
    send(chief, f"{here}/sign")
    expect(chief.locator(f"form[action='{here}/undo']")).to_be_visible(timeout=60_000)
    seemly(chief)
    shot(chief, "balances-signed")


def join(phone: Page, desk: Page) -> None:
    phone.goto("/join")
    write(phone, name=NAME, phone=PHONE_ON_FILE)
    send(phone, "/join")
    arrive(phone, "/join/code")
    write(phone, code=code_in(newest_text(desk)))
    send(phone, "/join/code")
    arrive(phone, "/join/interests")
    phone.goto("/me")
