"""The manager's figures: each equals what is counted from the rows one by one, in plain Python."""

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import (
    benefit_figures,
    entitlements,
    join_figures,
    ledger,
    offer_use,
    partner_figures,
    point_figures,
    return_figures,
    tier_figures,
    voucher_figures,
    voucher_return,
    vouchers,
)
from club.figures import points_outstanding
from club.models import (
    Benefit,
    BenefitUse,
    LedgerEntry,
    Lot,
    OfferUse,
    Partner,
    PartnerOffer,
    TierChange,
    TierCode,
    VoucherUse,
)
from foundation.periods import DAY, period_between
from members.facts import facts_of
from members.models import (
    PACKAGE_SALE,
    MemberFacts,
    Membership,
    OrderKind,
    Owner,
    PaidBy,
)
from tests import making
from tests.club import scene, vouching
from tests.club.scene import TODAY

ZONE = ZoneInfo("Asia/Shanghai")
PERIOD = period_between(date(2025, 9, 1), TODAY)


def member(db: Session, joined: date, left: date | None = None) -> Owner:
    who = scene.owner(db)
    row = db.get_one(Membership, who.id)
    row.joined_on, row.left_on = joined, left
    db.flush()
    return who


def spend(db: Session, who: Owner, points: int, on: date) -> LedgerEntry:
    cause = {"cause_kind": "till-quote", "cause_id": f"{who.id}"}
    return ledger.spend(db, who.id, points, **cause, on=on, by=None, now=scene.NOW)


def correct(db: Session, who: Owner, on: date) -> None:
    """A change of an earlier day that is noted last."""
    values = {"changed_on": on, "recorded_at": scene.NOW, "reason": "recount", "spend_fen": 0}
    tiers = {"before": TierCode.GENERAL, "after": TierCode.GOLD}
    db.add(TierChange(owner_id=who.id, **values, **tiers))
    db.flush()


def test_points_add_up_to_the_ledger(db: Session) -> None:
    """R1; red when a debt counts as points, what was undone as expired, or what ends with the day
    as outstanding after it"""
    rich, poor = member(db, date(2024, 1, 1)), member(db, date(2024, 1, 1))
    scene.buy(db, rich, date(2024, 2, 10), 4000_00)
    bought = scene.buy(db, poor, date(2025, 12, 5), 900_00)
    scene.buy(db, rich, date(2026, 1, 20), 100_00)
    spend(db, poor, 800, date(2026, 1, 8))
    entry = spend(db, rich, 300, date(2026, 1, 9))
    scene.brought_up_to(db, rich, TODAY)
    ledger.undo(db, entry, reason="x", on=TODAY, by=None, now=scene.NOW)
    scene.settle(db, scene.line(db, poor, TODAY, -900_00, refund_of_id=bought.id))
    entries = db.scalars(select(LedgerEntry)).all()
    found = point_figures.flows(db, date(2024, 1, 1), TODAY)
    counted: Counter[str] = Counter()
    for one in entries:
        counted[f"{one.effective_on:%Y-%m}"] += one.points
    assert {month: flow.change for month, flow in found.items()} == counted
    held = point_figures.outstanding(db, TODAY)
    assert (held.debts, held.total) == (-800, sum(one.points for one in entries))
    assert held.total == points_outstanding(db, TODAY)
    last = max(lot.expires_on for lot in db.scalars(select(Lot)) if lot.rest > 0)
    for day in (last - timedelta(days=1), last):
        assert point_figures.outstanding(db, day).total == points_outstanding(db, day)
    now = found["2026-03"]
    assert (now.spent, now.expired, now.taken_back) == (300, -300, -900)


