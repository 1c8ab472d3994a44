"""What came off an order is laid over its lines, each kind of work over its own (R7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from club import checking, ledger, quote_use, quotes
from club.models import Earning, ServiceDiscount, TierCode
from club.quotes import Asked
from club.till_prices import Item
from club.till_shares import Part, Taken, shares
from members.facts import facts_of
from members.models import OrderKind, OrderLine, Owner, PaidBy
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY

SERVICE, WASH = OrderKind.SCHEDULED, OrderKind.ACCESSORIES
KINDS = st.sampled_from([SERVICE, WASH, None])
TOLD_BY = frozenset({PaidBy.POINTS, PaidBy.VOUCHER})
lines = st.lists(
    st.tuples(
        st.integers(-50_00, 900_00),
        KINDS | st.just(OrderKind.WARRANTY),
        st.sampled_from([PaidBy.OWNER, PaidBy.OWNER, PaidBy.INSURANCE]),
    ),
    max_size=6,
)
steps = st.lists(
    st.lists(st.builds(Part, st.integers(0, 300_00), st.frozensets(KINDS, max_size=1)), max_size=3),
    min_size=1,
    max_size=3,
)


@given(lines, steps, st.none() | st.integers(-300_00, 300_00))
def test_all_shares_are_what_was_not_paid_to_the_fen(
    rows: list[tuple[int, OrderKind | None, PaidBy]], off: list[list[Part]], told: int | None
) -> None:
    """R7: nothing is lost between kinds, steps and lines, and no line bears more than its price.

    `told` are fen that the file took off already. Red without the rest over all lines, and when
    each share is rounded by itself.
    """
    order = [
        OrderLine(id=nth, fen=fen, kind=kind, paid_by=by)
        for nth, (fen, kind, by) in enumerate(rows)
    ]
    ours = [fen for fen, kind, by in rows if by is PaidBy.OWNER and kind is not OrderKind.WARRANTY]
    room, whole = sum(fen for fen in ours if fen > 0), sum(one.fen for step in off for one in step)
    found = shares(order, [Taken(off, TOLD_BY, None if told is None else room + told)])
    expected = min(whole, room)
    if told is not None:
        agrees = sum(ours) == room + told - whole
        expected = 0 if agrees else min(expected, max(whole - told, 0))
    assert sum(found.values()) == expected
    assert set(found) == {one.id for one in order}
    assert all(0 <= found[one.id] <= max(one.fen, 0) for one in order)


def member(db: Session) -> Owner:
    """¥80 in points, and a fifth off each service."""
    who = scene.owner(db)
    facts_of(db, who.id).tier = "general"
    given = {"cause_kind": "test", "cause_id": "1", "reason": "开门", "on": TODAY}
    ledger.give_bonus(db, who.id, 8_000, **given, by=None, now=NOW)
    db.add(ServiceDiscount(tier=TierCode.GENERAL, kind=SERVICE, percent=20))
    db.flush()
    return who


def quoted(db: Session, who: Owner) -> None:
    """A service ¥500 − ¥100, accessories ¥200 − ¥100 by voucher, ¥300 of other work, ¥80 in
    points over the ¥800 that are left."""
    kind = vouching.kind(db, order_kinds=[WASH.value])
    items = (Item(500_00, SERVICE), Item(200_00, WASH), Item(300_00))
    asked = Asked(items, (vouching.voucher(db, who, kind).id,), 8_000, "W9", "dms")
    made = quotes.price(db, who.id, asked, request_id="q", today=TODAY, by=None, now=NOW)
    quote_use.apply(db, made, today=TODAY, by=None, now=NOW)


@pytest.mark.parametrize(
    "told",
    [(500_00, 200_00), (400_00, 200_00), (400_00, 150_00), (400_00, 100_00), (360_00, 90_00)],
)
def test_each_line_earns_on_what_was_paid_for_it(db: Session, told: tuple[int, int]) -> None:
    """R7: whether the file tells list prices, the discount, a part of the voucher or all of it,
    or what was paid.

    Red when all is laid over all lines, and when the first steps are taken for not told.
    """
    who = member(db)
    quoted(db, who)
    other = 270_00 if told == (360_00, 90_00) else 300_00
    made = [
        scene.line(db, who, TODAY, fen, no="W9", kind=kind)
        for fen, kind in zip((*told, other), (SERVICE, WASH, None), strict=True)
    ]
    scene.settle(db, *made)
    db.flush()
    assert [db.get_one(Earning, one.id).fen for one in made] == [360_00, 90_00, 270_00]
    assert list(checking.differences(db)) == []
