"""Tyres bring vouchers: once each, for the next visit, and gone when the tyres come back (R15)."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import voucher_rule_terms as terms
from club import voucher_rules, vouchers
from club.models import Voucher, VoucherState
from club.voucher_prices import Line
from club.voucher_return import undo_redeem
from club.voucher_rule_terms import RuleWords
from club.voucher_use import NotUsable, OrderDraft
from members.models import OrderLine, Owner
from tests import making
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY, days
from tests.conftest import Sessions


def tyres(db: Session, who: Owner, number: int | None = 4, **facts: Any) -> OrderLine:
    fen = facts.pop("fen", 650_00 * (number or 1))
    on = facts.pop("on", TODAY)
    return scene.line(db, who, on, fen, **{"brand": "Norden", "quantity": number} | facts)


def settle(db: Session, *lines: OrderLine) -> int:
    return voucher_rules.settle(db, lines, today=TODAY, now=NOW)


def good(db: Session, who: Owner) -> int:
    """How many vouchers the owner can still use."""
    query = select(Voucher).where(
        Voucher.owner_id == who.id, Voucher.state == VoucherState.ACTIVE, Voucher.used == 0
    )
    return len(db.scalars(query.execution_options(populate_existing=True)).all())


def test_each_tyre_brings_one_and_a_second_settling_nothing(db: Session) -> None:
    """R15: red when what is held is not counted"""
    vouching.tyre_rule(db)
    bought = tyres(db, who := scene.owner(db))
    assert [settle(db, bought), settle(db, bought)] == [4, 0]
    assert good(db, who) == 4


@pytest.mark.parametrize(
    "facts",
    [{"number": 1}, {"brand": "Elsewhere"}, {"on": TODAY - days(90)}, {"brand": None}],
)
def test_what_the_rule_does_not_mean_brings_nothing(db: Session, facts: dict[str, Any]) -> None:
    """One tyre, another brand, before the campaign, no brand."""
    vouching.tyre_rule(db)
    settle(db, tyres(db, who := scene.owner(db), **facts))
    assert good(db, who) == 0


def test_two_lines_of_one_order_count_together(db: Session) -> None:
    vouching.tyre_rule(db)
    first = tyres(db, who := scene.owner(db), 1)
    second = OrderLine(order=first.order, line_no=2, fen=1, brand="北原", quantity=1)
    db.add(second)
    db.flush()
    settle(db, first, second)
    assert good(db, who) == 2


def test_it_is_for_the_next_visit(db: Session) -> None:
    """R15: red when the order's number is not compared"""
    vouching.tyre_rule(db, kind=vouching.kind(db))
    bought = tyres(db, who := scene.owner(db))
    settle(db, bought)
    one = db.scalars(select(Voucher).where(Voucher.owner_id == who.id)).first()
    assert one is not None
    with pytest.raises(NotUsable, match="next visit"):
        vouching.redeem(db, one, OrderDraft((Line(900_00),), bought.order.external_id))
    assert vouching.redeem(db, one, OrderDraft((Line(900_00),), "W-next")).fen == 100_00


def test_tyres_that_come_back_take_their_vouchers_with_them(db: Session) -> None:
    """R15: red when refunds are not looked at"""
    vouching.tyre_rule(db)
    bought = tyres(db, who := scene.owner(db))
    settle(db, bought)
    back = tyres(db, who, None, fen=-650_00, brand=None, refund_of_id=bought.id)
    settle(db, back)
    assert good(db, who) == 3
    settle(db, tyres(db, who, 2, fen=-1_300_00, refund_of_id=bought.id))
    assert good(db, who) == 0  # one tyre is left, which is below two


def test_an_allowance_on_the_price_is_no_tyre(db: Session) -> None:
    vouching.tyre_rule(db)
    bought = tyres(db, who := scene.owner(db))
    settle(db, bought, tyres(db, who, None, fen=-50_00, refund_of_id=bought.id))
    assert good(db, who) == 4


