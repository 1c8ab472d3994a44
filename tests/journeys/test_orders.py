"""Orders from a file: imported at the desk, and there for their owner who joins."""

import csv
import io
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from tests.journeys.acts import SHOP, arrive, code_in, newest_text, says, send, write
from tests.journeys.conftest import Seemly, shot

HEAD = ("工单号", "客户编号", "姓名", "手机号", "车牌号", "日期", "金额", "维修类型", "付款方")
PHONE_ON_FILE = "13755550188"


def test_an_imported_owner_joins_and_sees_how_the_tier_came_about(
    desk: Page, phone: Page, seemly: Seemly
) -> None:
    """¥3,200 paid and ¥900 by the insurer: silver, 3,200 points, each order with its reason."""
    import_at_the_desk(desk, seemly)
    join_with_the_phone_on_file(phone, desk)
    says(phone, "银卡")
    phone.goto("/me/points")
    expect(phone.locator(".balance-number")).to_have_text("3,200")
    expect(phone.locator(".sum-line")).to_have_count(3)
    expect(phone.locator(".sum-out")).to_contain_text("900.00")
    expect(phone.locator(".sum-end")).to_contain_text("¥3,200.00")
    seemly(phone)
    shot(phone, "points-imported")
    phone.goto("/me/vehicles")
    says(phone, "浙A58Q6M")
    seemly(phone)
    phone.goto("/me/benefits")
    says(phone, "银卡")
    seemly(phone)


def test_the_same_file_again_changes_nothing(desk: Page, seemly: Seemly) -> None:
    """R46 on the desk's page: the second time all rows are as before."""
    take_in(desk, "again.csv")
    take_in(desk, "again.csv")
    expect(desk.locator("a.chip[href*='outcome=unchanged']")).to_contain_text("3")
    expect(desk.locator("a.chip[href*='outcome=created']")).to_contain_text("0")
    seemly(desk)


def orders() -> bytes:
    """Three orders of one owner of the last months, as a workshop's program writes them."""
    today = datetime.now(SHOP).date()
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(HEAD)
    who = ("K-7001", "顾南乔", PHONE_ON_FILE, "浙A58Q6M")
    for number, (days, amount, kind, payer) in enumerate(
        [
            (90, "2000.00", "定保", "自费"),
            (60, "900.00", "事故车", "保险"),
            (40, "1200.00", "小修", "自费"),
        ]
    ):
        day = today - timedelta(days=days)
        lines.writerow((f"G{number}", *who, f"{day:%Y/%m/%d}", amount, kind, payer))
    return text.getvalue().encode("gb18030")


def take_in(desk: Page, name: str) -> None:
    """Upload, check and apply; ends on the report of the applied file."""
    desk.goto("/desk/imports")
    write(desk, source="车间系统")
    desk.locator("[name=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": orders()}
    )
    send(desk, "/desk/imports")
    arrive(desk, r"/desk/imports/\d+")
    here = desk.url.removeprefix(desk.url.split("/desk")[0])
    send(desk, f"{here}/columns")
    expect(desk.locator(f"form[action='{here}/apply']")).to_be_visible(timeout=60_000)
    send(desk, f"{here}/apply")
    expect(desk.locator(f"form[action='{here}/apply']")).to_have_count(0)
    expect(desk.locator("[data-watch]")).to_have_count(0, timeout=60_000)


def import_at_the_desk(desk: Page, seemly: Seemly) -> None:
    desk.goto("/desk/imports")
    seemly(desk)
    take_in(desk, "orders.csv")
    expect(desk.locator("tbody tr")).to_have_count(3)
    seemly(desk)
    shot(desk, "import-applied")


def join_with_the_phone_on_file(phone: Page, desk: Page) -> None:
    phone.goto("/join")
    write(phone, name="顾南乔", phone=PHONE_ON_FILE)
    send(phone, "/join")
    arrive(phone, "/join/code")
    write(phone, code=code_in(newest_text(desk)))
    send(phone, "/join/code")
    arrive(phone, "/join/interests")
    phone.goto("/me")
