"""Rates, campaigns, and what happens on the days on which rules change."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import facts, ledger
from club.models import (
    Earning,
    LedgerEntry,
    PublishedNeverChanges,
    RuleCampaign,
    RuleVersion,
    TierChange,
    TierCode,
)
from club.rules import Campaign, Work, folded
from club.rules_in_force import DEFAULT, RuleBook
from club.tier_path import Spend, at_end_of, walk
from members.models import Energy, OrderKind, Vehicle
from tests.club import scene, set_rules
from tests.club.scene import TODAY, days

FIRST = DEFAULT.versions[0]
SUMMER = Campaign(7, "夏季", None, date(2026, 6, 1), date(2026, 8, 31), 150)
JULY = date(2026, 7, 1)


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(1, 10_000))
def test_a_rate_is_exact_and_never_less_than_its_product(base: int, tier: int, times: int) -> None:
    """One formula in whole numbers; red when the product is cut instead of rounded up."""
    rate = folded(base, tier, times)
    assert (rate - 1) * 10_000 < base * tier * times <= rate * 10_000


def test_the_highest_campaign_counts_alone() -> None:
    """× 1.5 and × 3 on gold's 1.5 are 4.5, not 6.75; red when campaigns are multiplied."""
    triple = replace(SUMMER, id=8, hundredths=300, kinds=frozenset({"scheduled-service"}))
    rules = replace(FIRST, campaigns=(SUMMER, triple))
    rate = rules.rate(Work(OrderKind.SCHEDULED), TierCode.GOLD, JULY)
    assert (rate.hundredths, rate.campaign_id) == (450, 8)
    assert rules.rate(Work(OrderKind.MINOR_REPAIR), TierCode.GOLD, JULY).hundredths == 225


@pytest.mark.parametrize(
    ("work", "tier", "on", "hundredths"),
    [
        (Work("accessories", "electric"), TierCode.SILVER, date(2026, 6, 1), 180),
        (Work("accessories", "electric"), TierCode.SILVER, date(2026, 8, 31), 180),
        (Work("accessories", "electric"), TierCode.SILVER, date(2026, 9, 1), 120),
        (Work("accessories", "electric"), TierCode.SILVER, date(2026, 5, 31), 120),
        (Work("accessories", "fuel"), TierCode.SILVER, JULY, 120),
        (Work("accessories", None), TierCode.SILVER, JULY, 120),
        (Work("minor-repair", "electric"), TierCode.SILVER, JULY, 120),
        (Work("accessories", "electric"), TierCode.GOLD, JULY, 150),
    ],
)
def test_a_campaign_keeps_its_days_and_limits(
    work: Work, tier: TierCode, on: date, hundredths: int
) -> None:
    """Both days are included; red when a limit is forgotten in Campaign.fits."""
    limits = {"kinds": frozenset({"accessories"}), "energies": frozenset({"electric"})}
    limited = replace(SUMMER, tiers=frozenset({"silver"}), **limits)
    assert replace(FIRST, campaigns=(limited,)).rate(work, tier, on).hundredths == hundredths


def test_a_line_keeps_its_rate_version_and_campaign(db: Session) -> None:
    """R11: an electric car in a campaign for such; red when energies are not looked up."""
    campaign = RuleCampaign(
        name_zh="电车双倍", from_on=TODAY, until_on=TODAY, hundredths=200, energies=["electric"]
    )
    made = set_rules.version(db, TODAY, rates={"accessories": 50}, campaigns=(campaign,))
    who, car = scene.owner(db), Vehicle(energy=Energy.ELECTRIC, created_at=scene.NOW)
    db.add(car)
    db.flush()
    line = scene.line(db, who, TODAY, 300_00, kind=OrderKind.ACCESSORIES)
    line.order.vehicle_id = car.id
    scene.settle(db, line)
    row = db.get_one(Earning, line.id)
    assert (row.multiplier, row.points, row.campaign_id) == (100, 300, campaign.id)
    entry = db.scalars(select(LedgerEntry).where(LedgerEntry.owner_id == who.id)).one()
    assert (row.rule_version_id, entry.rule_version_id) == (made.id, made.id)


