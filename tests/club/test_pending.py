"""Points that are earned and cannot be used yet, on both databases."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import checking, jobs, ledger, pending, taking_back
from club.models import EntryKind, LedgerEntry
from club.standing import standing_of
from foundation import tunables
from foundation.settings import Settings
from members.models import Owner
from tests.club import scene
from tests.club.scene import NOW, TODAY, days

USABLE = TODAY + days(14)


def delayed(db: Session, number: int = 14) -> Owner:
    """A member of a club whose points wait for so many days, with 100 of today."""
    tunables.change(db, pending.DELAY, number, by=None, now=NOW)
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 100_00)
    return who


def spend(db: Session, who: Owner, points: int, on: date) -> LedgerEntry:
    cause = {"cause_kind": "bill", "cause_id": f"{on}-{points}"}
    return ledger.spend(db, who.id, points, **cause, on=on, by=None, now=scene.moment(on))


def entries(db: Session, who: Owner) -> list[tuple[str, int, date]]:
    rows = select(LedgerEntry).where(LedgerEntry.owner_id == who.id).order_by(LedgerEntry.id)
    return [(one.kind.value, one.points, one.effective_on) for one in db.scalars(rows)]


def test_pending_points_count_and_are_not_spent(db: Session) -> None:
    """R1, R2: in the balance, not for use; red when spending looks at the balance alone."""
    who = delayed(db)
    standing = standing_of(db, who.id, today=TODAY)
    assert (standing.points, standing.pending, standing.usable) == (100, 100, 0)
    with pytest.raises(ledger.NotEnoughPoints):
        spend(db, who, 1, TODAY)


def test_spending_passes_pending_lots_by(db: Session) -> None:
    """R2: the older usable lot pays; red when a pending lot is taken as the sooner to expire."""
    who = delayed(db)
    late = {"reason": "x", "on": TODAY + days(1), "by": None, "now": NOW}
    ledger.give_bonus(db, who.id, 50, cause_kind="gift", cause_id="1", **late)
    spend(db, who, 50, TODAY + days(1))
    assert ledger.balance(db, who.id) == 100
    assert [one.points for one in pending.waiting_of(db, who.id, today=TODAY)] == [100]
    assert list(checking.differences(db)) == []


def test_the_day_releases_them_though_no_job_came(db: Session) -> None:
    """Usable on the day itself, told by an entry of no points; red without bring_up."""
    who = delayed(db)
    spend(db, who, 60, USABLE)
    assert entries(db, who) == [
        ("earn", 100, TODAY),
        ("release", 0, USABLE),
        ("spend", -60, USABLE),
    ]
    assert list(checking.differences(db)) == []


def test_the_job_releases_once_and_late(db: Session, settings: Settings) -> None:
    """R3: three days late and twice: one entry, effective on the day; red when it takes today."""
    who = delayed(db)
    for _ in range(2):
        jobs.release_points(db, settings, scene.moment(USABLE + days(3)))
    assert entries(db, who) == [("earn", 100, TODAY), ("release", 0, USABLE)]
    assert standing_of(db, who.id, today=USABLE).usable == 100


def test_a_refund_takes_pending_points_back(db: Session, settings: Settings) -> None:
    """R5: nothing is left to release, and no entry says there was."""
    who = delayed(db)
    scene.buy(db, who, TODAY, -100_00)
    jobs.release_points(db, settings, scene.moment(USABLE))
    assert entries(db, who) == [("earn", 100, TODAY), ("refund", -100, TODAY)]
    assert db.scalar(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.RELEASE)) is None


def test_pending_points_close_a_debt(db: Session) -> None:
    """R5: points and debts never stand beside each other, pending or not."""
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 100_00)
    spend(db, who, 80, TODAY)
    scene.buy(db, who, TODAY, -100_00)
    tunables.change(db, pending.DELAY, 14, by=None, now=NOW)
    scene.buy(db, who, TODAY, 100_00)
    standing = standing_of(db, who.id, today=TODAY)
    assert (standing.points, standing.pending) == (20, 20)
    assert list(checking.differences(db)) == []


def test_old_orders_do_not_wait(db: Session) -> None:
    """An order that is imported after its delay can be used at once; no delay, no waiting."""
    tunables.change(db, pending.DELAY, 14, by=None, now=NOW)
    who = scene.owner(db)
    scene.settle(db, scene.line(db, who, TODAY - days(14), 100_00), today=TODAY)
    assert standing_of(db, who.id, today=TODAY).usable == 100


def test_a_bonus_waits_for_its_event_and_goes_with_it(db: Session) -> None:
    who, cause = scene.owner(db), {"cause_kind": "attendance", "cause_id": "1"}
    given = {"reason": "车友会", "on": TODAY, "by": None, "now": NOW}
    ledger.give_bonus(db, who.id, 50, **cause, **given, usable_on=TODAY + days(1))
    assert standing_of(db, who.id, today=TODAY).pending == 50
    taking_back.take_back(db, who.id, **cause, on=TODAY, by=None, now=NOW)
    assert (ledger.balance(db, who.id), pending.waiting_of(db, who.id, today=TODAY)) == (0, [])
