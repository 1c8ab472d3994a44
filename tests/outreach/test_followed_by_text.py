"""A letter whose mailbox turns out to be gone goes to the same person by text."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import outbox
from foundation.outbox import Channel, Letter, LetterState
from foundation.settings import Settings
from members.models import Owner
from outreach import mail_reports, suppression
from outreach.mail_reports import Kind
from outreach.suppression import Reach, Why
from tests.making import NOW, make_member, make_shop
from tests.outreach import reports
from tests.outreach.makers import by_mail, post_letter, send, stored
from tests.outreach.servers import Post, mail_server

ADDRESS, DAY = "a@example.com", timedelta(days=1)
How = tuple[LetterState, Channel, str]


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as server:
        yield server


@pytest.fixture
def owner(db: Session) -> Owner:
    make_shop(db)
    return make_member(db)


def how(db: Session, letter: Letter) -> How:
    kept = stored(db, letter)
    return kept.state, kept.channel, kept.address


def test_a_letter_refused_at_the_door_goes_by_text_once(
    db: Session, settings: Settings, post: Post, owner: Owner
) -> None:
    """R40, R32: in the next run, by the same row; red when it is only marked as failed, and when
    the row keeps its channel"""
    post.answers[ADDRESS] = "550 5.1.1 nobody here"
    letter = post_letter(db, owner, "a")
    sent = [send(db, by_mail(db, settings, post.port), settings)]
    assert how(db, letter) == (LetterState.QUEUED, Channel.TEXT, owner.phone)
    assert stored(db, letter).why == "550 5.1.1 nobody here"
    sent += [send(db, by_mail(db, settings, post.port), settings) for _again in range(2)]
    assert (sent, how(db, letter)) == ([0, 1, 0], (LetterState.SENT, Channel.TEXT, owner.phone))
    assert len(db.scalars(select(Letter.id)).all()) == 1


def test_what_no_phone_may_get_has_failed(
    db: Session, settings: Settings, post: Post, owner: Owner
) -> None:
    """R38: a code proves its address alone, and silence is silence; red without either look"""
    quiet = make_member(db)
    assert quiet.phone
    suppression.suppress(db, settings.hash_key, quiet.phone, Reach.ALL, Why.WISH, now=NOW)
    letters = [
        post_letter(db, owner, "code", details={"code": "123456"}),
        post_letter(db, quiet, "quiet"),
        post_letter(db, owner, "full"),
    ]
    answers = ("550 5.1.1 nobody", "550 5.1.1 nobody", "552 5.2.2 full")
    post.answers |= {one.address: said for one, said in zip(letters, answers, strict=True)}
    send(db, by_mail(db, settings, post.port), settings)
    assert [how(db, one)[:2] for one in letters] == [(LetterState.FAILED, Channel.EMAIL)] * 3


def test_a_letter_that_comes_back_later_goes_by_text_once(
    db: Session, settings: Settings, post: Post, owner: Owner
) -> None:
    """R40, R32: the report again changes nothing; red when the letter keeps its Message-ID"""
    letter = post_letter(db, owner, "a")
    send(db, by_mail(db, settings, post.port), settings)
    report = reports.bounce(str(stored(db, letter).message_id), "5.1.1")
    said = [mail_reports.take(db, settings.hash_key, report, now=NOW + DAY) for _twice in "ab"]
    assert (said, how(db, letter)[:2]) == ([Kind.HARD, None], (LetterState.QUEUED, Channel.TEXT))
    assert send(db, by_mail(db, settings, post.port), settings, NOW + DAY) == 1
    mail_reports.take(db, settings.hash_key, report, now=NOW + DAY)
    assert how(db, letter) == (LetterState.SENT, Channel.TEXT, owner.phone)


def test_what_came_back_after_days_is_no_news(
    db: Session, settings: Settings, post: Post, owner: Owner
) -> None:
    """Red without FOLLOWS_FOR"""
    letter = post_letter(db, owner, "a")
    send(db, by_mail(db, settings, post.port), settings)
    report = reports.bounce(str(stored(db, letter).message_id), "5.1.1")
    mail_reports.take(db, settings.hash_key, report, now=NOW + 3 * DAY)
    assert how(db, letter) == (LetterState.FAILED, Channel.EMAIL, ADDRESS)


@pytest.mark.parametrize("left_as", [LetterState.SENT, LetterState.UNKNOWN])
def test_a_withdrawn_letter_that_comes_back_goes_no_other_way(
    db: Session, settings: Settings, post: Post, owner: Owner, left_as: LetterState
) -> None:
    """R40: what was withdrawn after it left is not said again by text, and its successor is; red
    where `withdraw` spares what was sent, and without `skip_withdrawn` behind the report"""
    letter = post_letter(db, owner, "a")
    send(db, by_mail(db, settings, post.port), settings)
    stored(db, letter).state = left_as
    db.flush()
    outbox.withdraw(db, "test", 1, why="It moved.")
    newer = post_letter(db, owner, "b")
    kept = stored(db, letter)
    assert (kept.state, kept.why) == (left_as, None)
    report = reports.bounce(str(kept.message_id), "5.1.1")
    assert mail_reports.take(db, settings.hash_key, report, now=NOW) is Kind.HARD
    kept = stored(db, letter)
    assert (kept.state, kept.why) == (LetterState.SKIPPED, "It moved.")
    assert stored(db, newer).state is LetterState.QUEUED
