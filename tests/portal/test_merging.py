"""What two archives earned is one account of points afterwards, and one tier (R1, R13)."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import checking
from club.models import Earning, TierCode, TierStanding
from members.models import MemberFacts, Membership, Owner, ServiceOrder
from portal.merging import merge
from tests.club import scene
from tests.conftest import Sessions
from tests.making import NOW

KEY = "test-hash-key-" * 3
SPRING, SUMMER = date(2025, 5, 1), date(2025, 7, 1)


def _two(db: Session) -> tuple[Owner, Owner]:
    """A new member and an archive, each with ¥2,000.00 of work: neither is silver alone."""
    fresh, archive = scene.owner(db, name="李雷"), scene.owner(db, member=False)
    scene.buy(db, archive, SPRING, 200_000)
    scene.buy(db, fresh, SUMMER, 200_000)
    return fresh, archive


def _merge(db: Session, fresh: Owner, archive: Owner) -> int:
    """The id of the owner who has everything now."""
    kept = archive.id
    merge(db, archive, fresh, reason="same phone", hash_key=KEY, by=None, now=NOW)
    db.commit()
    return kept


def test_what_both_earned_is_one_ledger_and_one_tier(db: Session, sessions: Sessions) -> None:
    """R1, R13: red without Earning among what moves, and red without the review after it"""
    kept = _merge(db, *_two(db))
    with sessions() as read:
        assert list(checking.differences(read)) == []
        assert set(read.scalars(select(Earning.owner_id))) == {kept}
        facts = read.scalars(select(MemberFacts)).one()
        assert (facts.owner_id, facts.points, facts.spend_fen) == (kept, 4000, 400_000)
        assert read.get_one(TierStanding, kept).tier is TierCode.SILVER
        assert facts.tier == TierCode.SILVER.value


def test_the_workshops_visits_come_along(db: Session, sessions: Sessions) -> None:
    """R13: red without ServiceOrder among what moves, or without counting them again"""
    kept = _merge(db, *_two(db))
    with sessions() as read:
        assert set(read.scalars(select(ServiceOrder.owner_id))) == {kept}
        facts = read.get_one(MemberFacts, kept)
        assert (facts.orders, facts.last_visit_on, facts.net_spend_fen) == (2, SUMMER, 400_000)


def test_a_refund_after_the_merge_finds_its_line(db: Session, sessions: Sessions) -> None:
    """R1, R5: red without Earning among what moves: the refund would find nothing to take back"""
    fresh, archive = _two(db)
    kept = _merge(db, fresh, archive)
    scene.buy(db, archive, date(2026, 3, 2), -300_000)
    db.commit()
    with sessions() as read:
        assert list(checking.differences(read)) == []
        assert read.get_one(MemberFacts, kept).points == 1000
        assert read.scalar(select(func.count()).select_from(Membership)) == 1
