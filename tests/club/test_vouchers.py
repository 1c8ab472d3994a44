"""Vouchers from hand to hand: given, used, undone, passed on, revoked, expired."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from club import voucher_lists, voucher_passing, voucher_return, voucher_use, vouchers
from club.models import KindState, Shape, Source, Voucher, VoucherState
from club.voucher_codes import find, qr_text
from club.voucher_prices import Line
from club.voucher_return import AlreadyUndone
from club.voucher_use import NotUsable, OrderDraft
from club.vouchers import Cause, KindNotLive, NotGivable, NothingToRevoke, OutOfStock
from members.models import Membership, OrderKind
from tests import making
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY, days
from tests.conftest import Sessions

LINKS = ("one-key" * 6,)
BIG = OrderDraft((Line(500_00, OrderKind.SCHEDULED),), "W-1")


def test_the_same_cause_gives_one_voucher(db: Session) -> None:
    """red without the look for the cause"""
    who, kind = scene.owner(db), vouching.kind(db)
    cause = Cause(Source.EVENT, "r7", TODAY, NOW)
    first = vouchers.issue(db, kind, who.id, cause, today=TODAY)
    assert vouchers.issue(db, kind, who.id, cause, today=TODAY) is first
    assert kind.issued == 1


def test_no_more_are_given_than_there_are(db: Session) -> None:
    """red without `issued + n <= stock`"""
    kind = vouching.kind(db, stock=2)
    for _ in range(2):
        vouching.voucher(db, scene.owner(db), kind)
    with pytest.raises(OutOfStock):
        vouching.voucher(db, scene.owner(db), kind)


@pytest.mark.parametrize("state", [KindState.DRAFT, KindState.STOPPED])
def test_a_kind_that_is_not_in_force_gives_nothing(db: Session, state: KindState) -> None:
    with pytest.raises(KindNotLive):
        vouching.voucher(db, scene.owner(db), vouching.kind(db, state=state))


def test_a_code_has_nothing_that_reads_as_another(db: Session) -> None:
    codes = [vouching.voucher(db, scene.owner(db)).code for _ in range(20)]
    assert not set("".join(codes)) & set("01OIL")
    assert {len(code) for code in codes} == {8}


def test_the_newest_of_a_kind_are_listed(db: Session) -> None:
    kind, other = vouching.kind(db), vouching.kind(db)
    given = [vouching.voucher(db, scene.owner(db), one) for one in (kind, other, kind, kind)]
    assert voucher_lists.newest_of(db, kind, most=2) == [given[3], given[2]]


def test_typed_and_scanned_lead_to_the_voucher(db: Session) -> None:
    one = vouching.voucher(db, scene.owner(db))
    typed = f" {one.code[:4].lower()}-{one.code[4:]} "
    assert find(db, typed, LINKS) is one
    assert find(db, qr_text(one, LINKS), LINKS) is one
    assert find(db, qr_text(one, ("another" * 6,)), LINKS) is None


def test_the_last_day_is_a_day(db: Session) -> None:
    """R3: red with `until_on > today`"""
    one = vouching.voucher(db, scene.owner(db), vouching.kind(db, days=10))
    assert vouchers.expire_due(db, today=TODAY + days(10), now=NOW) == 0
    assert vouching.redeem(db, one, on=TODAY + days(10)).voucher_id == one.id


def test_a_voucher_that_is_over_is_refused_and_marked_once(db: Session) -> None:
    one = vouching.voucher(db, scene.owner(db), vouching.kind(db, days=10))
    with pytest.raises(NotUsable):
        vouching.redeem(db, one, on=TODAY + days(11))
    assert vouchers.expire_due(db, today=TODAY + days(11), now=NOW) == 1
    assert vouchers.expire_due(db, today=TODAY + days(11), now=NOW) == 0
    db.refresh(one)
    assert one.state is VoucherState.EXPIRED


def test_a_double_click_uses_it_once(db: Session) -> None:
    one = vouching.voucher(db, scene.owner(db), vouching.kind(db, uses=3))
    first = vouching.redeem(db, one, request_id="a")
    assert vouching.redeem(db, one, request_id="a") is first
    assert one.used == 1


def test_taking_back_gives_the_use_back_once(db: Session, sessions: Sessions) -> None:
    """R14: red without `undone_at IS NULL` in the update"""
    one = vouching.voucher(db, scene.owner(db), vouching.kind(db, uses=2))
    use = vouching.redeem(db, one)
    vouching.redeem(db, one)
    voucher_return.undo_redeem(db, use, today=TODAY, reason="按错了", by=None, now=NOW)
    with pytest.raises(AlreadyUndone):
        voucher_return.undo_redeem(db, use, today=TODAY, reason="按错了", by=None, now=NOW)
    db.commit()
    with sessions() as fresh:
        assert fresh.get_one(Voucher, one.id).used == 1


@pytest.mark.parametrize(
    ("terms", "order"),
    [
        ({"minimum_fen": 500_01}, BIG),
        ({"order_kinds": ["accessories"]}, BIG),
        ({"from_on": date(2026, 3, 2)}, BIG),
    ],
)
def test_each_condition_is_kept(db: Session, terms: dict[str, object], order: OrderDraft) -> None:
    one = vouching.voucher(db, scene.owner(db), vouching.kind(db, **terms))
    with pytest.raises(NotUsable):
        vouching.redeem(db, one, order)
    assert one.used == 0


@pytest.mark.parametrize(
    "terms",
    [
        {"shape": Shape.PERCENT, "percent": 10},
        {"shape": Shape.UNIT},
        {"minimum_fen": 1},
        {"order_kinds": [OrderKind.SCHEDULED.value]},
    ],
)
def test_terms_that_look_at_the_bill_want_it(db: Session, terms: dict[str, object]) -> None:
    """Red without needs_bill, or with one of its four reasons left out."""
    one = vouching.voucher(db, scene.owner(db), vouching.kind(db, **terms))
    with pytest.raises(NotUsable, match="what the bill comes to"):
        vouching.redeem(db, one)
    assert (one.used, vouching.redeem(db, one, BIG).voucher_id) == (0, one.id)


def test_without_a_bill_a_fixed_amount_counts_in_full(db: Session) -> None:
    """Red when no bill is a bill of nothing; with a bill no more than it comes to."""
    who = scene.owner(db)
    whole, part = vouching.voucher(db, who), vouching.voucher(db, who)
    small = OrderDraft((Line(60_00),))
    fens = [vouching.redeem(db, whole).fen, vouching.redeem(db, part, small).fen]
    assert fens == [100_00, 60_00]


def test_the_minimum_is_inclusive(db: Session) -> None:
    """R9's way of counting: red with `<=`"""
    one = vouching.voucher(db, scene.owner(db), vouching.kind(db, minimum_fen=500_00))
    assert vouching.redeem(db, one, BIG).fen == 100_00


