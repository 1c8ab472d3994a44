"""Quotes at the till: used once, taken back whole, and what they cover earns nothing."""

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from club import (
    agreements,
    checking,
    giving_back,
    ledger,
    quote_use,
    quotes,
    voucher_passing,
    voucher_return,
)
from club.agreements import PriceWords
from club.models import (
    Earning,
    LedgerEntry,
    QuoteState,
    ServiceDiscount,
    Shape,
    TierCode,
    TillQuote,
    Voucher,
    VoucherUse,
)
from club.quote_use import NotAsPriced, OrderSettled
from club.quotes import Asked, TooManyPoints
from club.till_prices import Item
from foundation.refusals import Refusal
from members.facts import facts_of
from members.models import Membership, OrderKind, Owner, OwnerKind
from tests import making
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY
from tests.conftest import Sessions
from tests.events.racing import once_free, race

WORK = (Item(1_000_00, OrderKind.SCHEDULED, "保养"),)
DESKS = 8


def member(db: Session, points: int = 5_000) -> Owner:
    who = scene.owner(db)
    facts_of(db, who.id).tier = "general"
    ledger.give_bonus(
        db,
        who.id,
        points,
        cause_kind="test",
        cause_id="1",
        reason="开门",
        on=TODAY,
        by=None,
        now=NOW,
    )
    return who


def quote(
    db: Session, who: Owner, *, points: int = 2_000, order_no: str | None = "W9"
) -> TillQuote:
    """¥1,000 of work, a ¥100 voucher and points: ¥880 to pay."""
    one = vouching.voucher(db, who)
    asked = Asked(WORK, (one.id,), points, order_no)
    return quotes.price(db, who.id, asked, request_id=f"q{one.id}", today=TODAY, by=None, now=NOW)


def apply(db: Session, one: TillQuote) -> None:
    quote_use.apply(db, one, today=TODAY, by=None, now=NOW)


def undo(db: Session, one: TillQuote) -> None:
    quote_use.undo(db, one, reason="客户改期", today=TODAY, by=None, now=NOW)


def test_pricing_uses_nothing_and_applying_uses_all_once(db: Session) -> None:
    """red when the state is not compared in the update"""
    who = member(db)
    one = quote(db, who)
    before = ledger.balance(db, who.id)
    apply(db, one)
    apply(db, one)
    uses = db.scalars(select(VoucherUse.fen)).all()
    assert (before, ledger.balance(db, who.id), uses, one.pay_fen) == (
        5_000,
        3_000,
        [100_00],
        880_00,
    )


def test_taking_back_returns_vouchers_and_points_once(db: Session) -> None:
    who = member(db)
    one = quote(db, who)
    apply(db, one)
    undo(db, one)
    with pytest.raises(OrderSettled):
        undo(db, one)
    left = db.scalars(select(Voucher.used)).all()
    assert (ledger.balance(db, who.id), left, one.state) == (5_000, [0], QuoteState.UNDONE)


def test_half_of_a_quote_is_not_given_back(db: Session) -> None:
    """R6: its points and its voucher return with the quote only; red without either refusal."""
    who, clerk = member(db), making.make_staff(db).id
    one = quote(db, who)
    apply(db, one)
    spending, use = db.get_one(LedgerEntry, one.entry_id), db.scalars(select(VoucherUse)).one()
    said = {"reason": "退", "by": clerk, "now": NOW}
    with pytest.raises(giving_back.PartOfQuote):
        giving_back.undo_spending(db, spending, on=TODAY, **said)
    with pytest.raises(voucher_return.PartOfQuote):
        voucher_return.undo_redeem(db, use, today=TODAY, **said)
    assert (ledger.balance(db, who.id), use.voucher.used) == (3_000, 1)
    undo(db, one)
    assert (ledger.balance(db, who.id), use.voucher.used) == (5_000, 0)


def test_who_left_the_club_pays_the_list_price(db: Session) -> None:
    """Tier and points are for members; a company's agreed price stays. Red without the look at
    the membership."""
    who = member(db)
    paint = Item(500_00, OrderKind.BODY_PAINT)
    db.add(ServiceDiscount(tier=TierCode.GENERAL, kind=OrderKind.SCHEDULED, percent=10))
    words = PriceWords(kind=OrderKind.BODY_PAINT, percent=80, fen=None, from_on=TODAY)
    who.kind = OwnerKind.COMPANY
    agreements.agree(db, who, words, by=None, now=NOW)
    asked = Asked((*WORK, paint))
    facts = {"today": TODAY, "by": None, "now": NOW}
    one = quotes.price(db, who.id, asked, request_id="in", **facts)
    most = quotes.most_points(db, who.id, asked, today=TODAY)
    db.get_one(Membership, who.id).left_on = TODAY
    db.flush()
    with pytest.raises(NotAsPriced):
        quote_use.apply(db, one, today=TODAY, by=None, now=NOW)
    other = quotes.price(db, who.id, asked, request_id="out", **facts)
    with pytest.raises(ledger.NotAMember):
        quotes.price(db, who.id, Asked(WORK, points=1), request_id="points", **facts)
    assert (one.pay_fen, other.pay_fen, most) == (1_300_00, 1_400_00, 5_000)
    assert quotes.most_points(db, who.id, asked, today=TODAY) == 0


