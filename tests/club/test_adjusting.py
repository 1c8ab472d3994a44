"""Points moved by hand: reasons, second people, one's own points, giving back (R6, R12)."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import adjusting, adjustment_lists, checking, giving_back, ledger, rewards
from club.models import AdjustmentState, LedgerEntry, PointsAdjustment, VoucherState
from foundation.audit import AuditEntry
from foundation.roles import Role
from members.models import Account, Owner
from tests import making
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY


def ask(db: Session, who: Owner, points: int, by: Account) -> PointsAdjustment | LedgerEntry:
    facts = {"request_id": f"r{points}", "reason": " 迟到致歉 ", "on": TODAY, "now": NOW}
    return adjusting.ask(db, who.id, points, by=by.id, **facts)


def wish(db: Session, who: Owner, by: Account, points: int = 1_000) -> PointsAdjustment:
    made = ask(db, who, points, by)
    assert isinstance(made, PointsAdjustment)
    return made


def given(db: Session, who: Owner, points: int) -> None:
    facts = {"cause_kind": "test", "cause_id": "1", "reason": "开门", "on": TODAY, "by": None}
    ledger.give_bonus(db, who.id, points, now=NOW, **facts)


def confirm(db: Session, one: PointsAdjustment, by: Account) -> LedgerEntry:
    return adjusting.confirm(db, one, on=TODAY, by=by.id, now=NOW)


def test_a_small_adjustment_moves_at_once(db: Session) -> None:
    """R12: 999 points, with its actor, reason, rules and audit."""
    who, clerk = scene.owner(db), making.make_staff(db)
    entry = ask(db, who, 999, clerk)
    assert isinstance(entry, LedgerEntry)
    assert (entry.account_id, entry.reason, entry.second_account_id) == (clerk.id, "迟到致歉", None)
    assert ledger.balance(db, who.id) == 999
    noted = db.scalars(select(AuditEntry.act).where(AuditEntry.thing_id == who.id)).all()
    assert noted == ["points.adjust"]


def test_a_large_one_waits_for_another_person(db: Session) -> None:
    """R12: 1,000 move only when a second one confirms; red when asking adjusts."""
    who, clerk, chief = scene.owner(db), making.make_staff(db), making.make_staff(db)
    one = wish(db, who, clerk)
    assert ledger.balance(db, who.id) == 0
    assert ask(db, who, 1_000, clerk) is one
    entry = confirm(db, one, chief)
    assert (entry.account_id, entry.second_account_id) == (clerk.id, chief.id)
    assert (one.state, one.entry_id) == (AdjustmentState.CONFIRMED, entry.id)
    assert ledger.balance(db, who.id) == 1_000


def test_small_ones_of_a_day_count_together(db: Session) -> None:
    """R12: 600 and 399 move at once, one more waits, up or down; so it does not with a colleague,
    for another member, a day later, or sent twice; what waits still waits then. Red when each is
    looked at alone, and when the wish is looked for last."""
    who, clerk, chief = scene.owner(db), making.make_staff(db), making.make_staff(db)
    for points in (600, 399, 600):
        assert isinstance(ask(db, who, points, clerk), LedgerEntry)
    assert ledger.balance(db, who.id) == 999
    waiting = [wish(db, who, clerk, points) for points in (1, -1)]
    assert isinstance(ask(db, who, 998, chief), LedgerEntry)
    assert isinstance(ask(db, scene.owner(db), 997, clerk), LedgerEntry)
    facts = {"request_id": "next", "reason": "迟到致歉", "on": TODAY + scene.days(1)}
    assert isinstance(adjusting.ask(db, who.id, 996, by=clerk.id, now=NOW, **facts), LedgerEntry)
    again = {"request_id": "r1", "reason": "迟到致歉", "on": TODAY + scene.days(1)}
    assert adjusting.ask(db, who.id, 1, by=clerk.id, now=NOW, **again) is waiting[0]
    confirm(db, waiting[0], chief)
    assert ledger.balance(db, who.id) == 999 + 998 + 996 + 1


def test_points_for_something_done_are_looked_at_by_themselves(db: Session) -> None:
    """R12: beside 999 by hand, in either order; a thousand of them wait."""
    who, clerk = scene.owner(db), making.make_staff(db)
    said = {"reason": "帮忙布置", "on": TODAY, "by": clerk.id, "now": NOW}
    for mark, points, done in (
        ("a", 500, ("helping", "1")),
        ("b", 999, None),
        ("c", 500, ("helping", "2")),
    ):
        made = adjusting.ask(db, who.id, points, request_id=mark, done=done, **said)
        assert isinstance(made, LedgerEntry)
    large = adjusting.ask(db, who.id, 1_000, request_id="d", done=("helping", "3"), **said)
    assert isinstance(large, PointsAdjustment)


def test_nobody_confirms_their_own_wish(db: Session) -> None:
    """R12: red without the comparison with who asked"""
    who, clerk = scene.owner(db), making.make_staff(db)
    one = wish(db, who, clerk)
    with pytest.raises(adjusting.SecondPersonNeeded):
        confirm(db, one, clerk)
    assert one.state is AdjustmentState.WAITING


def test_the_second_person_has_the_right_too(db: Session) -> None:
    """R12: a cashier's word is not enough; red without the look at the roles"""
    who, clerk = scene.owner(db), making.make_staff(db)
    one = wish(db, who, clerk)
    with pytest.raises(adjusting.SecondPersonNeeded):
        confirm(db, one, making.make_staff(db, Role.CASHIER))
    assert ledger.balance(db, who.id) == 0


