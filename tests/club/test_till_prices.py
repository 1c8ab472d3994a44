"""What an order comes to: list price, discount, vouchers, points, in whole fen."""

from hypothesis import given
from hypothesis import strategies as st

from club.models import Shape
from club.till_prices import Agreed, Item, Rights, as_stored, bill, item_of
from club.voucher_prices import Off, Terms
from members.models import OrderKind, PaidBy

HUNDRED = Terms(Shape.AMOUNT, fen=100_00)
SERVICE, REPAIR, PAINT = OrderKind.SCHEDULED, OrderKind.MINOR_REPAIR, OrderKind.BODY_PAINT
items = st.builds(
    Item,
    st.integers(0, 10_000_00),
    st.sampled_from([SERVICE, REPAIR, OrderKind.WARRANTY, None]),
    paid_by=st.sampled_from([PaidBy.OWNER, PaidBy.INSURANCE, PaidBy.WARRANTY]),
)


def test_each_step_works_on_what_the_one_before_left() -> None:
    """1,000 − 10 % − 100 − 2,000 points = 780; red when points are taken of the list price"""
    made = bill(
        [Item(1_000_00, SERVICE)],
        Rights({SERVICE: 10}),
        [HUNDRED],
        points=2_000,
        points_per_yuan=100,
    )
    assert (made.discount_fen, made.voucher_fen, made.points_fen, made.pay_fen) == (
        *(100_00, 100_00, 20_00),
        780_00,
    )


def test_points_pay_thirty_percent_of_the_self_paid_part_and_no_more() -> None:
    """red without the insurance line left out of what is due"""
    order = [Item(100_00, REPAIR), Item(900_00, REPAIR, paid_by=PaidBy.INSURANCE)]
    made = bill(order, Rights(), [], points=99_999, points_per_yuan=100)
    assert (made.points, made.most_points, made.pay_fen) == (3_000, 3_000, 70_00)


def test_warranty_work_takes_nothing_whoever_was_typed_to_pay() -> None:
    made = bill(
        [Item(500_00, OrderKind.WARRANTY)],
        Rights({OrderKind.WARRANTY: 50}),
        [HUNDRED],
        points=100,
        points_per_yuan=100,
    )
    assert (made.pay_fen, made.discount_fen, made.vouchers, made.points) == (0, 0, (Off(0),), 0)


def test_an_agreed_price_replaces_discount_and_vouchers_and_never_stacks() -> None:
    """800 of 1,000 agreed, ¥30 a piece for two repairs, tier and voucher on the third line only:
    red when the tier's percent is added, when a voucher sees an agreed line, and when a fixed
    price makes a line dearer than the list."""
    order = [Item(1_000_00, SERVICE), Item(100_00, REPAIR, quantity=2), Item(300_00, PAINT)]
    agreed = {SERVICE: Agreed(80), REPAIR: Agreed(fen=30_00)}
    rights = Rights(dict.fromkeys((SERVICE, REPAIR, PAINT), 10), agreed)
    made = bill(order, rights, [HUNDRED], points=0, points_per_yuan=100)
    assert [one.pay_fen for one in made.lines] == [800_00, 60_00, 170_00]
    assert [one.voucher_fen for one in made.lines] == [0, 0, 100_00]
    small = bill([Item(20_00, REPAIR)], rights, [], points=0, points_per_yuan=100)
    assert small.pay_fen == 20_00


@given(st.lists(items, max_size=6), st.integers(0, 100), st.integers(0, 10**6))
def test_nothing_is_lost_and_no_line_falls_below_zero(
    order: list[Item], percent: int, points: int
) -> None:
    agreed = {REPAIR: Agreed(fen=percent * 100)} if percent % 2 else {REPAIR: Agreed(percent)}
    made = bill(
        order, Rights({SERVICE: percent}, agreed), [HUNDRED], points=points, points_per_yuan=100
    )
    taken = made.discount_fen + made.voucher_fen + made.points_fen
    assert made.list_fen == made.pay_fen + taken
    assert min((one.pay_fen for one in made.lines), default=0) >= 0
    assert made.points_fen == made.points
    assert made.points_fen * 10 <= 3 * (made.pay_fen + made.points_fen)
    assert [item_of(as_stored(one)) for one in made.lines] == order
