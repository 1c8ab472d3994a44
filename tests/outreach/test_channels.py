"""Mail headers, texts through a real gateway, and WeChat tasks."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from foundation.outbox import Channel, LetterState
from foundation.settings import Settings
from members.models import Advising, OwnerAdvisor
from outreach import tasks, texts
from outreach.models import AdvisorTask, Topic
from tests.making import NOW, make_member, make_shop, make_staff
from tests.outreach.makers import (
    agreeing,
    an_office,
    by_mail,
    post_letter,
    post_marketing,
    say,
    send,
    stored,
)
from tests.outreach.servers import mail_server, text_gateway

NIGHT = datetime(2026, 3, 2, 13, tzinfo=UTC)  # 21:00 in the shop


@pytest.fixture(autouse=True)
def _shop(db: Session) -> None:
    make_shop(db)


def test_marketing_carries_the_one_click_way_out(db: Session, settings: Settings) -> None:
    """R36, R37: red without the header, and with one on service letters too."""
    owner = agreeing(db)
    post_marketing(db, owner, "m")
    post_letter(db, owner, "s")
    with mail_server() as post:
        send(db, by_mail(db, settings, post.port), settings)
    marketing, service = post.letters
    assert marketing["List-Unsubscribe"].startswith("<http://localhost/u/")
    assert marketing["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert service["List-Unsubscribe"] is None


def test_a_calendar_entry_travels_with_its_letter(db: Session, settings: Settings) -> None:
    """R29: the reader's calendar takes a cancelled event out; red without the attachment."""
    entry = {"method": "CANCEL", "body": "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n"}
    post_letter(db, make_member(db), "a", details={"calendar": entry})
    with mail_server() as post:
        send(db, by_mail(db, settings, post.port), settings)
    part = next(post.letters[0].iter_attachments())
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "CANCEL"
    assert "METHOD:CANCEL" in part.get_content()


def test_a_letter_names_its_house(db: Session, settings: Settings) -> None:
    post_letter(db, make_member(db), "a")
    with mail_server() as post:
        send(db, by_mail(db, settings, post.port), settings)
    mail = post.letters[0]
    assert mail["Message-ID"].endswith("@localhost>")
    assert mail["From"].addresses[0].display_name.endswith("车主俱乐部")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_a_text_goes_through_the_gateway(db: Session, settings: Settings) -> None:
    """R44: red without signature, opt-out words or token."""
    post_marketing(db, agreeing(db), "m", Channel.TEXT)
    with text_gateway() as gateway:
        office = an_office(db, settings, text_gateway_url=gateway.url, text_gateway_token="token")
        assert send(db, office, settings) == 1
    assert gateway.texts[0]["text"] == "【车主俱乐部】一条短信 拒收请回复R"
    assert gateway.tokens == ["Bearer token"]


def test_marketing_texts_wait_for_the_morning(db: Session, settings: Settings) -> None:
    """R44: red without `daytime` among the checks; service texts go at night."""
    owner = agreeing(db)
    marketing = post_marketing(db, owner, "m", Channel.TEXT)
    post_letter(db, owner, "s", Channel.TEXT)
    with text_gateway() as gateway:
        office = an_office(db, settings, text_gateway_url=gateway.url)
        assert send(db, office, settings, NIGHT) == 1
        assert stored(db, marketing).not_before == datetime(2026, 3, 3, 0, tzinfo=UTC)
        assert send(db, office, settings, NIGHT + timedelta(hours=11)) == 1


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (400, LetterState.FAILED),
        (401, LetterState.QUEUED),
        (429, LetterState.QUEUED),
        (500, LetterState.UNKNOWN),
        (503, LetterState.QUEUED),
    ],
)
def test_what_the_gateway_says_decides(
    db: Session, settings: Settings, status: int, state: LetterState
) -> None:
    """R33: red when an error that may have sent is tried again."""
    letter = post_letter(db, make_member(db), "a", Channel.TEXT)
    with text_gateway() as gateway:
        gateway.status = status
        send(db, an_office(db, settings, text_gateway_url=gateway.url), settings)
    assert stored(db, letter).state is state


@pytest.mark.parametrize(("length", "count"), [(70, 1), (71, 2), (134, 2), (135, 3)])
def test_texts_are_counted_as_the_network_does(length: int, count: int) -> None:
    """R44: red with 70 for joined ones."""
    assert texts.segments("好" * length) == count


def test_words_cannot_forge_a_signature() -> None:
    """R45: red without the replacement of 【 and 】."""
    said = texts.compose("云岭", "【银行】转账\n请回复", marketing=False)
    assert said == "【云岭】［银行］转账 请回复"


def test_who_has_neither_becomes_a_task_of_their_advisor(db: Session, settings: Settings) -> None:
    owner, advisor = agreeing(db), make_staff(db)
    db.add(OwnerAdvisor(owner_id=owner.id, account_id=advisor.id, kind=Advising.SERVICE))
    letter = post_marketing(db, owner, "m", Channel.WECHAT)
    send(db, an_office(db, settings), settings)
    task, waiting = db.execute(tasks.open_query()).one()
    assert (task.account_id, waiting.sent_text) == (advisor.id, "一条短信")
    tasks.tick_sent(db, task, by=advisor.id, now=NOW)
    assert stored(db, letter).state is LetterState.SENT


def test_a_task_is_made_once(db: Session, settings: Settings) -> None:
    """R32: red when a second run makes a second task."""
    post_marketing(db, agreeing(db), "m", Channel.WECHAT)
    for _run in range(2):
        send(db, an_office(db, settings), settings)
    assert db.query(AdvisorTask).count() == 1


def test_a_task_is_not_ticked_after_a_no(db: Session, settings: Settings) -> None:
    """R34: red when `tick_sent` does not ask again."""
    owner = agreeing(db)
    post_marketing(db, owner, "m", Channel.WECHAT)
    send(db, an_office(db, settings), settings)
    task, _letter = db.execute(tasks.open_query()).one()
    say(db, owner, Topic.INVITATIONS, False)
    with pytest.raises(tasks.NotToSend):
        tasks.tick_sent(db, task, by=1, now=NOW)
