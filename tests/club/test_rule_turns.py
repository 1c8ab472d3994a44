"""The day on which other rules begin: everybody is looked at under them, once."""

from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import facts, jobs, ledger, rule_turns, tiers
from club.models import RuleVersion, TierChange
from foundation.outbox import Letter
from foundation.settings import Settings
from members.models import MemberFacts, Owner
from tests.club import scene, set_rules
from tests.club.scene import NOW, TODAY, days
from tests.conftest import KEYS, Sessions
from tests.events.racing import once_free, race

EASIER = ((0, 100), (1_500_00, 120), (8_000_00, 150), (20_000_00, 200))
TURN = TODAY + days(40)
OWNERS = 12


def buyers(db: Session, count: int, fen: int = 2_000_00) -> list[Owner]:
    """General owners who are silver by the easier rules, and the night before these begin."""
    made = [scene.owner(db) for _ in range(count)]
    for who in made:
        scene.buy(db, who, TODAY, fen)
    return made


def look(db: Session, on: date, most: int = 500) -> int:
    return rule_turns.look_again(db, today=on, now=scene.moment(on), most=most)


def progress(db: Session, version: RuleVersion, on: date) -> tuple[int, int] | None:
    found = rule_turns.progress_of(db, version, today=on)
    return found and (found.looked_at, found.owners)


def tiers_of(db: Session) -> list[str]:
    return list(db.scalars(select(MemberFacts.tier).order_by(MemberFacts.owner_id)))


def test_publishing_moves_nobody_before_the_day(db: Session) -> None:
    """What is due stays as it was, and the evening before nobody is looked at."""
    buyers(db, 2)
    due = db.scalars(select(MemberFacts.next_change_on)).all()
    version = set_rules.version(db, TURN, steps=EASIER)
    assert db.scalars(select(MemberFacts.next_change_on)).all() == due
    assert (look(db, TURN - days(1)), progress(db, version, TURN - days(1))) == (0, None)


def test_what_was_left_half_done_goes_on(db: Session) -> None:
    """R3: in parts, as late as a week, and again: everybody rises on the day itself, once.

    Red when a part does not say that its owners were reviewed.
    """
    buyers(db, 3)
    version, late = set_rules.version(db, TURN, steps=EASIER), TURN + days(7)
    assert progress(db, version, late) == (0, 3)
    assert look(db, late, most=2) == 2
    assert (progress(db, version, late), sorted(tiers_of(db))) == (
        (2, 3),
        ["general", "silver", "silver"],
    )
    assert [look(db, late) for _ in range(2)] == [1, 0]
    assert progress(db, version, late) == (3, 3)
    assert db.scalars(select(TierChange.changed_on)).all() == [TURN] * 3


def test_points_of_the_day_do_not_hide_its_rules(db: Session) -> None:
    """A bonus at one past midnight refreshes the facts; red when their day counts as a review."""
    (who,) = buyers(db, 1)
    set_rules.version(db, TURN, steps=EASIER)
    ledger.give_bonus(
        db, who.id, 5, cause_kind="test", cause_id="1", reason="", on=TURN, by=None, now=NOW
    )
    assert tiers.review_due(db, today=TURN, now=NOW) == 0
    assert (look(db, TURN), tiers_of(db)) == (1, ["silver"])


def test_a_longer_window_finds_what_had_left_it(db: Session) -> None:
    """Spent 14 months ago, of 24 that count now; red when owners without spend are passed over."""
    (who,) = buyers(db, 1, fen=4_000_00)
    later = date(2027, 5, 1)
    assert scene.brought_up_to(db, who, later - days(1)).spend_fen == 0
    set_rules.version(db, later, window_months=24)
    after = scene.brought_up_to(db, who, later)
    assert (after.tier.value, after.spend_fen) == ("silver", 4_000_00)
    assert facts.from_scratch(db, who.id, today=later) == after


def apply(sessions: Sessions, state: str) -> str:
    """What the job says in a worker of its own."""
    settings = Settings.read({"CLUB_STATE_DIR": state}, KEYS)
    return once_free(sessions, lambda db: jobs.apply_rules(db, settings, scene.moment(TURN)))


def test_two_workers_lift_each_owner_once(
    sessions: Sessions, database_url: str, tmp_path: Path
) -> None:
    """R3: one change and one letter each; red on PostgreSQL when nobody holds the owners."""
    with sessions() as db:
        buyers(db, OWNERS)
        set_rules.version(db, TURN, steps=EASIER)
        db.query(Letter).delete()
        db.commit()
    race(database_url, [(apply, (str(tmp_path),))] * 2)
    with sessions() as db:
        assert db.scalar(select(func.count(TierChange.id))) == OWNERS
        assert db.scalar(select(func.count(Letter.id))) == OWNERS
        assert tiers_of(db) == ["silver"] * OWNERS