def test_tiers_are_those_held_at_both_ends(db: Session) -> None:
    """Red when the last change is taken by its id only, or when the tier before is taken on the
    period's first day"""
    riser, keeper = member(db, date(2024, 1, 1)), member(db, date(2024, 1, 1))
    new, gone = member(db, date(2025, 12, 1)), member(db, date(2024, 1, 1), TODAY)
    scene.buy(db, keeper, date(2025, 3, 10), 3500_00)
    scene.buy(db, gone, date(2025, 3, 10), 3500_00)
    scene.buy(db, riser, date(2025, 8, 31), 3000_00)
    scene.buy(db, riser, PERIOD.first, 9000_00)
    scene.buy(db, new, date(2026, 2, 2), 3000_00)
    correct(db, keeper, date(2025, 2, 1))
    found = tier_figures.moves(db, PERIOD)
    seen = {(one.before.value, one.after.value, one.joined): one.members for one in found.rows}
    assert seen == {
        ("silver", "gold", False): 1,
        ("silver", "silver", False): 1,
        ("general", "silver", True): 1,
    }
    assert (found.kept(TierCode.SILVER), found.standing(TierCode.SILVER, at_end=False)) == (1, 2)
    stored = Counter(
        db.scalars(
            select(MemberFacts.tier).where(MemberFacts.owner_id.in_([riser.id, keeper.id, new.id]))
        )
    )
    ends = {tier: found.standing(tier, at_end=True) for tier in TierCode}
    assert {tier.value: count for tier, count in ends.items() if count} == stored
    changes = db.scalars(select(TierChange).where(TierChange.changed_on >= PERIOD.first)).all()
    rises = sum(one.after.rank > one.before.rank for one in changes)
    moved = tier_figures.changes(db, PERIOD.first, PERIOD.last)
    assert (sum(up for up, _down in moved.values()), rises) == (2, 2)


def test_what_was_given_is_counted_once_and_not_when_it_was_undone(db: Session) -> None:
    """R14; red without `undone_at IS NULL` in any of the three, or with today's average on a
    benefit that has a cost of its own"""
    who = member(db, date(2024, 5, 20))
    facts_of(db, who.id).tier = "gold"
    benefit = db.scalars(select(Benefit).where(Benefit.code == "wheel-alignment")).one()
    benefit.cost_fen = 120_00
    noted = [
        entitlements.use(db, who.id, benefit, request_id=no, today=TODAY, by=None, now=scene.NOW)
        for no in "ab"
    ]
    account = making.make_staff(db).id
    entitlements.undo(db, noted[0], reason="x", by=account, now=scene.NOW)
    vouched = [vouching.voucher(db, who) for _each in range(4)]
    uses = [vouching.redeem(db, one) for one in vouched[:2]]
    voucher_return.undo_redeem(db, uses[0], reason="x", today=TODAY, by=account, now=scene.NOW)
    vouchers.revoke(db, vouched[2], reason="x", by=account, now=scene.NOW)
    partner = Partner(name_zh="茶舍", trade="tea", offers=[])
    offer = PartnerOffer(shop_id=scene.shop(db).id, partner=partner, title_zh="茶", pays_fen=15_00)
    db.add_all([partner, offer])
    db.flush()
    for no in "ab":
        made = offer_use.use(db, offer, who.id, request_id=no, today=TODAY, by=None, now=scene.NOW)
    offer_use.undo(db, made, reason="x", by=account, now=scene.NOW)
    benefits = {
        one.benefit.id: (one.uses, one.fen)
        for one in benefit_figures.used(db, TODAY, TODAY)
        if one.uses
    }
    standing = [one for one in db.scalars(select(BenefitUse)) if one.undone_at is None]
    assert benefits == {benefit.id: (len(standing), 120_00)}
    kinds = voucher_figures.by_kind(db, PERIOD, today=TODAY)
    whole = voucher_figures.total(kinds)
    assert (whole.issued, whole.redeemed, whole.revoked, whole.open) == (4, 1, 1, 2)
    taken = sum(one.fen for one in db.scalars(select(VoucherUse)) if one.undone_at is None)
    assert sum(one.fen for one in kinds) == taken == uses[1].fen
    ours = [one for one in partner_figures.confirmed(db, TODAY, TODAY) if one.partner is partner]
    paid = [one.pays_fen for one in db.scalars(select(OfferUse)) if one.undone_at is None]
    assert [(one.uses, one.fen) for one in ours] == [(len(paid), sum(paid))] == [(1, 15_00)]
    costs = return_figures.costs(db, PERIOD, zone=ZONE)
    assert (costs.benefits, costs.vouchers, costs.partners) == (120_00, taken, 15_00)