def test_more_points_than_thirty_percent_are_refused(db: Session) -> None:
    who = member(db, 99_000)
    with pytest.raises(TooManyPoints):
        quote(db, who, points=27_001)


def test_a_quote_that_is_no_longer_true_is_refused(db: Session) -> None:
    """A tier gained meanwhile changes the discount; red without working it out again."""
    who = member(db)
    one = quote(db, who)
    db.add(ServiceDiscount(tier=TierCode.GENERAL, kind=OrderKind.SCHEDULED, percent=10))
    db.flush()
    with pytest.raises(NotAsPriced):
        apply(db, one)


def test_a_gift_that_was_passed_on_is_missed(db: Session) -> None:
    """It takes nothing off, so only the vouchers themselves tell; red when prices alone do."""
    who, friend = member(db), making.make_member(db)
    gift = vouching.kind(db, shape=Shape.ITEM, fen=0, transferable=True)
    asked = Asked(WORK, (vouching.voucher(db, who, gift).id,))
    one = quotes.price(db, who.id, asked, request_id="q", today=TODAY, by=None, now=NOW)
    number = db.get_one(Membership, friend.id).number
    given = db.get_one(Voucher, asked.voucher_ids[0])
    voucher_passing.pass_on(db, given, number, today=TODAY, by=None, now=NOW)
    with pytest.raises(NotAsPriced):
        apply(db, one)


def test_what_was_covered_earns_nothing_when_the_file_brings_the_list_price(db: Session) -> None:
    """R7: 880 points of ¥1,000; red without the cover"""
    who = member(db)
    apply(db, quote(db, who))
    line = scene.buy(db, who, TODAY, 1_000_00, no="W9", kind=OrderKind.SCHEDULED)
    earned = db.get_one(Earning, line.id)
    assert (earned.fen, earned.points) == (880_00, 880)


def test_a_file_with_the_paid_amount_is_believed(db: Session) -> None:
    """R7: the cover is not taken twice; another order of the day earns in full."""
    who = member(db)
    apply(db, quote(db, who))
    paid = scene.buy(db, who, TODAY, 880_00, no="W9")
    other = scene.buy(db, who, TODAY, 1_000_00, no="W10")
    points = [db.get_one(Earning, one.id).points for one in (paid, other)]
    assert points == [880, 1_000]


def test_a_file_that_came_first_is_settled_again(db: Session) -> None:
    """R7, R1: applied after the import the points follow, taken back they return"""
    who = member(db)
    one = quote(db, who)
    line = scene.buy(db, who, TODAY, 1_000_00, no="W9")
    apply(db, one)
    after = db.get_one(Earning, line.id).points
    undo(db, one)
    assert (after, db.get_one(Earning, line.id).points) == (880, 1_000)
    assert (ledger.balance(db, who.id), list(checking.differences(db))) == (6_000, [])


def test_an_order_is_settled_by_one_quote(db: Session) -> None:
    who = member(db)
    first, second = quote(db, who), quote(db, who)
    apply(db, first)
    with pytest.raises(OrderSettled):
        apply(db, second)


def test_the_database_forbids_two_quotes_on_one_order(db: Session) -> None:
    who = member(db)
    one, two = quote(db, who), quote(db, who)
    one.state = two.state = QuoteState.APPLIED
    with pytest.raises(IntegrityError):
        db.flush()


def apply_here(sessions: Sessions, quote_id: int) -> str:
    return once_free(sessions, _apply, quote_id)


def _apply(db: Session, quote_id: int) -> str:
    try:
        apply(db, db.get_one(TillQuote, quote_id))
    except Refusal as no:
        db.rollback()
        return type(no).__name__
    return "applied"


def test_eight_desks_apply_a_quote_once(sessions: Sessions, database_url: str) -> None:
    """One spending and one redemption; red without the state in the condition of the update"""
    with sessions() as db:
        who = member(db)
        made = quote(db, who)
        db.commit()
        quote_id, owner_id = made.id, who.id
    said = Counter(race(database_url, [(apply_here, (quote_id,)) for _desk in range(DESKS)]))
    with sessions() as db:
        uses = db.scalar(select(func.count()).select_from(VoucherUse))
        spent = db.scalar(select(func.count()).where(LedgerEntry.cause_kind == quote_use.CAUSE))
        assert (said["applied"], uses, spent) == (DESKS, 1, 1)
        assert ledger.balance(db, owner_id) == 3_000
