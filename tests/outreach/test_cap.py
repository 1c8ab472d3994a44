"""So many marketing messages in any 7 days."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from foundation import tunables
from foundation.outbox import Channel, Letter, LetterState
from foundation.settings import Settings
from members.models import Owner
from outreach import cap, checks, invitations, tasks
from outreach.rules import Every
from tests.making import NOW, make_event, make_shop
from tests.outreach.makers import (
    agreeing,
    an_office,
    post_letter,
    post_marketing,
    send,
    stored,
)

DAY = timedelta(days=1)


@pytest.fixture
def owner(db: Session) -> Owner:
    """A member who agreed to invitations and got one by mail a day ago and one by text just now"""
    make_shop(db)
    found = agreeing(db)
    for key, channel, at in (("m", Channel.EMAIL, NOW - DAY), ("t", Channel.TEXT, NOW)):
        letter = post_marketing(db, found, key, channel)
        letter.state, letter.sent_at = LetterState.SENT, at
    db.flush()
    return found


def left(db: Session, letter: Letter) -> tuple[LetterState, str | None]:
    kept = stored(db, letter)
    return kept.state, kept.why


def test_a_third_message_of_the_week_waits_for_its_turn(
    db: Session, settings: Settings, owner: Owner
) -> None:
    """R39: both channels count; red without `within_cap`, and with one channel counted alone."""
    third = post_marketing(db, owner, "third")
    assert send(db, an_office(db, settings), settings) == 0
    assert left(db, third) == (LetterState.QUEUED, checks.ENOUGH)
    assert stored(db, third).not_before == NOW + 6 * DAY


def test_the_week_rolls(db: Session, settings: Settings, owner: Owner) -> None:
    """R39: any 7 days, to the second; red with calendar weeks and with `>=` for `>`"""
    third, fourth = (post_marketing(db, owner, key) for key in ("third", "fourth"))
    almost = NOW + 6 * DAY - timedelta(seconds=1)
    assert send(db, an_office(db, settings), settings, almost) == 0
    assert send(db, an_office(db, settings), settings, NOW + 6 * DAY) == 1
    assert stored(db, third).state is LetterState.SENT
    assert stored(db, fourth).not_before == NOW + 7 * DAY


def test_service_letters_do_not_count(db: Session, settings: Settings, owner: Owner) -> None:
    """R39: neither held nor counted; red without the look at the purpose, in either place."""
    for number in range(3):
        post_letter(db, owner, f"s{number}")
    assert send(db, an_office(db, settings), settings) == 3
    assert cap.free_from(db, owner.id, NOW + 6 * DAY) is None


def test_what_would_come_too_late_is_left_out(
    db: Session, settings: Settings, owner: Owner
) -> None:
    """R35, R39: red when it waits past its window, where a person would find it held."""
    third = post_marketing(db, owner, "third", not_after=NOW + 3 * DAY)
    send(db, an_office(db, settings), settings)
    assert left(db, third) == (LetterState.SKIPPED, checks.ENOUGH)


@pytest.mark.parametrize("state", [LetterState.CLAIMED, LetterState.UNKNOWN])
def test_what_may_have_gone_out_counts(
    db: Session, settings: Settings, owner: Owner, state: LetterState
) -> None:
    """R39: red when only sent ones are counted."""
    first = db.query(Letter).filter_by(key="m").one()
    first.state, first.sent_at, first.claimed_at = state, None, NOW - DAY
    third = post_marketing(db, owner, "third")
    assert send(db, an_office(db, settings), settings) == 0
    assert stored(db, third).state is LetterState.QUEUED


def test_staff_may_change_the_number(db: Session, settings: Settings, owner: Owner) -> None:
    """Red with a fixed number."""
    tunables.change(db, cap.MOST, 3, by=None, now=NOW)
    post_marketing(db, owner, "third")
    assert send(db, an_office(db, settings), settings) == 1


def test_an_advisor_is_not_asked_to_write_a_third_time(
    db: Session, settings: Settings, owner: Owner
) -> None:
    """R34, R39: a task made before the others went; red when `may_not_go` leaves the cap out."""
    for letter in db.query(Letter):
        letter.sent_at = NOW - 10 * DAY
    post_marketing(db, owner, "w", Channel.WECHAT)
    send(db, an_office(db, settings), settings)
    for letter in db.query(Letter).filter(Letter.key != "w"):
        letter.sent_at = NOW
    task, _letter = db.execute(tasks.open_query()).one()
    with pytest.raises(tasks.NotToSend):
        tasks.tick_sent(db, task, by=1, now=NOW)


def test_staff_see_ahead_how_many_will_wait(db: Session, settings: Settings, owner: Owner) -> None:
    """Red without `had_enough` in the forecast."""
    agreeing(db, "新会员")
    campaign = invitations.draft_invitation(
        db, make_event(db), Every(), words_zh="欢迎", words_en=None, by=None, now=NOW
    )
    found = invitations.forecast(db, campaign, settings, now=NOW)
    assert found.later == 1