def test_members_and_others_by_the_day_of_the_order(db: Session) -> None:
    """R5, R7: red when insurance counts, when a refund does not, when an order before joining is
    a member's, or when two lines of one order are two visits"""
    joined, stranger = member(db, date(2026, 1, 1)), scene.owner(db, member=False)
    left = member(db, date(2024, 1, 1), date(2025, 10, 1))
    scene.line(db, joined, date(2025, 12, 31), 500_00)
    double = scene.line(db, joined, date(2026, 1, 1), 300_00)
    scene.line(db, joined, date(2026, 1, 5), 9000_00, paid_by=PaidBy.INSURANCE)
    scene.line(db, joined, date(2026, 1, 9), -100_00, refund_of_id=double.id)
    second = scene.line(db, joined, date(2026, 1, 1), 40_00)
    second.order_id, second.line_no = double.order_id, 2
    scene.line(db, stranger, TODAY, 70_00)
    scene.line(db, stranger, TODAY + DAY, 70_00)
    scene.line(db, left, date(2025, 10, 1), 60_00)
    db.flush()
    mine, others = return_figures.members_and_others(db, PERIOD)
    assert (mine.owners, mine.visits, mine.fen) == (1, 1, 240_00)
    assert (others.owners, others.visits, others.fen) == (3, 3, 630_00)


def test_the_price_of_a_car_is_no_work_and_a_package_no_visit(db: Session) -> None:
    """Section 3: red when a delivery or what came back of it counts, or the sale as a visit"""
    joined = member(db, date(2026, 1, 1))
    car = scene.line(db, joined, date(2026, 1, 2), 200_000_00, kind=OrderKind.DELIVERY)
    scene.line(db, joined, date(2026, 1, 3), -1_000_00, refund_of_id=car.id)
    scene.line(db, joined, date(2026, 1, 4), 900_00, kind=OrderKind.PACKAGE, source=PACKAGE_SALE)
    scene.line(db, joined, date(2026, 1, 5), 100_00)
    mine, others = return_figures.members_and_others(db, PERIOD)
    assert (mine.owners, mine.visits, mine.fen, others.fen) == (1, 1, 1_000_00, 0)


def test_before_and_after_joining_leaves_the_month_of_joining_out(db: Session) -> None:
    """Red when the month of joining counts, when a window is a month longer, or when who had
    never come is among those who had"""
    old, fresh = member(db, date(2024, 6, 15)), member(db, date(2024, 6, 30))
    member(db, date(2025, 3, 1))  # whose year after is not over
    for on, fen in [("2023-05-31", 1), ("2023-06-01", 10), ("2024-05-31", 100), ("2024-06-20", 7)]:
        scene.line(db, old, date.fromisoformat(on), fen * 100)
    for on, fen in [("2024-07-01", 1000), ("2025-06-30", 2000), ("2025-07-01", 5)]:
        scene.line(db, old, date.fromisoformat(on), fen * 100)
    scene.line(db, fresh, date(2024, 8, 1), 50_00)
    everybody, known = return_figures.before_and_after(db, today=TODAY)
    assert return_figures.cohort_months(TODAY) == (date(2024, 3, 1), date(2025, 2, 1))
    assert everybody == return_figures.BeforeAfter(2, 110_00, 3050_00, 2, 3)
    assert known == return_figures.BeforeAfter(1, 110_00, 3000_00, 2, 2)


def test_joins_and_leavings_by_month(db: Session) -> None:
    member(db, date(2026, 1, 31)), member(db, date(2026, 2, 1), date(2026, 2, 28))
    assert join_figures.joined_by_month(db, PERIOD.first, PERIOD.last) == {
        "2026-01": 1,
        "2026-02": 1,
    }
    assert join_figures.left_by_month(db, PERIOD.first, PERIOD.last) == {"2026-02": 1}
    counts = [join_figures.members_at(db, day) for day in (date(2026, 2, 27), date(2026, 2, 28))]
    assert counts == [2, 1]
