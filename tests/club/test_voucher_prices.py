"""What vouchers take off, to the fen."""

from hypothesis import given
from hypothesis import strategies as st

from club.models import Shape
from club.voucher_prices import Line, Terms, off, price
from members.models import OrderKind, PaidBy

SERVICE = Line(860_00, OrderKind.SCHEDULED)
TYRES = Line(2_600_00, OrderKind.ACCESSORIES, quantity=4)

lines = st.lists(
    st.builds(
        Line,
        fen=st.integers(0, 5_000_00),
        kind=st.sampled_from([None, *OrderKind]),
        quantity=st.integers(1, 5),
        paid_by=st.sampled_from(PaidBy),
    ),
    max_size=6,
)
terms = st.builds(
    Terms,
    shape=st.sampled_from(Shape),
    fen=st.integers(0, 900_00),
    percent=st.integers(1, 100),
    most_fen=st.none() | st.integers(1, 300_00),
    most_units=st.none() | st.integers(1, 4),
    order_kinds=st.frozensets(st.sampled_from([kind.value for kind in OrderKind]), max_size=2),
)


def test_an_amount_never_takes_off_more_than_there_is() -> None:
    """red without the min with the total"""
    assert off(Terms(Shape.AMOUNT, fen=1_000_00), [SERVICE]) == 860_00


def test_a_percentage_stops_at_its_most() -> None:
    assert off(Terms(Shape.PERCENT, percent=15), [SERVICE]) == 129_00
    assert off(Terms(Shape.PERCENT, percent=15, most_fen=100_00), [SERVICE]) == 100_00


def test_a_percentage_leaves_fractions_with_the_shop() -> None:
    assert off(Terms(Shape.PERCENT, percent=33), [Line(101)]) == 33


def test_per_unit_counts_pieces_up_to_its_most() -> None:
    assert off(Terms(Shape.UNIT, fen=50_00), [TYRES]) == 200_00
    assert off(Terms(Shape.UNIT, fen=50_00, most_units=2), [TYRES]) == 100_00


def test_only_its_kinds_of_work_count() -> None:
    for_service = Terms(
        Shape.PERCENT, percent=10, order_kinds=frozenset({OrderKind.SCHEDULED.value})
    )
    assert off(for_service, [SERVICE, TYRES, Line(500_00)]) == 86_00


def test_what_others_pay_is_not_reduced() -> None:
    """R7: red when paid_by is not looked at"""
    insured = Line(7_600_00, OrderKind.ACCIDENT, paid_by=PaidBy.INSURANCE)
    assert off(Terms(Shape.AMOUNT, fen=100_00), [insured]) == 0


@given(lines, st.lists(terms, max_size=5))
def test_fen_add_up_whatever_is_used(order: list[Line], uses: list[Terms]) -> None:
    """What vouchers took is what the lines lost, and no line goes below zero."""
    taken, left = price(order, uses)
    assert sum(one.fen for one in taken) == sum(line.fen for line in order) - sum(
        line.fen for line in left
    )
    assert all(0 <= after.fen <= before.fen for before, after in zip(order, left, strict=True))
