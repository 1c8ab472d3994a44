"""What is said before anything goes: the split by channel, who is left out, how it looks."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from foundation.outbox import Channel, Letter
from foundation.roles import Role
from foundation.settings import Settings
from members.models import Owner
from outreach import choosing, newsletters
from outreach.models import AdvisorTask, Newsletter, Topic
from outreach.newsletters import Texts
from outreach.rules import WrongRule
from tests.browsing import fresh, send
from tests.entering import visitor_of
from tests.making import NOW, make_event, make_member, make_shop, make_staff
from tests.outreach.makers import agreeing, post_letter, post_marketing, say

BODY = "## 雪天\n\n**早**出发\n\n- [报名](/events)\n\n| 车 | 胎 |\n|-|-|\n| 甲 | 乙 |"
WORDS = Texts("冬季", "Winter", "您好", "Hello", BODY, "## Snow\n\nLeave **early**")


def readers(db: Session) -> None:
    """Two by letter, one by text, one by WeChat, and one whose address is shut."""
    for name, way in (
        ("甲", {"email": "a@club.example"}),
        ("乙", {"email": "b@club.example"}),
        ("丙", {"email": None, "phone": "+8613812345678"}),
        ("丁", {"email": None, "phone": None, "login": False}),
    ):
        agreeing(db, name, Topic.NEWSLETTER, **way)
    say(db, make_member(db, "戊"), Topic.NEWSLETTER, False)


def issue_in(db: Session) -> Newsletter:
    issue = newsletters.draft(db, make_shop(db), WORDS, by=None, now=NOW)
    newsletters.publish(db, issue, by=None, now=NOW)
    return issue


def test_an_issue_tells_ahead_by_which_way_it_goes(db: Session, settings: Settings) -> None:
    """Red when all who agreed are one number; who has the issue already is left out by name."""
    readers(db)
    issue = issue_in(db)
    found = newsletters.forecast(db, issue, settings, now=NOW)
    assert (found.reached, found.members) == (
        {Channel.EMAIL: 2, Channel.TEXT: 1, Channel.WECHAT: 1},
        4,
    )
    assert found.messages({"zh-Hans": 3, "en": 2}) == 3
    round_ = newsletters.send(db, issue, by=None, now=NOW)
    newsletters.draw_more(db, round_, settings, now=NOW)
    again = newsletters.forecast(db, issue, settings, now=NOW)
    assert (again.members, again.skipped) == (0, {newsletters.ALREADY_HAS: 4})
    assert [owner.name for owner, _why in again.left_out] == ["甲", "乙", "丙", "丁"]


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    with fresh(app) as db:
        account = make_staff(db)
        db.commit()
    return visitor_of(app, account.id)


def test_an_issue_is_seen_and_tried_in_both_languages(app: Flask, staff: FlaskClient) -> None:
    """Plain text without marks, with its list and whole addresses; a test letter in each language.

    Red when the text part is the Markdown itself, or the test goes out in the desk's language.
    """
    with fresh(app) as db:
        readers(db)
        here = f"/desk/newsletters/{issue_in(db).id}"
        db.commit()
    page = staff.get(here).text
    base = app.extensions["club_settings"].base_url
    assert f"雪天\n\n早出发\n\n- 报名 {base}/events\n\n车 | 胎\n甲 | 乙" in page
    assert "Leave <strong>early</strong>" in staff.get(f"{here}?language=en").text
    assert "发送：2 封信件、1 条短信、1 条微信？" in page
    assert send(staff, f"{here}/test", here).status_code == 303
    with fresh(app) as db:
        assert sorted(db.scalars(select(Letter.language))) == ["en", "zh-Hans"]


def test_an_invitation_shows_its_own_words_on_every_way(app: Flask, staff: FlaskClient) -> None:
    """Red when the text message or the English leaves them out, or who is skipped has no name."""
    with fresh(app) as db:
        event = make_event(db)
        event.starts_at, event.ends_at = (
            one.replace(year=2099) for one in (event.starts_at, event.ends_at)
        )
        agreeing(db, "林书怡")
        make_member(db, "周未同意")
        db.commit()
    words = f"/desk/invitations/words?event_id={event.id}&tier=general"
    typed = {"event_id": event.id, "rule": '{"every": [{"tier": ["general"]}]}'}
    said = {"words_zh": "请带上孩子", "words_en": "Bring the children"}
    page = staff.get(send(staff, "/desk/invitations", words, **typed, **said).location).text
    assert (page.count("请带上孩子"), page.count("Bring the children")) == (3, 3)
    assert "周未同意" in page


def test_a_number_that_is_none_is_refused(staff: FlaskClient) -> None:
    """Red when “abc” points choose everybody without a word."""
    with pytest.raises(WrongRule):
        choosing.rule_of(MultiDict({"points": "abc"}))
    assert "请填写整数" in staff.get("/desk/invitations/new?points=abc").text


def test_letters_come_by_when_they_were_written(
    app: Flask, staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Newest first by when they were written, posted in any order, each named; red by ids."""
    monkeypatch.setattr("outreach.staff.letters.PER_PAGE", 2)
    with fresh(app) as db:
        for name, days in (("三月", 3), ("九月", 9), ("一月", 1), ("六月", 6)):
            letter = post_letter(db, make_member(db, f"车主{name}"), name)
            letter.created_at = NOW + timedelta(days=days)
        db.commit()
    first = staff.get("/desk/letters").text
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = staff.get(f"/desk/letters{older}").text
    assert first.index("车主九月") < first.index("车主六月")
    assert second.index("车主三月") < second.index("车主一月")
    assert ("车主三月" in first, "车主六月" in second) == (False, False)


def test_own_tasks_stand_before_those_of_nobody(app: Flask) -> None:
    """An advisor sees whose each is, not a colleague's; red with the order of the ids."""
    with fresh(app) as db:
        mine, other = (make_staff(db, Role.SERVICE_ADVISOR, name=name) for name in ("我", "同事"))
        for name, advisor in (("同事的", other.id), ("无人的", None), ("我的", mine.id)):
            task_for(db, agreeing(db, name), advisor)
        db.commit()
    page = visitor_of(app, mine.id).get("/desk/tasks").text
    assert page.index("由您负责") < page.index("我的") < page.index("无人的")
    assert "同事的" not in page
    assert "冬季检测" in page


def task_for(db: Session, owner: Owner, account_id: int | None) -> None:
    letter = post_marketing(db, owner, owner.name, Channel.WECHAT)
    letter.state, letter.sent_text, letter.sent_subject = "held", "您好", "冬季检测"
    db.add(AdvisorTask(letter_id=letter.id, owner_id=owner.id, account_id=account_id, made_at=NOW))
