"""Money shown, points floored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.money import floor_points, yuan


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(507100, "5,071.00"), (5, "0.05"), (0, "0.00"), (-12340, "-123.40"), (-5, "-0.05")],
)
def test_fen_are_shown_as_yuan(fen: int, shown: str) -> None:
    """Red with divmod on the negative number: -5 would be -1.95"""
    assert yuan(fen) == shown


@pytest.mark.parametrize(
    ("fen", "hundredths", "points"),
    [(27873, 100, 278), (27873, 120, 334), (99, 100, 0), (299999, 150, 4499), (50, 200, 1)],
)
def test_points_are_floored_once(fen: int, hundredths: int, points: int) -> None:
    """Red when yuan are floored before the multiplier: 278 × 1.2 is 333"""
    assert floor_points(fen, hundredths) == points


@given(st.integers(0, 10**15), st.sampled_from([100, 120, 150, 200]))
def test_points_never_exceed_what_was_earned(fen: int, hundredths: int) -> None:
    points = floor_points(fen, hundredths)
    assert points * 10_000 <= fen * hundredths < (points + 1) * 10_000
