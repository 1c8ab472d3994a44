"""What mailboxes tell: nobody there, not now, stop it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.audit import AuditEntry
from foundation.outbox import Channel, LetterState
from foundation.settings import Settings
from outreach import bounces, checks, consents, mail_reports, rerouting, suppression
from outreach.mail_reports import Kind
from outreach.models import RestingAddress, Suppression, Topic
from outreach.suppression import Reach, Why
from tests.browsing import fresh
from tests.conftest import Sessions
from tests.making import NOW, make_member, make_shop
from tests.outreach import reports
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
from tests.outreach.servers import Post, mail_server

KEY, ADDRESS, DAY = "hash-key-" * 5, "a@example.com", timedelta(days=1)


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as server:
        yield server


@pytest.fixture
def shop(db: Session) -> None:
    make_shop(db)


def resting(db: Session) -> list[int]:
    return list(db.scalars(select(RestingAddress.refusals)))


@pytest.mark.usefixtures("shop")
def test_a_full_mailbox_rests_from_marketing_alone(
    db: Session, settings: Settings, post: Post
) -> None:
    """R40: red without `not_resting` among the checks, and without NOT_NOW for 5.2.2."""
    post.answers[ADDRESS] = "552 5.2.2 mailbox full"
    owner = agreeing(db)
    post_letter(db, owner, "a")
    send(db, by_mail(db, settings, post.port), settings)
    marketing = post_marketing(db, owner, "m")
    marketing.address = ADDRESS
    send(db, by_mail(db, settings, post.port), settings)
    kept = stored(db, marketing)
    assert (kept.state, kept.why, kept.not_before) == (
        LetterState.QUEUED,
        checks.RESTS,
        NOW + 3 * DAY,
    )
    assert db.scalar(select(Suppression.id)) is None


@pytest.mark.usefixtures("shop")
def test_a_letter_that_arrives_ends_the_rest(db: Session, settings: Settings, post: Post) -> None:
    """R40: success resets; red without ARRIVED in `_gone`."""
    for _twice in range(2):
        bounces.soft(db, settings.hash_key, ADDRESS, now=NOW)
    assert resting(db) == [2]
    post_letter(db, make_member(db), "a")
    send(db, by_mail(db, settings, post.port), settings)
    assert resting(db) == []


@pytest.mark.usefixtures("shop")
def test_a_letter_refused_for_days_is_a_soft_bounce(
    db: Session, settings: Settings, post: Post
) -> None:
    """R40: one "try later" is not; red when each counts, and when giving up does not."""
    post.answers[ADDRESS] = "451 4.7.1 greylisted"
    post_letter(db, make_member(db), "a")
    send(db, by_mail(db, settings, post.port), settings)
    assert resting(db) == []
    for day in range(1, 9):
        send(db, by_mail(db, settings, post.port), settings, NOW + day * DAY)
    assert resting(db) == [1]


def test_each_refusal_in_a_row_makes_the_rest_longer(db: Session) -> None:
    """R40: red when refusals are not counted."""
    for expected in (3, 6, 9):
        bounces.soft(db, KEY, ADDRESS, now=NOW)
        assert bounces.rests_until(db, KEY, ADDRESS, NOW) == NOW + expected * DAY
    assert bounces.rests_until(db, KEY, ADDRESS, NOW + 9 * DAY) is None


@pytest.mark.usefixtures("shop")
def test_a_hard_bounce_stops_service_letters_too(
    db: Session, settings: Settings, post: Post
) -> None:
    """R40: e-mail stops, texts do not; red with Reach.MARKETING in `hard`."""
    bounces.hard(db, settings.hash_key, ADDRESS, now=NOW)
    owner = make_member(db, phone=None)
    letter = post_letter(db, owner, "a")
    text = post_letter(db, owner, "t", Channel.TEXT)
    send(db, by_mail(db, settings, post.port), settings)
    assert (stored(db, letter).state, stored(db, text).state) == (
        LetterState.SKIPPED,
        LetterState.SENT,
    )


@pytest.mark.usefixtures("shop")
def test_whose_mailbox_is_gone_is_reached_by_text(
    db: Session, settings: Settings, post: Post
) -> None:
    """R40, R38: red without `by_text` among the checks, when a code leaves for another address,
    and when a number that wants silence is written to"""
    bounces.hard(db, settings.hash_key, ADDRESS, now=NOW)
    owner, quiet = make_member(db), make_member(db)
    assert owner.phone
    assert quiet.phone
    suppression.suppress(db, settings.hash_key, quiet.phone, Reach.ALL, Why.WISH, now=NOW)
    letter, silent = post_letter(db, owner, "a"), post_letter(db, quiet, "b")
    proof = post_letter(db, owner, "c", details={"code": "123456"})
    for one in (letter, silent, proof):
        one.address = ADDRESS
    send(db, by_mail(db, settings, post.port), settings)
    kept = stored(db, letter)
    assert (kept.state, kept.channel, kept.address) == (
        LetterState.SENT,
        Channel.TEXT,
        owner.phone,
    )
    assert [stored(db, one).state for one in (silent, proof)] == [LetterState.SKIPPED] * 2


def test_staff_lift_a_bounce_with_a_reason_and_nothing_else(db: Session) -> None:
    """R40, R67: red when a complaint goes too, or without the reason"""
    owner = make_member(db, email=ADDRESS)
    bounces.hard(db, KEY, ADDRESS, now=NOW)
    bounces.complained(db, KEY, ADDRESS, now=NOW)
    with pytest.raises(rerouting.ReasonNeeded):
        rerouting.lift(db, KEY, owner, reason=" ", by=1, now=NOW)
    rerouting.lift(db, KEY, owner, reason="邮箱已恢复", by=1, now=NOW)
    assert not suppression.is_suppressed(db, KEY, ADDRESS, marketing=False)
    assert suppression.is_suppressed(db, KEY, ADDRESS, marketing=True)
    noted = db.scalars(select(AuditEntry).where(AuditEntry.act == "bounce.lift")).one()
    assert noted.details == {"reason": "邮箱已恢复"}
    with pytest.raises(rerouting.NothingToLift):
        rerouting.lift(db, KEY, owner, reason="x", by=1, now=NOW)


@pytest.mark.usefixtures("shop")
def test_a_complaint_stops_all_marketing_and_no_service(
    db: Session, sessions: Sessions, settings: Settings, post: Post
) -> None:
    """R40: red without `end_all` in `complained`, by which the waiting text is dropped."""
    owner = agreeing(db, email=ADDRESS)
    say(db, owner, Topic.NEWSLETTER, True)
    letter, text = post_marketing(db, owner, "a"), post_marketing(db, owner, "t", Channel.TEXT)
    text.not_before = NOW + DAY
    service = post_letter(db, owner, "s")
    send(db, by_mail(db, settings, post.port), settings)
    spam = reports.complaint(str(stored(db, letter).message_id))
    assert mail_reports.take(db, settings.hash_key, spam, now=NOW) is Kind.COMPLAINT
    db.commit()
    with sessions() as read:
        assert not any(consents.answers_of(read, owner.id).values())
        assert suppression.is_suppressed(read, settings.hash_key, ADDRESS, marketing=True)
        assert not suppression.is_suppressed(read, settings.hash_key, ADDRESS, marketing=False)
    assert (stored(db, text).state, stored(db, service).state) == (
        LetterState.SKIPPED,
        LetterState.SENT,
    )


def test_a_complaint_outweighs_a_wish(db: Session) -> None:
    """R40: a yes lifts the wish and leaves the complaint; red when the first reason stays."""
    suppression.suppress(db, KEY, ADDRESS, Reach.MARKETING, Why.WISH, now=NOW)
    suppression.suppress(db, KEY, ADDRESS, Reach.MARKETING, Why.COMPLAINT, now=NOW)
    suppression.suppress(db, KEY, ADDRESS, Reach.MARKETING, Why.WISH, now=NOW)
    assert suppression.take_back(db, KEY, [ADDRESS]) == 0
    assert suppression.is_suppressed(db, KEY, ADDRESS, marketing=True)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("status", "action", "kind", "state"),
    [
        ("5.1.1", "failed", Kind.HARD, LetterState.FAILED),
        ("5.2.2", "failed", Kind.SOFT, LetterState.FAILED),
        ("4.4.7", "failed", Kind.SOFT, LetterState.FAILED),
        ("4.4.7", "delayed", None, LetterState.SENT),
        ("2.0.0", "delivered", None, LetterState.SENT),
        ("5.7.1", "failed", None, LetterState.SENT),
    ],
)
def test_a_report_says_what_became_of_a_letter(
    db: Session,
    settings: Settings,
    post: Post,
    status: str,
    action: str,
    kind: Kind | None,
    state: LetterState,
) -> None:
    """R40: red when a delay counts, and when the letter stays "sent"."""
    letter = post_letter(db, make_member(db, phone=None), "a")
    send(db, by_mail(db, settings, post.port), settings)
    report = reports.bounce(str(stored(db, letter).message_id), status, action)
    assert mail_reports.take(db, settings.hash_key, report, now=NOW) is kind
    assert stored(db, letter).state is state


@pytest.mark.usefixtures("shop")
def test_the_same_report_twice_is_one_refusal(db: Session, settings: Settings, post: Post) -> None:
    """Red without the look at the letter's state in `_came_back`."""
    letter = post_letter(db, make_member(db), "a")
    send(db, by_mail(db, settings, post.port), settings)
    report = reports.bounce(str(stored(db, letter).message_id), "5.2.2")
    for _twice in range(2):
        mail_reports.take(db, settings.hash_key, report, now=NOW)
    assert resting(db) == [1]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: hello\r\n\r\nno report",
        reports.bounce("<letter-1-20260302040000@elsewhere>"),
        reports.complaint("<letter-1-20260302040000@elsewhere>"),
        reports.complaint("<x>", "not-spam"),
        reports.bounce("<a\0b@elsewhere>"),
        reports.bounce("<e@elsewhere>").replace(b"<e@", b"<\xe9@"),
        reports.bounce("").replace(b"delivery-status", b"feedback-report"),
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/rfc822\n",
    ],
)
def test_other_mail_silences_nobody(db: Session, raw: bytes) -> None:
    """Red when the report's own word for the address is believed; without `_storable` too."""
    assert mail_reports.take(db, KEY, raw, now=NOW) is None
    assert db.scalar(select(Suppression.id)) is None