def test_work_that_earns_nothing_still_counts_towards_the_tier(db: Session) -> None:
    """A rate of 0; red when such a line is left out."""
    set_rules.version(db, TODAY, rates={"accessories": 0})
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 3_000_00, kind=OrderKind.ACCESSORIES)
    assert (ledger.balance(db, who.id), facts.from_scratch(db, who.id, today=TODAY).tier) == (
        0,
        "silver",
    )


def test_lower_thresholds_lift_on_their_first_day(db: Session) -> None:
    """Who spent ¥2,000 rises at night, without an order; red when turns are not passed."""
    who, later = scene.owner(db), TODAY + days(40)
    scene.buy(db, who, TODAY, 2_000_00)
    easier = ((0, 100), (1_500_00, 120), (8_000_00, 150), (20_000_00, 200))
    version = set_rules.version(db, later, steps=easier)
    facts.refresh(db, [who.id], today=TODAY)
    before = scene.brought_up_to(db, who, later - days(1)).tier
    after = scene.brought_up_to(db, who, later)
    change = db.scalars(select(TierChange).where(TierChange.owner_id == who.id)).one()
    assert (before, after.tier, change.reason) == ("general", "silver", "new-rules")
    assert (change.changed_on, change.rule_version_id) == (later, version.id)
    assert facts.from_scratch(db, who.id, today=later) == after


def test_higher_thresholds_take_a_tier_only_at_its_review() -> None:
    """R10: gold stays until its day; red when the path falls on the day of the new rules."""
    harder = tuple(replace(r, threshold_fen=r.threshold_fen * 10) for r in FIRST.tiers)
    turn = date(2026, 5, 1)
    book = RuleBook([FIRST, replace(FIRST, version_id=2, starts_on=turn, tiers=harder)])
    path = walk(book, [Spend(date(2026, 3, 1), 9_000_00)])
    held = [at_end_of(path, day).tier for day in (turn, date(2027, 2, 28), date(2027, 3, 1))]
    assert held == [TierCode.GOLD, TierCode.GOLD, TierCode.SILVER]


@st.composite
def changed(draw: st.DrawFn) -> tuple[int, ...]:
    return tuple(draw(st.integers(1, 400)) for _ in range(4))


@given(changed(), changed(), st.integers(0, 60), st.integers(1, 30_000_00))
def test_under_notice_nobody_gets_less_than_under_either(
    old: tuple[int, ...], new: tuple[int, ...], after: int, fen: int
) -> None:
    """The better result of both, order by order; red when the coming rules alone decide."""
    first, second = (
        replace(
            FIRST,
            version_id=number,
            tiers=tuple(
                replace(row, multiplier=times, threshold_fen=row.threshold_fen * times // 100)
                for row, times in zip(FIRST.tiers, sorted(some), strict=True)
            ),
        )
        for number, some in enumerate((old, new), 1)
    )
    notice, start = date(2026, 4, 1), date(2026, 6, 1)
    coming = replace(second, starts_on=start, notice_from=notice)
    on, work = notice + days(after), Work("minor-repair")
    paths = [RuleBook([first, coming]), RuleBook([first]), RuleBook([second])]
    tiers = [at_end_of(walk(book, [Spend(on, fen)]), on).tier.rank for book in paths]
    assert tiers[0] == max(tiers)
    rates = [book.on(on).rate(work, TierCode.GENERAL, on).hundredths for book in paths]
    assert rates[0] == max(rates)


def test_published_rules_are_never_written_over(db: Session) -> None:
    """R11, against every way through the models; red without the listeners."""
    made = set_rules.version(db, TODAY)
    for spoil in (
        lambda: setattr(made, "base_rate", 200),
        lambda: setattr(made.tiers[1], "multiplier", 500),
        lambda: made.tiers.pop(),
        lambda: setattr(made, "published_at", None),
    ):
        nested = db.begin_nested()
        spoil()
        with pytest.raises(PublishedNeverChanges):
            db.flush()
        nested.rollback()
        db.refresh(made)
    assert db.get_one(RuleVersion, made.id).base_rate == 100
