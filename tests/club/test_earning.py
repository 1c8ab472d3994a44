"""What orders earn and refunds take back, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import checking, facts, ledger
from club.models import Earning, EntryKind, LedgerEntry, RuleTier, RuleVersion, TierCode
from members.models import MemberFacts, OrderKind, Owner, PaidBy
from tests.club import scene
from tests.club.scene import NOW, TODAY, days
from tests.club.test_replay import tally_of


def kinds(db: Session, who: Owner) -> list[tuple[EntryKind, int]]:
    rows = db.execute(
        select(LedgerEntry.kind, LedgerEntry.points)
        .where(LedgerEntry.owner_id == who.id)
        .order_by(LedgerEntry.id)
    )
    return [(row.kind, row.points) for row in rows]


def spend(db: Session, who: Owner, points: int, on: date = TODAY) -> None:
    ledger.spend(
        db, who.id, points, cause_kind="bill", cause_id="1", on=on, by=None, now=scene.moment(on)
    )


def test_a_line_earns_a_point_per_whole_yuan(db: Session) -> None:
    """¥99.99 earns 99; red when the product is rounded."""
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 99_99)
    assert ledger.balance(db, who.id) == 99


def test_the_multiplier_is_that_of_the_tier_before_the_order(db: Session) -> None:
    """¥8,000 in general earns 8,000, then gold's 1.5; red when the tier after it is taken."""
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 8_000_00)
    scene.buy(db, who, TODAY + days(1), 100_00)
    assert ledger.balance(db, who.id) == 8_150


@pytest.mark.parametrize(
    "facts_of_line",
    [
        {"kind": OrderKind.WARRANTY},
        {"paid_by": PaidBy.WARRANTY},
        {"paid_by": PaidBy.INSURANCE},
        {"paid_by": PaidBy.FREE},
        {"paid_by": PaidBy.POINTS},
        {"paid_by": PaidBy.VOUCHER},
    ],
    ids=str,
)
def test_what_the_owner_did_not_pay_is_left_out(
    db: Session, facts_of_line: dict[str, object]
) -> None:
    """R7: no points, no spend, and the line says why; red when left_out gives None."""
    who = scene.owner(db)
    made = scene.buy(db, who, TODAY, 9_000_00, **facts_of_line)
    row = db.get_one(MemberFacts, who.id)
    assert (row.points, row.spend_fen, row.tier) == (0, 0, "general")
    assert db.get_one(Earning, made.id).left_out


def test_all_lines_of_an_order_meet_the_tier_before_it(db: Session) -> None:
    """The line that reaches gold and the one beside it earn as silver, in one file or in two, and
    a trial under the rules in force sees the same; red with the tier before each line."""
    together, apart = scene.owner(db), scene.owner(db)
    for who in (together, apart):
        scene.buy(db, who, TODAY, 3_000_00)
    both = [scene.line(db, together, TODAY + days(1), fen, no="T-1") for fen in (5_000_00, 100_00)]
    scene.settle(db, *both)
    for fen in (5_000_00, 100_00):
        scene.settle(db, scene.line(db, apart, TODAY + days(1), fen, no="A-1"))
    for who in (together, apart):
        assert ledger.balance(db, who.id) == 3_000 + 6_000 + 120
        assert db.get_one(MemberFacts, who.id).tier == "gold"
        assert scene.buy(db, who, TODAY + days(2), 100_00).fen
        assert ledger.balance(db, who.id) == 9_120 + 150


