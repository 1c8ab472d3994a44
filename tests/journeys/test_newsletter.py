"""An issue of the newsletter: written, tried, published, sent, and read by everybody."""

from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from tests.journeys.acts import SHOP, arrive, says, send, until, write
from tests.journeys.conftest import Seemly, shot
from tests.journeys.serving import RunningClub
from tests.journeys.test_inviting import letter_to, text_of
from tests.outreach.servers import Post

TITLE, LINE = "冬日第一杯热茶", "十二月的第一个周末，休息区备了热茶。"
BODY = f"# 本月在俱乐部\n\n{LINE}\n\n- **冬季安全检测**开始预约\n- [看看活动](/events)\n"
READER, NAME = "owner@demo.example", "苏明澜"


def test_an_issue_is_written_tried_published_sent_and_read(
    desk: Page, phone: Page, post: Post, running_club: RunningClub, seemly: Seemly
) -> None:
    """R45: the letter has the reader's way out, the public page holds nothing of any reader."""
    issue = write_an_issue(desk, seemly)
    send(desk, f"/desk/newsletters/{issue}/test")
    until(lambda: letter_to(post, "staff@demo.example", LINE))
    publish_and_send(desk, issue, running_club, seemly)
    letter = until(lambda: letter_to(post, READER, LINE))
    assert "/u/" in text_of(letter)
    phone.goto("/newsletter")
    says(phone, TITLE)
    seemly(phone)
    phone.goto(f"/newsletter/{issue}")
    says(phone, LINE)
    seemly(phone)
    shot(phone, "newsletter")
    page = phone.content()
    assert [one for one in (NAME, READER, "/u/", "沈知予") if one in page] == []


def write_an_issue(desk: Page, seemly: Seemly) -> str:
    """Markdown in, a preview out; the number of the issue in the address."""
    desk.goto("/desk/newsletters/new")
    seemly(desk)
    write(desk, title_zh=TITLE, summary_zh="热茶、检测与一条山路", body_zh=BODY)
    send(desk, "/desk/newsletters")
    arrive(desk, r"/desk/newsletters/\d+")
    expect(desk.locator(".prose strong")).to_have_text("冬季安全检测")
    seemly(desk)
    shot(desk, "issue-preview")
    return desk.url.rpartition("/")[2]


def publish_and_send(desk: Page, issue: str, club: RunningClub, seemly: Seemly) -> None:
    here = f"/desk/newsletters/{issue}"
    send(desk, f"{here}/publish")
    expect(desk.locator(f"form[action='{here}/send']")).to_be_visible()
    send(desk, f"{here}/send")
    expect(desk.locator(f"form[action='{here}/stop']")).to_be_visible()
    later = datetime.now(SHOP) + timedelta(minutes=5)
    club.command("timetable", "run", "--at", later.isoformat())
    desk.goto(here)
    expect(desk.locator("main")).to_contain_text("已发送")
    seemly(desk)
    desk.goto("/desk/newsletters")
    seemly(desk)
