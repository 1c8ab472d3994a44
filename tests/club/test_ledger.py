"""Bonuses, spending, undoing, expiry and adjustments, on both databases."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import adjusting, checking, facts, ledger, taking_back
from club.models import Allocation, EntryKind, LedgerEntry, Lot
from members.models import Account, MemberFacts, Owner
from tests.club import scene
from tests.club.scene import NOW, TODAY, days
from tests.conftest import Sessions


def bonus(db: Session, who: Owner, points: int, on: date = TODAY, cause: str = "1") -> LedgerEntry:
    return ledger.give_bonus(
        db,
        who.id,
        points,
        cause_kind="event",
        cause_id=cause,
        reason="attended",
        on=on,
        by=None,
        now=NOW,
    )


def spend(db: Session, who: Owner, points: int, on: date = TODAY, cause: str = "1") -> LedgerEntry:
    return ledger.spend(
        db, who.id, points, cause_kind="bill", cause_id=cause, on=on, by=None, now=NOW
    )


def rests(db: Session, who: Owner) -> list[int]:
    return list(db.scalars(select(Lot.rest).where(Lot.owner_id == who.id).order_by(Lot.id)))


def test_a_bonus_is_one_entry_per_cause(sessions: Sessions) -> None:
    """R8: the same attendance twice; red without the look for the entry."""
    with sessions() as db:
        who = scene.owner(db)
        first = bonus(db, who, 50)
        again = bonus(db, who, 50)
        db.commit()
        assert again.id == first.id
    with sessions() as db:
        assert ledger.balance(db, who.id) == 50
        assert db.get_one(MemberFacts, who.id).points == 50


def test_spending_takes_the_soonest_to_expire(sessions: Sessions) -> None:
    """R2: 120 of 100 and 50 leaves 30 in the second; red when lots are taken by id."""
    with sessions() as db:
        who = scene.owner(db)
        bonus(db, who, 50, TODAY, "later")
        bonus(db, who, 100, TODAY - days(30), "sooner")
        entry = spend(db, who, 120)
        db.commit()
    with sessions() as db:
        assert rests(db, who) == [30, 0]
        taken = db.execute(
            select(Lot.points, Allocation.points)
            .join(Lot, Lot.id == Allocation.lot_id)
            .where(Allocation.entry_id == entry.id)
            .order_by(Allocation.id)
        ).all()
        assert [tuple(row) for row in taken] == [(100, -100), (50, -20)]


def test_lots_without_expiry_are_used_last(db: Session) -> None:
    """R2: none last; red when no expiry sorts first."""
    who = scene.owner(db)
    bonus(db, who, 40, cause="endless")
    db.scalars(select(Lot)).one().expires_on = None
    db.flush()
    bonus(db, who, 40, cause="ending")
    spend(db, who, 50)
    assert rests(db, who) == [30, 0]


def test_nobody_spends_more_than_there_is(db: Session) -> None:
    """R1: red without the comparison with the balance."""
    who = scene.owner(db)
    bonus(db, who, 100)
    with pytest.raises(ledger.NotEnoughPoints):
        spend(db, who, 101)
    assert ledger.balance(db, who.id) == 100


def test_only_members_use_points(db: Session) -> None:
    who = scene.owner(db, member=False)
    bonus(db, who, 100)
    with pytest.raises(ledger.NotAMember):
        spend(db, who, 10)
    assert ledger.balance(db, who.id) == 100


def test_points_can_be_used_through_their_last_day(db: Session) -> None:
    """R3: usable on 1 March two years on, gone on the 2nd; red with <= for the day."""
    who = scene.owner(db)
    bonus(db, who, 100)
    last = date(2028, 3, 1)
    assert ledger.expire_due(db, [who.id], today=last, now=scene.moment(last)) == 0
    spend(db, who, 60, on=last)
    swept = ledger.expire_due(db, [who.id], today=last + days(1), now=scene.moment(last))
    assert swept == 1
    assert ledger.balance(db, who.id) == 0


def test_expiry_removes_only_the_rest_and_once(db: Session) -> None:
    """R3: 40 of 100 are left to expire; red when the rest is left, or the whole lot goes."""
    who = scene.owner(db)
    bonus(db, who, 100)
    spend(db, who, 60)
    for _ in range(2):
        ledger.expire_due(db, [who.id], today=date(2030, 1, 1), now=NOW)
    expiries = db.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.EXPIRE)).all()
    assert [(entry.points, entry.effective_on) for entry in expiries] == [(-40, date(2028, 3, 1))]


@pytest.mark.parametrize("used", [100, 60])
def test_a_spent_lot_takes_nothing_with_it_when_it_expires(db: Session, used: int) -> None:
    """R4: the second lot keeps its 50; red when expiry draws a lot's points from any lot."""
    who = scene.owner(db)
    bonus(db, who, 100, TODAY - days(90), "old")
    bonus(db, who, 50, TODAY, "new")
    spend(db, who, used)
    ledger.expire_due(db, [who.id], today=date(2028, 1, 15), now=NOW)
    assert rests(db, who) == [0, 50]