def test_a_till_sees_what_each_takes_off_and_why_not(db: Session) -> None:
    who = scene.owner(db)
    good = vouching.voucher(db, who, vouching.kind(db, shape=Shape.PERCENT, percent=10))
    dear = vouching.voucher(db, who, vouching.kind(db, minimum_fen=900_00))
    found = voucher_use.usable_now(db, who.id, BIG, today=TODAY)
    assert [(one.voucher.id, one.fen) for one in found] == [(good.id, 50_00), (dear.id, 0)]
    assert "900.00" in str(found[1].why_not)


def test_what_is_passed_on_is_the_others_and_its_old_code_is_dead(db: Session) -> None:
    giver, taker = scene.owner(db), scene.owner(db)
    one = vouching.voucher(db, giver, vouching.kind(db, transferable=True))
    old = one.code
    number = db.get_one(Membership, taker.id).number
    voucher_passing.pass_on(db, one, number, today=TODAY, by=None, now=NOW)
    assert (one.owner_id, find(db, old, LINKS)) == (taker.id, None)


def test_a_personal_voucher_stays(db: Session) -> None:
    one = vouching.voucher(db, scene.owner(db))
    number = db.get_one(Membership, scene.owner(db).id).number
    with pytest.raises(NotGivable):
        voucher_passing.pass_on(db, one, number, today=TODAY, by=None, now=NOW)


def test_a_revoked_voucher_opens_nothing_and_frees_its_stock(db: Session) -> None:
    kind = vouching.kind(db, stock=1)
    one = vouching.voucher(db, scene.owner(db), kind)
    vouchers.revoke(db, one, reason="发错人", by=None, now=NOW)
    with pytest.raises(NotUsable):
        vouching.redeem(db, one)
    with pytest.raises(NothingToRevoke):
        vouchers.revoke(db, one, reason="发错人", by=None, now=NOW)
    assert vouching.voucher(db, scene.owner(db), kind).used == 0


def test_nobody_gives_themselves_a_voucher(db: Session) -> None:
    """R12: a voucher is money as points are; a colleague gives it. Red without the look for the
    giver's own archive."""
    clerk = making.make_staff(db)
    clerk.owner = making.make_member(db, login=False)
    db.flush()
    kind, said = vouching.kind(db, stock=1), {"request_id": "r", "today": TODAY, "now": NOW}
    with pytest.raises(NotGivable, match="colleague"):
        vouchers.give(db, kind, clerk.owner, by=clerk.id, **said)
    made = vouchers.give(db, kind, clerk.owner, by=making.make_staff(db).id, **said)
    assert (made.owner_id, kind.issued) == (clerk.owner.id, 1)