def test_a_return_that_names_no_order_comes_off_the_newest(db: Session) -> None:
    vouching.tyre_rule(db)
    older = tyres(db, who := scene.owner(db), 2, on=TODAY - days(9))
    settle(db, older, tyres(db, who, 2))
    settle(db, tyres(db, who, 2, fen=-1_300_00))
    held = db.scalars(select(Voucher).where(Voucher.owner_id == who.id).order_by(Voucher.id))
    assert [one.state.value for one in held] == ["active", "active", "revoked", "revoked"]
    assert good(db, who) == 2


def test_a_rule_that_gave_keeps_its_terms(db: Session) -> None:
    """What was given stays when another line is settled; at rest and at work stay possible. Red
    without the look for its vouchers."""
    rule, clerk = vouching.tyre_rule(db), making.make_staff(db).id
    said = RuleWords("轮胎", rule.kind_id, ["北原"], [], 3, False, TODAY, None)
    kept = terms.keep(db, rule, replace(said, brands=["Norden"], at_least=2), by=clerk, now=NOW)
    settle(db, tyres(db, who := scene.owner(db)))
    with pytest.raises(terms.RuleHasGiven):
        terms.keep(db, kept, said, by=clerk, now=NOW)
    terms.switch(db, rule, False, by=clerk, now=NOW)
    settle(db, tyres(db, who, 2))
    assert (good(db, who), rule.brands, rule.active) == (1, ["Norden"], False)


def test_a_used_voucher_stays_used(db: Session) -> None:
    vouching.tyre_rule(db)
    bought = tyres(db, who := scene.owner(db))
    settle(db, bought)
    one = db.scalars(select(Voucher).where(Voucher.owner_id == who.id)).first()
    assert one is not None
    vouching.redeem(db, one, on=TODAY + days(3))
    settle(db, tyres(db, who, 4, fen=-2_600_00, refund_of_id=bought.id))
    assert (one.used, good(db, who)) == (1, 0)


@pytest.mark.parametrize(("fen", "left"), [(-2_600_00, 0), (-1_290_00, 2), (-50_00, 4)])
def test_a_return_without_a_number_is_read_from_its_price(db: Session, fen: int, left: int) -> None:
    """R15: it names neither order nor pieces; red when it always counts as one tyre."""
    vouching.tyre_rule(db)
    settle(db, tyres(db, who := scene.owner(db)))
    settle(db, tyres(db, who, None, fen=fen, on=TODAY + days(4)))
    assert good(db, who) == left


def test_a_discount_in_the_order_itself_is_no_return(db: Session) -> None:
    """Red when its own order is looked at like any earlier one."""
    vouching.tyre_rule(db)
    bought = tyres(db, who := scene.owner(db))
    less = tyres(db, who, None, fen=-800_00, no=bought.order.external_id)
    settle(db, bought, less)
    assert good(db, who) == 4


def test_what_was_taken_by_hand_is_not_given_anew(db: Session, sessions: Sessions) -> None:
    """R15: the next tyre of the same owner brings nothing back; red when every revoked voucher
    counts as if its goods had come back."""
    vouching.tyre_rule(db)
    settle(db, tyres(db, who := scene.owner(db)))
    mistake = db.scalars(select(Voucher).where(Voucher.owner_id == who.id)).first()
    assert mistake is not None
    vouchers.revoke(db, mistake, reason="given by mistake", by=None, now=NOW)
    assert settle(db, tyres(db, who, 1, on=TODAY + days(4))) == 0
    db.commit()
    with sessions() as read:
        assert good(read, who) == 3


def test_a_use_undone_after_the_tyres_came_back_leaves_nothing(
    db: Session, sessions: Sessions
) -> None:
    """R14, R15: the use comes back and the voucher goes; with two tyres kept two stay. Red when an
    undone use does not look at what the order still justifies."""
    vouching.tyre_rule(db)
    left = []
    for number in (4, 2):
        bought = tyres(db, who := scene.owner(db))
        settle(db, bought)
        one = db.scalars(select(Voucher).where(Voucher.owner_id == who.id)).first()
        assert one is not None
        use = vouching.redeem(db, one, on=TODAY + days(3))
        settle(db, tyres(db, who, number, fen=-650_00 * number, refund_of_id=bought.id))
        undo_redeem(db, use, reason="typed wrongly", today=TODAY + days(5), by=None, now=NOW)
        left.append(who)
    db.commit()
    with sessions() as read:
        assert [good(read, who) for who in left] == [0, 2]