@pytest.mark.parametrize("first", ["dms", "tyres"])
def test_two_systems_may_give_one_number_on_one_day(db: Session, first: str) -> None:
    """R8: the second of them meets the tier that the first led to, in one file or in two, and a
    trial under the rules in force sees the same; red where an order is its day and number."""
    together, apart = scene.owner(db), scene.owner(db)
    sums = {"dms": 3_000_00, "tyres": 100_00}
    lines = [scene.line(db, together, TODAY, sums[each], no="T-1", source=each) for each in sums]
    scene.settle(db, *lines)
    for minutes, each in enumerate(sorted(sums, key=first.__ne__)):
        bought = scene.line(db, apart, TODAY, sums[each], no="A-1", source=each)
        bought.order.recorded_at += timedelta(minutes=minutes)
        scene.settle(db, bought)
    assert ledger.balance(db, together.id) == 3_000 + 120
    assert ledger.balance(db, apart.id) == 3_000 + (120 if first == "dms" else 100)
    assert tally_of(db, TODAY).unlike == 0


def test_a_linked_refund_takes_back_what_its_line_earned(db: Session) -> None:
    """R5: of two lines the older one is refunded in full; red when links are not followed."""
    who = scene.owner(db)
    first = scene.buy(db, who, TODAY, 100_00)
    scene.buy(db, who, TODAY + days(1), 300_00)
    scene.buy(db, who, TODAY + days(2), -100_00, refund_of_id=first.id)
    assert db.get_one(Earning, first.id).points == 0
    assert ledger.balance(db, who.id) == 300


def test_partial_refunds_never_give_back_more_than_was_earned(db: Session) -> None:
    """R5: three refunds of a third each, then one too many; red when each is floored alone."""
    who = scene.owner(db)
    bought = scene.buy(db, who, TODAY, 100_00)
    left = []
    for number, fen in enumerate((33_33, 33_33, 33_34, 50_00)):
        scene.buy(db, who, TODAY + days(number), -fen, refund_of_id=bought.id)
        left.append(ledger.balance(db, who.id))
    assert left == [66, 33, 0, 0]


def test_an_unlinked_refund_walks_the_newest_lines_back(db: Session) -> None:
    """R5: ¥150 off lines of ¥100 and ¥200 leaves ¥100 and ¥50; red with the oldest first."""
    who = scene.owner(db)
    old = scene.buy(db, who, TODAY, 100_00)
    new = scene.buy(db, who, TODAY + days(1), 200_00)
    scene.buy(db, who, TODAY + days(2), -150_00)
    left = [db.get_one(Earning, each.id).fen_left for each in (old, new)]
    assert left == [100_00, 50_00]
    assert kinds(db, who)[-1] == (EntryKind.REFUND, -150)


def test_a_refund_without_purchases_makes_no_debt(db: Session) -> None:
    """Only net spend is lowered; red when the leftover is drawn from the purse."""
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 40_00)
    scene.buy(db, who, TODAY + days(1), -100_00)
    scene.buy(db, who, TODAY + days(2), 25_00)
    assert ledger.balance(db, who.id) == 25


def test_within_a_day_purchases_come_before_refunds(db: Session) -> None:
    """The file says the refund first; red when lines are taken as they come."""
    who = scene.owner(db)
    back = scene.line(db, who, TODAY, -50_00, no="A1")
    bought = scene.line(db, who, TODAY, 80_00, no="B1")
    scene.settle(db, back, bought)
    assert ledger.balance(db, who.id) == 30


def test_refunded_points_that_are_spent_become_a_debt(db: Session) -> None:
    """R5: −100 is shown and the next 150 repay it; red when the draw stops at zero."""
    who = scene.owner(db)
    bought = scene.buy(db, who, TODAY, 100_00)
    spend(db, who, 100)
    scene.buy(db, who, TODAY + days(1), -100_00, refund_of_id=bought.id)
    in_debt = ledger.balance(db, who.id)
    scene.buy(db, who, TODAY + days(2), 150_00)
    assert (in_debt, ledger.balance(db, who.id)) == (-100, 50)
    assert list(checking.differences(db)) == []


