"""The hand-over of a new car, and tiers that are given and not earned."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import checking, deliveries, facts, tiers
from club.history import grants_of
from club.models import LedgerEntry, TierCode
from club.rules_in_force import DEFAULT
from club.statement import arithmetic_of, changes_of
from club.tier_path import Grant, Spend, at_end_of, walk
from members.models import MemberFacts, OrderKind, OrderLine, Owner
from tests.club import scene
from tests.club.scene import TODAY

CAR = 188_000_00
GOLD, SILVER, GENERAL = TierCode.GOLD, TierCode.SILVER, TierCode.GENERAL


def deliver(db: Session, who: Owner, on: date = TODAY, fen: int = CAR, **more: object) -> OrderLine:
    """A line as an import brings it: what it gives first, then what it earns."""
    line = scene.line(db, who, on, fen, kind=OrderKind.DELIVERY, **more)
    deliveries.settle(db, [line], now=scene.moment(on))
    scene.settle(db, line)
    return line


def test_a_delivery_gives_silver_and_points_and_its_price_never_counts(db: Session) -> None:
    """R7: 500 points, silver to the day a year on, not one fen of spend, and the member is told
    why; sent again nothing more. Red when a delivery earns, and when no grant enters the path."""
    who = scene.owner(db)
    line = deliver(db, who)
    deliveries.settle(db, [line], now=scene.NOW)
    row, (counted,) = db.get_one(MemberFacts, who.id), arithmetic_of(db, who.id, today=TODAY).rows
    assert (row.tier, row.points, row.spend_fen) == ("silver", 500, 0)
    assert (counted.fen, counted.left_out) == (0, "delivery")
    (change,) = changes_of(db, who.id)
    assert (change.reason, change.after) == ("delivery", SILVER)
    assert scene.brought_up_to(db, who, date(2027, 3, 1)).tier is SILVER
    fallen = scene.brought_up_to(db, who, date(2027, 3, 2))
    assert fallen.tier is GENERAL
    assert fallen == facts.from_scratch(db, who.id, today=date(2027, 3, 2))


def test_a_car_that_comes_back_takes_its_welcome_with_it(db: Session) -> None:
    """R5: red when only the points go, or when they go as of the hand-over and not of the day on
    which the car was back; a part of the price given back changes nothing."""
    who = scene.owner(db)
    line = deliver(db, who)
    deliver(db, who, TODAY + timedelta(days=3), -1_000_00, refund_of_id=line.id)
    assert db.get_one(MemberFacts, who.id).points == 500
    deliver(db, who, TODAY + timedelta(days=9), -CAR + 1_000_00, refund_of_id=line.id)
    row = db.get_one(MemberFacts, who.id)
    assert (row.points, row.tier, grants_of(db, [who.id])) == (0, "general", {})
    days = db.execute(select(LedgerEntry.points, LedgerEntry.effective_on)).all()
    assert [tuple(one) for one in days] == [(500, TODAY), (-500, TODAY + timedelta(days=9))]
    assert list(checking.differences(db)) == []


@pytest.mark.parametrize(
    ("spends", "day", "tier", "kept_until"),
    [
        ([], date(2026, 8, 31), GOLD, date(2026, 8, 31)),
        ([], date(2026, 9, 1), SILVER, date(2027, 8, 31)),
        ([], date(2027, 9, 1), GENERAL, None),
        ([(date(2026, 5, 1), 9_000_00)], date(2026, 9, 1), GOLD, date(2027, 8, 31)),
        ([(date(2026, 5, 1), 21_000_00)], date(2026, 6, 1), TierCode.DIAMOND, date(2027, 5, 1)),
    ],
    ids=["to its day", "one step", "another", "renewed by spend", "spend leads higher"],
)
def test_a_given_tier_is_held_to_its_day_and_reviewed_like_any(
    spends: list[tuple[date, int]], day: date, tier: TierCode, kept_until: date | None
) -> None:
    """R10: red when the given day is not the day of the review."""
    given = [Grant(TODAY, GOLD, date(2026, 8, 31), "opening-balance")]
    path = walk(DEFAULT, [Spend(on, fen) for on, fen in spends], given)
    path.pass_reviews(day)
    assert (path.tier, path.kept_until) == (tier, kept_until)


def test_a_longer_silver_holds_what_a_shorter_gold_fell_to() -> None:
    """R10: gold falls to silver in 2026; silver given to 2028 is not lost in 2027.

    Red when a review forgets what was given.
    """
    given = [
        Grant(TODAY, SILVER, date(2028, 1, 31), "opening-balance"),
        Grant(TODAY, GOLD, date(2026, 8, 31), "opening-balance"),
    ]
    held = [
        (path.tier, path.kept_until)
        for day in (date(2026, 9, 1), date(2027, 9, 1), date(2028, 1, 31))
        for path in [at_end_of(walk(DEFAULT, [], given), day)]
    ]
    assert held == [
        (SILVER, date(2027, 8, 31)),
        (SILVER, date(2028, 1, 31)),
        (GENERAL, None),
    ]


def test_a_grant_that_came_late_is_noted_with_its_reason(db: Session) -> None:
    """An owner whose reviews were held to today gets a delivery of last week told as such."""
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 100_00)
    deliver(db, who, TODAY - timedelta(days=7))
    tiers.review(db, [who.id], today=TODAY, now=scene.NOW)
    assert [(one.reason, one.after) for one in changes_of(db, who.id)] == [("delivery", SILVER)]


def test_a_return_that_names_no_order_is_the_newest_car_of_its_price(db: Session) -> None:
    """R5: sent again nothing more, and another price is nobody's guess; red when only a named
    return takes the welcome back."""
    who = scene.owner(db)
    deliver(db, who)
    deliver(db, who, TODAY + timedelta(days=1), CAR + 1)
    held = []
    for fen in (-CAR - 2, -CAR, -CAR):
        back = deliver(db, who, TODAY + timedelta(days=9), fen)
        deliveries.settle(db, [back], now=scene.NOW)
        held.append(db.get_one(MemberFacts, who.id).points)
    assert held == [1000, 500, 500]
    assert list(checking.differences(db)) == []
