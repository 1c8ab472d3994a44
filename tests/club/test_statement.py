"""What members read of their points and tier: every movement with its cause, exact sums."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import statement
from club.benefits import comparison, discounts_of, yearly_of
from club.models import Benefit, TierCode
from club.standing import standing_of
from members.models import OrderKind, PaidBy
from tests.club import scene, set_rules
from tests.club.scene import TODAY


def test_the_sums_lead_to_the_spend_that_decides(db: Session) -> None:
    """R5, R7: a refund counts out, what others paid is told and left out."""
    who = scene.owner(db)
    first = scene.buy(db, who, date(2025, 6, 1), 200_000)
    scene.buy(db, who, date(2025, 7, 1), 90_000, paid_by=PaidBy.INSURANCE)
    scene.buy(db, who, date(2025, 8, 1), 150_000)
    scene.buy(db, who, date(2025, 9, 1), -50_000, refund_of_id=first.id)
    sums = statement.arithmetic_of(db, who.id, today=TODAY)
    assert [(row.fen, row.given_back_fen, row.sum_fen, row.left_out) for row in sums.rows] == [
        (150_000, 50_000, 150_000, None),
        (0, 0, 150_000, "paid-by-insurance"),
        (150_000, 0, 300_000, None),
    ]
    assert sums.total_fen == standing_of(db, who.id, today=TODAY).spend_fen == 300_000


def test_the_window_leaves_out_its_first_day(db: Session) -> None:
    """(D − 12 months, D]: red with >= instead of >."""
    who = scene.owner(db)
    scene.buy(db, who, date(2025, 3, 1), 100_000)
    scene.buy(db, who, date(2025, 3, 2), 70_000)
    assert statement.arithmetic_of(db, who.id, today=TODAY).total_fen == 70_000


def test_what_is_missing_to_rise_and_to_keep(db: Session) -> None:
    """Silver by an old order: to keep it the year up to its review needs as much again."""
    who = scene.owner(db)
    scene.buy(db, who, date(2025, 6, 1), 400_000)
    standing = standing_of(db, who.id, today=TODAY)
    keeping = statement.keeping_of(db, who.id, standing)
    assert (standing.tier, standing.next_tier) == (TierCode.SILVER, TierCode.GOLD)
    assert standing.missing_fen == 400_000
    assert keeping is not None
    assert (keeping.by, keeping.needed_fen) == (date(2026, 6, 1), 300_000)
    assert (keeping.spent_fen, keeping.missing_fen) == (0, 300_000)


def test_nobody_keeps_the_lowest_tier(db: Session) -> None:
    who = scene.owner(db)
    standing = standing_of(db, who.id, today=TODAY)
    assert statement.keeping_of(db, who.id, standing) is None


def test_the_statement_pages_by_key_over_days_that_are_equal(db: Session) -> None:
    """Each movement once, the newest first; red when only the day is compared."""
    who = scene.owner(db)
    for number in range(statement.PAGE + 3):
        scene.buy(db, who, date(2025, 6, 1 + number // 20), 10_000 + number)
    first = statement.statement_of(db, who.id)
    second = statement.statement_of(db, who.id, before=first.older)
    found = [one.entry for page in (first, second) for one in page.lines]
    assert len({entry.id for entry in found}) == len(found) == statement.PAGE + 3
    assert [e.effective_on for e in found] == sorted((e.effective_on for e in found), reverse=True)
    assert second.older is None


def test_each_earning_names_its_order_line(db: Session) -> None:
    who = scene.owner(db)
    line = scene.buy(db, who, date(2025, 6, 1), 10_000, kind=OrderKind.SCHEDULED)
    (one,) = statement.statement_of(db, who.id).lines
    assert one.line is not None
    assert one.earning is not None
    assert (one.line.id, one.entry.points, one.earning.multiplier) == (line.id, 100, 100)


def test_the_statement_of_another_cannot_be_paged_into(db: Session) -> None:
    """R60: red when the key is taken without asking whose it is."""
    mine, hers = scene.owner(db), scene.owner(db)
    scene.buy(db, mine, date(2025, 6, 1), 10_000)
    scene.buy(db, hers, date(2025, 7, 1), 20_000)
    (entry,) = statement.statement_of(db, hers.id).lines
    assert statement.statement_of(db, mine.id, before=entry.entry.id).lines == []


def test_the_comparison_agrees_with_each_tier(db: Session) -> None:
    compared, who = comparison(db), scene.owner(db)
    for tier in TierCode:
        yearly = yearly_of(db, who.id, tier, today=TODAY)
        assert {one.benefit.id: one.yearly for one in yearly} == {
            benefit_id: count for (benefit_id, of), count in compared.counts.items() if of is tier
        }
        assert {one.kind: one.percent for one in discounts_of(db, tier)} == {
            kind: percent for (kind, of), percent in compared.percents.items() if of is tier
        }
    assert len(compared.benefits) == len(db.scalars(select(Benefit)).all())
    discounted = {kind for kind, _of in compared.percents}
    assert compared.kinds == [kind for kind in OrderKind if kind in discounted]
    assert OrderKind.DELIVERY not in compared.kinds


def test_more_lines_than_are_shown_are_counted(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R7: the newest lines are shown, all are summed; red when the total is of those shown."""
    monkeypatch.setattr(statement, "LINES_SHOWN", 2)
    who = scene.owner(db)
    for month, fen in ((6, 10_000), (7, 20_000), (8, 40_000)):
        scene.buy(db, who, date(2025, month, 1), fen)
    sums = statement.arithmetic_of(db, who.id, today=TODAY)
    assert [(row.line.order.serviced_on.month, row.sum_fen) for row in sums.rows] == [
        (7, 30_000),
        (8, 70_000),
    ]
    spend = standing_of(db, who.id, today=TODAY).spend_fen
    assert (sums.earlier_fen, sums.total_fen, spend) == (10_000, 70_000, 70_000)


def test_a_review_is_judged_by_the_rules_of_its_day(db: Session) -> None:
    """R10: rules that begin before the review ask for more; red with the amounts of today."""
    harder = ((0, 100), (5_000_00, 120), (9_000_00, 150), (20_000_00, 200))
    set_rules.version(db, date(2026, 5, 1), steps=harder)
    who = scene.owner(db)
    scene.buy(db, who, date(2025, 6, 1), 400_000)
    keeping = statement.keeping_of(db, who.id, standing_of(db, who.id, today=TODAY))
    assert keeping is not None
    assert (keeping.by, keeping.needed_fen) == (date(2026, 6, 1), 5_000_00)
