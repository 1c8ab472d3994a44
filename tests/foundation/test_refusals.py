"""Refusals carry a marked sentence and its values."""

from foundation.refusals import Refusal


def test_values_fill_the_holes() -> None:
    refused = Refusal("“%(name)s” has %(count)s rows.", name="订单.csv", count=3)
    assert str(refused) == "“订单.csv” has 3 rows."
    assert refused.values == {"name": "订单.csv", "count": 3}


def test_a_sentence_without_holes_may_hold_a_percent_sign() -> None:
    assert str(Refusal("At most 30% of a bill.")) == "At most 30% of a bill."
