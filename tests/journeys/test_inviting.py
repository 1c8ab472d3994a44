"""From a choice of members to a letter, its personal link, a sign-up, and the way out."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

from playwright.sync_api import Browser, Page, expect

from tests.journeys.acts import SHOP, arrive, says, send, until, write
from tests.journeys.conftest import Seemly, shot
from tests.journeys.serving import RunningClub
from tests.outreach.servers import Post

READER, WORDS = "owner@demo.example", "湿滑路面怎么刹车，这次当面练一遍。"


def test_gold_members_who_like_tours_are_invited_and_one_comes(
    desk: Page, phone: Page, post: Post, running_club: RunningClub, seemly: Seemly
) -> None:
    """R32, R36: one letter each, with a link of their own; its way out works at once and again."""
    event = choose(desk, seemly)
    write_the_words(desk, seemly)
    send_it(desk, running_club, seemly)
    letter = until(lambda: letter_to(post, READER, WORDS))
    assert len([one for one in post.letters if is_to(one, READER, WORDS)]) == 1
    come_by_the_link(phone, text_of(letter), event, seemly)
    end_the_letters(phone, letter, seemly)


def choose(desk: Page, seemly: Seemly) -> str:
    """Tick the members; the list follows and says why. The number of the event."""
    desk.goto("/desk/invitations")
    seemly(desk)
    desk.goto("/desk/invitations/new")
    event = desk.locator("#event_id option", has_text="安全驾驶").first.get_attribute("value")
    desk.select_option("#event_id", event)
    desk.locator("label:has([name=likes][value=in-depth-tours])").click()
    desk.locator("label:has([name=tier][value=gold])").click()
    row = desk.locator("[data-audience-part=list] tr", has_text="苏明澜")
    expect(row).to_contain_text("深度")
    expect(row).to_contain_text("金卡")
    counted = re.search(r"\d+", desk.locator("[data-audience-part=count] h2").inner_text())
    assert counted is not None
    assert int(counted[0]) == desk.locator("[data-audience-part=list] tbody tr").count()
    seemly(desk)
    shot(desk, "choose-members")
    return str(event)


def write_the_words(desk: Page, seemly: Seemly) -> None:
    desk.locator("a[href^='/desk/invitations/words']").click()
    arrive(desk, "/desk/invitations/words")
    seemly(desk)
    write(desk, words_zh=WORDS, words_en="Braking on a wet road, practised together.")
    send(desk, "/desk/invitations")
    arrive(desk, r"/desk/invitations/\d+")
    seemly(desk)
    shot(desk, "invitation")


def send_it(desk: Page, club: RunningClub, seemly: Seemly) -> None:
    """Send, and let the minutes pass in which it could still be stopped."""
    here = "/desk/invitations/" + desk.url.rpartition("/")[2]
    send(desk, f"{here}/send")
    expect(desk.locator(f"form[action='{here}/stop']")).to_be_visible()
    seemly(desk)
    later = datetime.now(SHOP) + timedelta(minutes=5)
    club.command("timetable", "run", "--at", later.isoformat())
    desk.goto(here)
    expect(desk.locator(".page, main").first).to_contain_text("已发送")
    seemly(desk)
    desk.goto("/desk/tasks")
    seemly(desk)


def is_to(letter: EmailMessage, reader: str, words: str) -> bool:
    return reader in str(letter["To"]) and words in text_of(letter)


def letter_to(post: Post, reader: str, words: str) -> EmailMessage | None:
    return next((one for one in post.letters if is_to(one, reader, words)), None)


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""


def come_by_the_link(phone: Page, text: str, event: str, seemly: Seemly) -> None:
    link = re.search(r"http\S+(/i/\S+)", text)
    assert link is not None, text
    phone.goto(link[1])
    seemly(phone)
    phone.locator(f"a[href='/sign-in?next=/events/{event}']").click()
    arrive(phone, "/sign-in")
    write(phone, email=READER, password="owner-demo-1")
    send(phone, "/sign-in")
    arrive(phone, f"/events/{event}")
    seemly(phone)
    send(phone, f"/events/{event}/register")
    arrive(phone, r"/me/registrations/\d+")
    expect(phone.locator(".ticket-code")).to_be_visible()


def end_the_letters(phone: Page, letter: EmailMessage, seemly: Seemly) -> None:
    """As a mail program does it: a POST without cookies or token of a form."""
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = str(letter["List-Unsubscribe"]).strip("<>")
    browser = phone.context.browser
    assert isinstance(browser, Browser)
    with browser.new_context() as mail_program:
        for _again in range(2):
            answer = mail_program.request.post(way_out, form={"List-Unsubscribe": "One-Click"})
            assert answer.status == 200
    phone.goto("/me/account")
    expect(phone.locator("[name=topic][value=invitations]")).not_to_be_checked()
    expect(phone.locator("[name=topic][value=newsletter]")).to_be_checked()
    phone.goto(way_out)
    seemly(phone)
    says(phone, "月刊")