def test_points_that_expired_are_not_taken_back_again(db: Session) -> None:
    """R5: a late refund of an expired line owes nothing; red without _unexpire."""
    who = scene.owner(db)
    bought = scene.buy(db, who, TODAY, 100_00)
    late = date(2028, 6, 1)
    ledger.expire_due(db, [who.id], today=late, now=scene.moment(late))
    scene.buy(db, who, late, -40_00, refund_of_id=bought.id)
    assert kinds(db, who)[2:] == [(EntryKind.UNDO, 40), (EntryKind.REFUND, -40)]
    assert ledger.balance(db, who.id) == 0


def test_a_late_order_uses_the_rules_of_its_day(db: Session) -> None:
    """R11: doubled from April on; a March order told in May earns once, and nothing past moves.

    Red when the rules of today are taken.
    """
    who = scene.owner(db)
    april = RuleVersion(name="2", starts_on=date(2026, 4, 1), published_at=NOW)
    april.tiers = [RuleTier(tier=TierCode.GENERAL, threshold_fen=0, multiplier=200)]
    db.add(april)
    scene.buy(db, who, date(2026, 5, 1), 100_00)
    late = scene.buy(db, who, date(2026, 3, 20), 100_00)
    versions = select(LedgerEntry.rule_version_id).order_by(LedgerEntry.id)
    assert [version == april.id for version in db.scalars(versions)] == [True, False]
    assert db.get_one(Earning, late.id).points == 100
    assert ledger.balance(db, who.id) == 300


def test_a_corrected_amount_adds_an_entry(db: Session) -> None:
    """A line told again as ¥60 instead of ¥100; red when the first entry is edited."""
    who = scene.owner(db)
    bought = scene.buy(db, who, TODAY, 100_00)
    bought.fen = 60_00
    scene.settle(db, bought)
    bought.fen = 75_00
    scene.settle(db, bought)
    assert kinds(db, who) == [
        (EntryKind.EARN, 100),
        (EntryKind.ADJUST, -40),
        (EntryKind.ADJUST, 15),
    ]
    assert list(checking.differences(db)) == []


def test_a_corrected_refund_is_taken_anew(db: Session) -> None:
    """A refund of ¥80 was one of ¥30; red without _restore_cuts."""
    who = scene.owner(db)
    bought = scene.buy(db, who, TODAY, 100_00)
    back = scene.buy(db, who, TODAY + days(1), -80_00)
    back.fen = -30_00
    scene.settle(db, back)
    assert db.get_one(Earning, bought.id).fen_left == 70_00
    assert ledger.balance(db, who.id) == 70
    assert list(checking.differences(db)) == []


def test_facts_agree_with_a_rebuild_while_the_clock_moves(db: Session) -> None:
    """Every quarter of four years: red when the review forgets the expiry or the standing."""
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 9_000_00)
    scene.buy(db, who, TODAY + days(200), 500_00)
    scene.buy(db, who, TODAY + days(201), -300_00)
    seen = []
    for number in range(16):
        day = TODAY + days(201 + 91 * number)
        kept = scene.brought_up_to(db, who, day)
        found = facts.from_scratch(db, who.id, today=day)
        assert replace(kept, spend_as_of=day) == found
        seen.append((found.tier.value, found.points))
    assert seen[0] == ("gold", 9_300)
    assert seen[-1] == ("general", 0)


def test_a_refund_that_turns_out_and_in_again_counts_each_time(db: Session) -> None:
    """R5, R8: the insurer's, the owner's, and so on: each time by entries of its own. Red when what
    was put back whole is taken as if nothing had ever been taken: two entries of one cause."""
    bought = scene.buy(db, who := scene.owner(db), TODAY, 100_00)
    refund = scene.buy(db, who, TODAY + days(1), -100_00, refund_of_id=bought.id)
    held = []
    for payer in (PaidBy.INSURANCE, PaidBy.OWNER, PaidBy.INSURANCE, PaidBy.OWNER):
        refund.paid_by = payer
        db.flush()
        scene.settle(db, refund, today=TODAY + days(2))
        held.append(ledger.balance(db, who.id))
    assert held == [100, 0, 100, 0]
    assert list(checking.differences(db)) == []
