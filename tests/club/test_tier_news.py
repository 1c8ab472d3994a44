"""What members are told of their tier: one letter for what changed and still stands (R9, R10)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from club import tier_news, tiers
from club.models import GrantWhy, TierCode, TierGrant, TierStanding
from foundation import outbox
from foundation.outbox import Letter, LetterState
from members.models import Owner
from tests.club import scene
from tests.club.scene import NOW, TODAY, days

GENERAL, SILVER, GOLD, DIAMOND = TierCode
NEXT_MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
SAID = ("before", "tier", "why")


def waiting(db: Session) -> list[tuple[Any, ...]]:
    """What is about to be told: the kind of letter, from which tier to which, and why."""
    db.flush()
    letters = db.scalars(select(Letter).where(Letter.state == LetterState.QUEUED))
    return [(one.template[10:], *(one.details[said] for said in SAID)) for one in letters]


def forget(db: Session) -> None:
    db.flush()
    db.execute(delete(Letter))


@pytest.mark.parametrize(("since", "why"), [(0, "recount"), (1_00, "late-order")])
def test_a_fall_by_a_late_older_order_is_told(db: Session, since: int, why: str) -> None:
    """R10: the older order brings silver, and its review, forward; the member held silver when
    the day began. Red without falls by a recount; the second red when orders older than thirty
    days are always silent."""
    who = scene.owner(db)
    scene.buy(db, who, date(2025, 1, 20), 2_000_00)
    scene.buy(db, who, date(2025, 8, 1), 1_000_00)
    scene.buy(db, who, TODAY - days(3), since)
    scene.brought_up_to(db, who, TODAY)
    forget(db)
    scene.settle(db, scene.line(db, who, date(2025, 1, 10), 1_000_00), today=TODAY)
    assert waiting(db) == [("fallen", "silver", "general", why)]
    (letter,) = db.scalars(select(Letter)).all()
    assert letter.not_before == NEXT_MORNING
    assert letter.details["missing_fen"] == 2_000_00 - since


def test_what_an_old_file_brought_and_took_on_one_day_is_silent(db: Session) -> None:
    """Gold of last spring and its refund come in together; red when a fall is compared with the
    tier before its part of the file, and not with the one of the morning."""
    who = scene.owner(db)
    old = scene.line(db, who, date(2025, 5, 1), 9_000_00)
    scene.settle(db, old, today=TODAY)
    assert db.get_one(TierStanding, who.id).tier is GOLD
    scene.settle(db, scene.line(db, who, date(2025, 6, 1), -9_000_00), today=TODAY)
    assert db.get_one(TierStanding, who.id).tier is GENERAL
    assert db.scalars(select(Letter)).all() == []


@pytest.mark.parametrize(
    ("again", "told"),
    [
        (9_000_00, []),
        (4_000_00, [("fallen", "gold", "silver", "rise")]),
        (20_000_00, [("risen", "gold", "diamond", "rise")]),
    ],
)
def test_only_what_stands_at_the_end_of_the_day_is_told(
    db: Session, again: int, told: list[tuple[str, ...]]
) -> None:
    """R9: gold is refunded and something else bought on the same day: one letter at most, from
    the tier that the member knew. Red when the letter that waits is left, and when what is told
    begins at the tier in between."""
    who = scene.owner(db)
    large = scene.buy(db, who, TODAY - days(1), 9_000_00)
    forget(db)
    scene.buy(db, who, TODAY, -9_000_00, refund_of_id=large.id)
    assert waiting(db) == [("fallen", "gold", "general", "refund")]
    scene.buy(db, who, TODAY, again)
    assert waiting(db) == told


def test_what_the_member_last_heard_of_is_compared_however_old_what_changed_it_is(
    db: Session,
) -> None:
    """R9: a fall waits, and an order of long ago brings silver back; a rise waits, and an old
    refund leaves silver: both are told. Red when what is old is silent there too."""
    falls, rises = scene.owner(db), scene.owner(db)
    large = scene.buy(db, falls, TODAY - days(1), 9_000_00)
    forget(db)
    scene.buy(db, falls, TODAY, -9_000_00, refund_of_id=large.id)
    scene.settle(db, scene.line(db, falls, TODAY - days(60), 4_000_00), today=TODAY)
    assert waiting(db) == [("fallen", "gold", "silver", "rise")]
    forget(db)
    scene.settle(db, scene.line(db, rises, TODAY - days(60), 4_000_00), today=TODAY)
    scene.buy(db, rises, TODAY, 5_000_00)
    (letter,) = db.scalars(select(Letter)).all()
    before = (letter.details["before"], letter.details["tier"])
    letter.state, letter.details = LetterState.HELD, {**letter.details, "before": "general"}
    scene.settle(db, scene.line(db, rises, TODAY - days(40), -4_000_00), today=TODAY)
    assert before == ("silver", "gold")
    assert waiting(db) == [("risen", "general", "silver", "refund")]


@pytest.mark.parametrize("state", [LetterState.CLAIMED, LetterState.SENT])
def test_a_rise_that_has_left_does_not_come_back_once_it_was_refunded(
    db: Session, state: LetterState
) -> None:
    """R9: a worker holds it, or its mailbox sends it back, and it would wait again. Red where only
    what waits is withdrawn; what left counts as heard."""
    who = scene.owner(db)
    large = scene.buy(db, who, TODAY, 9_000_00)
    (rise,) = db.scalars(select(Letter)).all()
    rise.state = state
    db.flush()
    scene.buy(db, who, TODAY, -9_000_00, refund_of_id=large.id)
    assert waiting(db) == [("fallen", "gold", "general", "refund")]
    assert (rise.state, rise.why) == (state, None)
    rise.state = LetterState.QUEUED
    db.flush()
    outbox.skip_withdrawn(db, rise.id)
    db.refresh(rise)
    assert (rise.state, rise.why) == (LetterState.SKIPPED, tier_news.CHANGED)
    assert waiting(db) == [("fallen", "gold", "general", "refund")]


def given(db: Session, who: Owner, why: GrantWhy, tier: TierCode = SILVER) -> TierGrant:
    made = TierGrant(
        owner_id=who.id, tier=tier, starts_on=TODAY, kept_until=date(2027, 3, 1), why=why
    )
    made.cause_id, made.made_at = "1", NOW
    db.add(made)
    db.flush()
    tiers.review(db, [who.id], today=TODAY, now=NOW)
    return made


@pytest.mark.parametrize(
    ("fen", "told"),
    [
        ((3_000_00,), [("risen", "general", "gold", "opening-balance")]),
        ((9_000_00, -9_000_00), []),
        ((20_000_00, -20_000_00), [("fallen", "diamond", "gold", "opening-balance")]),
        ((1_00,), []),
    ],
)
def test_what_waits_is_told_as_an_old_cards_tier_leaves_it(
    db: Session, fen: tuple[int, ...], told: list[tuple[str, ...]]
) -> None:
    """R9: gold comes from an old card while a letter waits, and the letter says how that ends; an
    old card alone is no news. Red where opening balances are always silent, or never."""
    who = scene.owner(db)
    for each in fen:
        forget(db)
        scene.buy(db, who, TODAY, each)
    given(db, who, GrantWhy.OPENING, GOLD)
    assert waiting(db) == told


def test_a_given_tier_and_what_a_recount_takes(db: Session) -> None:
    """A delivery's silver is told as such, an old card's is no news; taken back, each is told
    where the member has heard of it. Red with rises by spend alone, without the silence of
    opening balances, and without falls by a recount."""
    found = []
    for why in GrantWhy:
        who = scene.owner(db)
        grant = given(db, who, why)
        found.append(waiting(db))
        grant.ended_at = NOW
        tiers.review(db, [who.id], today=TODAY, now=NOW)
        found.append(waiting(db))
        forget(db)
    fallen = ("fallen", "silver", "general", "recount")
    assert found == [[], [fallen], [("risen", "general", "silver", "delivery")], []]
