"""What waits to be told of two tiers when their archives become one, and when they part (R13)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from club.tier_news import CHANGED
from foundation import outbox
from foundation.outbox import Letter, LetterState
from portal.merge_letters import PARTED
from portal.merging import merge, undo
from tests.club import scene
from tests.making import NOW
from tests.portal.test_merging import said_in_merging


def test_a_tier_of_both_together_is_not_told_once_they_are_parted(db: Session) -> None:
    """R13: the letter that waits says nothing true any more; red when parting leaves it."""
    fresh, archive = scene.owner(db, name="李雷"), scene.owner(db, member=False)
    for day, who in ((20, archive), (25, fresh)):
        scene.buy(db, who, date(2026, 2, day), 200_000)
    said = said_in_merging(db)
    made = merge(db, archive, fresh, **said)
    (letter,) = db.scalars(select(Letter)).all()
    told = (letter.template, letter.recipient_id, letter.state)
    undo(db, made, by=said["by"], now=NOW)
    db.expire_all()
    assert told == ("club/tier-risen", archive.id, LetterState.QUEUED)
    assert (letter.state, letter.why) == (LetterState.SKIPPED, PARTED)


def _about_tiers(db: Session) -> list[tuple[Any, ...]]:
    """What waits to be told: of whom and to whom, from which tier to which."""
    db.flush()
    db.expire_all()
    letters = db.scalars(select(Letter).where(Letter.state == LetterState.QUEUED))
    return [
        (one.cause_id, one.recipient_id, one.details["before"], one.details["tier"])
        for one in letters
    ]


@pytest.mark.parametrize("stays", [False, True])
def test_a_fall_that_waits_is_told_as_it_stands_for_both(db: Session, stays: bool) -> None:
    """R10, R13: gold fell to general, the other archive is silver, and so are both together. Red
    when the letter of the one that goes is left or stays its own, and without the way back."""
    fallen, silver = scene.owner(db), scene.owner(db)
    large = scene.buy(db, fallen, date(2026, 2, 10), 900_000)
    scene.buy(db, silver, date(2026, 2, 10), 400_000)
    db.execute(delete(Letter))
    scene.buy(db, fallen, scene.TODAY, -900_000, refund_of_id=large.id)
    before = _about_tiers(db)
    assert before == [(fallen.id, fallen.id, "gold", "general")]
    kept, gone = (fallen, silver) if stays else (silver, fallen)
    made = merge(db, kept, gone, **(said := said_in_merging(db)))
    assert _about_tiers(db) == ([(fallen.id, fallen.id, "gold", "silver")] if stays else [])
    undo(db, made, by=said["by"], now=NOW)
    assert _about_tiers(db) == before


@pytest.mark.parametrize(
    ("buys", "has", "told"),
    [
        ([900_000, -900_000], 400_000, [("gold", "silver")]),
        ([300_000], 900_000, [("general", "gold")]),
        ([300_000], 400_000, [("general", "silver")]),
        ([300_000, 1_00], 900_000, []),
    ],
)
def test_what_waits_is_told_as_it_stands_where_the_archive_that_stays_is_no_members(
    db: Session, buys: list[int], has: int, told: list[tuple[str, str]]
) -> None:
    """R13: the member's letter waits and their workshop archive has a tier that nobody was told
    of. Red without `only_the_other_heard`; the last one red where a letter need not wait."""
    member, archive = scene.owner(db), scene.owner(db, member=False)
    scene.buy(db, archive, date(2026, 2, 10), has)
    for fen in buys:
        db.execute(delete(Letter))
        scene.buy(db, member, scene.TODAY, fen)
    before = _about_tiers(db)
    made = merge(db, archive, member, **(said := said_in_merging(db)))
    assert _about_tiers(db) == [(archive.id, archive.id, *each) for each in told]
    undo(db, made, by=said["by"], now=NOW)
    assert _about_tiers(db) == before


def _comes_back(db: Session, letter: Letter) -> tuple[LetterState, str | None]:
    """A worker could not send what it held: how the letter is now."""
    letter.state = LetterState.QUEUED
    db.flush()
    outbox.skip_withdrawn(db, letter.id)
    db.refresh(letter)
    return letter.state, letter.why


@pytest.mark.parametrize("parted_first", [False, True])
def test_what_a_worker_holds_is_told_only_where_it_is_true(db: Session, parted_first: bool) -> None:
    """R13: a rise to silver is in a worker's hands while the archive joins one with gold; it comes
    back before they part again, or after. Red where only what waits is looked at, and where
    parting leaves the mark."""
    silver, gold = scene.owner(db), scene.owner(db)
    scene.buy(db, gold, date(2026, 2, 10), 900_000)
    db.execute(delete(Letter))
    scene.buy(db, silver, scene.TODAY, 400_000)
    (rise,) = db.scalars(select(Letter)).all()
    rise.state = LetterState.CLAIMED
    db.flush()
    made = merge(db, gold, silver, **(said := said_in_merging(db)))
    db.refresh(rise)
    assert (rise.state, rise.cause_id) == (LetterState.CLAIMED, gold.id)
    if not parted_first:
        assert _comes_back(db, rise) == (LetterState.SKIPPED, CHANGED)
    undo(db, made, by=said["by"], now=NOW)
    db.refresh(rise)
    assert rise.cause_id == silver.id
    assert _comes_back(db, rise) == (LetterState.QUEUED, None)