def test_undoing_returns_points_to_their_lots_once(db: Session) -> None:
    """R6: red when the undo opens a lot of its own, and without the look for the entry."""
    who = scene.owner(db)
    bonus(db, who, 100, TODAY - days(30), "a")
    bonus(db, who, 50, TODAY, "b")
    spent = spend(db, who, 120)
    for _ in range(2):
        ledger.undo(db, spent, reason="wrong bill", on=TODAY, by=None, now=NOW)
    assert rests(db, who) == [100, 50]
    assert ledger.balance(db, who.id) == 150


def test_points_returned_to_an_expired_lot_expire_again(db: Session) -> None:
    """R6: both entries are shown; red without the second expiry in undo."""
    who = scene.owner(db)
    bonus(db, who, 100)
    spent = spend(db, who, 100)
    late = date(2028, 6, 1)
    ledger.undo(db, spent, reason="wrong bill", on=late, by=None, now=scene.moment(late))
    kinds = db.execute(
        select(LedgerEntry.kind, LedgerEntry.points, LedgerEntry.effective_on).order_by(
            LedgerEntry.id
        )
    ).all()
    assert [tuple(row) for row in kinds[2:]] == [
        (EntryKind.UNDO, 100, late),
        (EntryKind.EXPIRE, -100, late),
    ]
    assert ledger.balance(db, who.id) == 0


def test_later_points_close_debts_first_oldest_first(db: Session) -> None:
    """R5: 80 points close a debt of 30, then 50 of 60; red without _pay_debts."""
    who = scene.owner(db)
    for cause, points in (("a", 30), ("b", 60)):
        bonus(db, who, points, cause=cause)
    spend(db, who, 90)
    for cause in "ab":
        said = {"cause_kind": "event", "cause_id": cause, "on": TODAY, "by": None, "now": NOW}
        taking_back.take_back(db, who.id, **said)
    bonus(db, who, 80)
    assert rests(db, who) == [0, 0, 0, -10, 0]
    assert ledger.balance(db, who.id) == -10
    assert list(checking.differences(db)) == []


def clerk(db: Session, owner_id: int | None = None) -> Account:
    made = Account(name="张敏", owner_id=owner_id, created_at=NOW)
    db.add(made)
    db.flush()
    return made


def adjust(
    db: Session, who: Owner, points: int, by: Account, cause: str = "1", **more: object
) -> LedgerEntry:
    reason = str(more.pop("reason", "goodwill"))
    second = more.pop("second", None)
    assert second is None or isinstance(second, Account)
    return adjusting.adjust(
        db,
        who.id,
        points,
        request_id=cause,
        reason=reason,
        on=TODAY,
        by=by.id,
        second=second.id if second else None,
        now=NOW,
    )


def test_an_adjustment_needs_a_reason(db: Session) -> None:
    """R12: red without the check."""
    who, staff = scene.owner(db), clerk(db)
    with pytest.raises(adjusting.ReasonMissing):
        adjust(db, who, 10, staff, reason="  ")
    assert ledger.balance(db, who.id) == 0


def test_nobody_adjusts_their_own_points(db: Session) -> None:
    """R12: neither alone nor as the second; red without OwnAccount, or when only one is asked."""
    who, staff = scene.owner(db), clerk(db)
    own = clerk(db, who.id)
    for by, second in ((own, None), (own, staff), (staff, own)):
        with pytest.raises(adjusting.OwnAccount):
            adjust(db, who, 1000, by, second=second)
    assert ledger.balance(db, who.id) == 0


def test_a_large_adjustment_needs_a_second_person(db: Session) -> None:
    """R12: at 1,000 points; red with > for the limit, and when one person may be both."""
    who, staff = scene.owner(db), clerk(db)
    for second in (None, staff):
        with pytest.raises(adjusting.SecondPersonNeeded):
            adjust(db, who, 1000, staff, second=second)
    adjust(db, who, 999, staff, "small")
    adjust(db, who, 2, clerk(db), "two")
    adjust(db, who, -1000, staff, "large", second=clerk(db))
    assert ledger.balance(db, who.id) == 1


def test_facts_follow_every_entry(sessions: Sessions) -> None:
    """The kept facts and the rebuilt ones agree; red without points_moved in spend."""
    with sessions() as db:
        who = scene.owner(db)
        bonus(db, who, 100)
        spend(db, who, 30)
        db.commit()
    with sessions() as db:
        row = db.get_one(MemberFacts, who.id)
        kept = (row.points, row.spend_as_of, row.next_change_on)
        found = facts.from_scratch(db, who.id, today=TODAY)
        assert kept == (found.points, found.spend_as_of, found.next_change_on)
        assert found.next_change_on == date(2028, 3, 2)