def test_nobody_confirms_for_themselves(db: Session) -> None:
    """R12: the second person is not the member; red when only the first is looked at"""
    who, clerk = scene.owner(db), making.make_staff(db)
    one = wish(db, who, clerk)
    with pytest.raises(adjusting.OwnAccount):
        confirm(db, one, making.make_staff(db, owner_id=who.id))
    assert adjustment_lists.waiting(db) == [one]


def test_what_was_decided_is_decided(db: Session) -> None:
    """Red without the state in the update: a refused wish would still move its points."""
    who, clerk, chief = scene.owner(db), making.make_staff(db), making.make_staff(db)
    given(db, who, 5_000)
    one = wish(db, who, clerk, -5_000)
    adjusting.refuse(db, one, reason="查无此事", by=chief.id, now=NOW)
    with pytest.raises(adjusting.AlreadyDecided):
        confirm(db, one, chief)
    assert (ledger.balance(db, who.id), one.decided_why) == (5_000, "查无此事")
    assert adjustment_lists.decided(db) == [one]


def test_no_debt_is_made_by_hand(db: Session) -> None:
    """R5: neither at once, nor asked for, nor when the points went before the second person came;
    red without the look at what is left in asking, and in adjusting"""
    who, clerk, chief = scene.owner(db), making.make_staff(db), making.make_staff(db)
    given(db, who, 1_100)
    for points in (-1_101, -5_000):
        with pytest.raises(adjusting.MoreThanHeld):
            ask(db, who, points, clerk)
    one = wish(db, who, clerk, -1_050)
    ask(db, who, -900, clerk)
    for points in (-201, -999):
        with pytest.raises(adjusting.MoreThanHeld):
            ask(db, who, points, clerk)
    with pytest.raises(adjusting.MoreThanHeld):
        confirm(db, one, chief)
    ask(db, who, -200, chief)
    assert (ledger.balance(db, who.id), list(checking.differences(db))) == (0, [])


def test_points_that_are_over_are_not_taken_by_hand(db: Session) -> None:
    """R3: what ended is swept first, so 30 come from the lot that lives; red without bring_up."""
    who, clerk = scene.owner(db), making.make_staff(db)
    scene.buy(db, who, TODAY, 100_00)
    late = TODAY.replace(year=2028, month=6)
    scene.buy(db, who, TODAY.replace(year=2028), 50_00)
    facts = {"request_id": "1", "reason": "x", "on": late, "now": scene.moment(late)}
    adjusting.ask(db, who.id, -30, by=clerk.id, **facts)
    assert ledger.balance(db, who.id) == 20
    assert list(checking.differences(db)) == []


def test_giving_a_reward_back_takes_its_voucher(db: Session) -> None:
    """R6: points and voucher go together; red when only the ledger is undone."""
    who, clerk = scene.owner(db), making.make_staff(db)
    scene.buy(db, who, TODAY, 1_000_00)
    facts = {"request_id": "a", "today": TODAY, "by": None, "now": NOW}
    voucher = rewards.buy(db, vouching.reward(db), who.id, **facts)
    spending = db.get_one(LedgerEntry, voucher.entry_id)
    for _ in range(2):
        giving_back.undo_spending(db, spending, reason="选错", on=TODAY, by=clerk.id, now=NOW)
    assert voucher.state is VoucherState.REVOKED
    assert ledger.balance(db, who.id) == 1_000
    assert list(checking.differences(db)) == []
