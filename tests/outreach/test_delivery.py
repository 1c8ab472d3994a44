"""Letters on their way: asked for, claimed, sent, marked."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.jobs import beat
from foundation.outbox import Channel, LetterState, claim
from foundation.settings import Mode, Settings
from outreach import delivery
from outreach.models import Suppression, Topic
from outreach.suppression import Reach, Why, suppress
from tests.conftest import Sessions
from tests.making import NOW, make_member, make_shop
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


@pytest.fixture
def post() -> object:
    with mail_server() as server:
        yield server


@pytest.fixture(autouse=True)
def _shop(db: Session) -> None:
    make_shop(db)


def test_a_letter_arrives_once_and_is_marked(
    db: Session, sessions: Sessions, settings: Settings, post: Post
) -> None:
    """R32: a second run sends nothing; red when the mark is left out."""
    letter = post_letter(db, make_member(db), "a")
    assert send(db, by_mail(db, settings, post.port), settings) == 1
    assert send(db, by_mail(db, settings, post.port), settings) == 0
    assert [str(mail["To"]) for mail in post.letters] == ["a@example.com"]
    with sessions() as fresh:
        kept = fresh.get_one(type(letter), letter.id)
        assert (kept.state, kept.sent_subject, kept.attempts) == (LetterState.SENT, "您好", 1)


def test_all_letters_of_a_run_go_through_one_connection(
    db: Session, settings: Settings, post: Post
) -> None:
    owner = make_member(db)
    for number in range(5):
        post_letter(db, owner, f"n{number}")
    send(db, by_mail(db, settings, post.port), settings)
    assert (len(post.letters), post.connections) == (5, 1)


def test_a_dead_mail_server_loses_nothing(db: Session, settings: Settings, post: Post) -> None:
    """R69: red when an unreachable server counts as a failure."""
    letters = [post_letter(db, make_member(db), f"n{number}") for number in range(3)]
    for minute in range(20):
        send(db, by_mail(db, settings, 1), settings, NOW + timedelta(minutes=minute))
    assert {stored(db, letter).state for letter in letters} == {LetterState.QUEUED}
    send(db, by_mail(db, settings, post.port), settings, NOW + timedelta(hours=1))
    assert len(post.letters) == 3


def test_a_soft_refusal_is_tried_later_and_gives_up_at_last(
    db: Session, settings: Settings, post: Post
) -> None:
    post.answers["a@example.com"] = "451 4.7.1 try later"
    letter = post_letter(db, make_member(db), "a")
    send(db, by_mail(db, settings, post.port), settings)
    kept = stored(db, letter)
    assert (kept.state, kept.not_before > NOW) == (LetterState.QUEUED, True)
    for day in range(1, 9):
        send(db, by_mail(db, settings, post.port), settings, NOW + timedelta(days=day))
    kept = stored(db, letter)
    assert (kept.state, kept.attempts) == (LetterState.FAILED, delivery.ATTEMPTS)


def test_a_hard_bounce_stops_the_address(
    db: Session, sessions: Sessions, settings: Settings, post: Post
) -> None:
    """R40: red when `bounced` is not called."""
    post.answers["a@example.com"] = "550 5.1.1 nobody here"
    owner = make_member(db, phone=None)
    letter = post_letter(db, owner, "a")
    send(db, by_mail(db, settings, post.port), settings)
    assert stored(db, letter).state is LetterState.FAILED
    with sessions() as fresh:
        assert fresh.scalars(select(Suppression.why)).all() == [Why.BOUNCE.value]


def test_a_refused_letter_does_not_stop_the_next(
    db: Session, settings: Settings, post: Post
) -> None:
    post.answers["a@example.com"] = "554 5.7.1 not liked"
    owner = make_member(db)
    post_letter(db, owner, "a")
    post_letter(db, owner, "b")
    send(db, by_mail(db, settings, post.port), settings)
    assert [str(mail["To"]) for mail in post.letters] == ["b@example.com"]
    assert db.scalar(select(Suppression.id)) is None


def test_a_line_cut_after_the_letter_is_unknown(
    db: Session, settings: Settings, post: Post
) -> None:
    """R33: red when a lost answer puts the letter back into the queue."""
    post.hang_up_after_data = True
    letter = post_letter(db, make_member(db), "a")
    send(db, by_mail(db, settings, post.port), settings)
    send(db, by_mail(db, settings, post.port), settings, NOW + timedelta(days=1))
    assert (stored(db, letter).state, len(post.letters)) == (LetterState.UNKNOWN, 1)


def test_a_claim_of_a_vanished_worker_waits_for_a_person(db: Session) -> None:
    """R33: red when lost claims go back into the queue."""
    letter = post_letter(db, make_member(db), "a")
    claim(db, letter.id, "gone", now=NOW)
    assert delivery.give_up_lost(db, now=NOW + timedelta(minutes=3)) == 1
    assert stored(db, letter).state is LetterState.UNKNOWN


def test_a_claim_of_a_living_worker_is_left_alone(db: Session) -> None:
    """R33: red without the look at the heartbeat."""
    letter = post_letter(db, make_member(db), "a")
    claim(db, letter.id, "slow", now=NOW)
    beat(db, "slow", now=NOW + timedelta(minutes=3))
    assert delivery.give_up_lost(db, now=NOW + timedelta(minutes=3)) == 0


def test_a_late_letter_is_held(db: Session, settings: Settings, post: Post) -> None:
    """R35: red without `in_time`."""
    letter = post_letter(db, make_member(db), "a", not_after=NOW - timedelta(hours=1))
    send(db, by_mail(db, settings, post.port), settings)
    assert (stored(db, letter).state, post.letters) == (LetterState.HELD, [])


def test_consent_is_asked_when_the_letter_goes(db: Session, settings: Settings, post: Post) -> None:
    """R34, R38: red without `consented` among the checks."""
    owner = agreeing(db)
    letter = post_marketing(db, owner, "a")
    say(db, owner, Topic.INVITATIONS, False)
    post_letter(db, owner, "service")
    send(db, by_mail(db, settings, post.port), settings)
    assert stored(db, letter).state is LetterState.SKIPPED
    assert [str(mail["To"]) for mail in post.letters] == ["service@example.com"]


def test_a_suppressed_address_gets_no_marketing(
    db: Session, settings: Settings, post: Post
) -> None:
    """R38: red without `not_suppressed` among the checks."""
    owner = agreeing(db)
    suppress(db, settings.hash_key, "a@example.com", Reach.MARKETING, Why.LEFT, now=NOW)
    letter = post_marketing(db, owner, "a")
    send(db, by_mail(db, settings, post.port), settings)
    assert (stored(db, letter).state, post.letters) == (LetterState.SKIPPED, [])


def test_a_demo_without_channels_shows_letters_at_the_desk(db: Session, settings: Settings) -> None:
    letter = post_letter(db, make_member(db), "a")
    send(db, an_office(db, settings), settings)
    assert stored(db, letter).state is LetterState.SENT
    assert "desk only" in str(stored(db, letter).why)


def test_production_without_channels_keeps_letters_waiting(db: Session, settings: Settings) -> None:
    letter = post_letter(db, make_member(db), "a", Channel.TEXT)
    send(db, an_office(db, settings, mode=Mode.PRODUCTION), settings)
    assert stored(db, letter).state is LetterState.QUEUED


def test_a_code_that_went_out_is_not_kept(
    db: Session, sessions: Sessions, settings: Settings, post: Post
) -> None:
    """R67: red when details keep the code."""
    letter = post_letter(db, make_member(db), "a", details={"code": "123456"})
    send(db, by_mail(db, settings, post.port), settings)
    with sessions() as fresh:
        assert "123456" not in str(fresh.get_one(type(letter), letter.id).details)