def test_reports_come_in_with_the_token_alone(app: Flask, client: FlaskClient) -> None:
    """R40: red without the token's check, and where none is set."""
    settings = app.extensions["club_settings"]
    with fresh(app) as db:
        make_shop(db)
        letter = post_letter(db, agreeing(db, email=ADDRESS), "a")
        letter.state, letter.message_id = LetterState.SENT, "<letter@localhost>"
        db.commit()
    raw = reports.bounce("<letter@localhost>")
    assert client.post("/hooks/mail", data=raw).status_code == 401
    bearer = {"Authorization": "Bearer None"}
    assert client.post("/hooks/mail", data=raw, headers=bearer).status_code == 401
    object.__setattr__(settings, "mail_hook_token", "t")
    answer = client.post("/hooks/mail", data=raw, headers={"Authorization": "Bearer t"})
    assert answer.get_json() == {"status": "hard"}
    with fresh(app) as db:
        assert suppression.is_suppressed(db, settings.hash_key, ADDRESS, marketing=False)


def test_a_demo_without_a_server_tells_nothing_of_a_mailbox(
    db: Session, settings: Settings
) -> None:
    """Red when a letter that only the desk shows counts as arrived."""
    make_shop(db)
    bounces.soft(db, settings.hash_key, ADDRESS, now=NOW)
    post_letter(db, make_member(db), "a")
    send(db, an_office(db, settings), settings)
    assert resting(db) == [1]
