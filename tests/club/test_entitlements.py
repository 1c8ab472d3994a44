"""Yearly benefits at the desk: by membership year, by the tier of the moment, undone once."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import entitlements
from club.benefits import yearly_of
from club.entitlements import NoneLeft, NotInTheClub, UndoneBefore, year_of
from club.models import Benefit, BenefitUse, BenefitYear, TierCode
from members.facts import facts_of
from members.models import Membership, Owner
from tests.club import scene
from tests.club.scene import NOW, TODAY, days


def alignment(db: Session) -> Benefit:
    """Silver has it once a year, gold twice, general not at all."""
    return db.scalars(select(Benefit).where(Benefit.code == "wheel-alignment")).one()


def member(db: Session, tier: str = "gold", joined: date = date(2024, 5, 20)) -> Owner:
    who = scene.owner(db)
    db.get_one(Membership, who.id).joined_on = joined
    facts_of(db, who.id).tier = tier
    db.flush()
    return who


def use(db: Session, who: Owner, request_id: str, on: date = TODAY) -> BenefitUse:
    return entitlements.use(
        db, who.id, alignment(db), request_id=request_id, today=on, by=None, now=NOW
    )


def test_the_count_of_the_tier_is_the_limit(db: Session) -> None:
    """R14: red without `used < yearly`"""
    who = member(db)
    use(db, who, "a"), use(db, who, "b")
    with pytest.raises(NoneLeft):
        use(db, who, "c")
    left = {one.benefit.code: one.left for one in yearly_of(db, who.id, TierCode.GOLD, today=TODAY)}
    assert left["wheel-alignment"] == 0


def test_the_tier_of_the_moment_decides(db: Session) -> None:
    who = member(db, "silver")
    use(db, who, "a")
    facts_of(db, who.id).tier = "gold"
    db.flush()
    assert use(db, who, "b").tier is TierCode.GOLD


def test_a_tier_without_the_benefit_has_none(db: Session) -> None:
    with pytest.raises(NoneLeft):
        use(db, member(db, "general"), "a")


def test_the_year_begins_on_the_day_of_joining(db: Session) -> None:
    """red with the calendar year: TODAY and New Year's Eve are in different ones"""
    who = member(db, "silver", joined=date(2024, 3, 2))
    use(db, who, "a", date(2025, 12, 31))
    with pytest.raises(NoneLeft):
        use(db, who, "b", TODAY)
    assert use(db, who, "c", TODAY + days(1)).starts_on == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("joined", "today", "first"),
    [
        (date(2024, 2, 29), date(2026, 2, 28), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2026, 2, 27), date(2025, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 1)),
    ],
)
def test_a_year_from_the_last_of_february(joined: date, today: date, first: date) -> None:
    """R10's months"""
    assert year_of(joined, today)[0] == first


def test_a_double_click_is_one_use(db: Session) -> None:
    who = member(db)
    assert use(db, who, "a") is use(db, who, "a")


def test_undoing_gives_back_once_and_stays_in_the_history(db: Session) -> None:
    """red without `undone_at IS NULL` in the update"""
    who = member(db, "silver")
    noted = use(db, who, "a")
    entitlements.undo(db, noted, reason="车主没来", by=None, now=NOW)
    with pytest.raises(UndoneBefore):
        entitlements.undo(db, noted, reason="车主没来", by=None, now=NOW)
    use(db, who, "b")
    assert [one.undone_why for one in entitlements.history(db, who.id)] == [None, "车主没来"]
    assert db.scalars(select(BenefitYear.used)).all() == [1]


def test_benefits_are_members(db: Session) -> None:
    with pytest.raises(NotInTheClub):
        use(db, scene.owner(db, member=False), "a")


def test_counting_from_scratch_agrees(db: Session) -> None:
    who = member(db)
    use(db, who, "a"), use(db, who, "b", TODAY - days(300))
    entitlements.undo(db, use(db, who, "c", TODAY - days(200)), reason="错", by=None, now=NOW)
    kept = sorted(db.execute(select(BenefitYear.starts_on, BenefitYear.used)).all())
    entitlements.recount(db, [who.id])
    again = sorted(db.execute(select(BenefitYear.starts_on, BenefitYear.used)).all())
    assert [row for row in kept if row[1]] == again
