"""Prices agreed with a company: kept, in force on their days, used at the till with the reason."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from club import agreements, quote_use, quotes, return_figures, voucher_use
from club.agreements import AgreedAlready, PriceNotReady, PriceWords
from club.models import AgreedPrice, ServiceDiscount, TierCode
from club.quote_use import NotAsPriced
from club.quotes import Asked
from club.till_prices import Agreed, Item
from club.voucher_prices import Line
from club.voucher_use import OrderDraft
from foundation.periods import period_between
from members.models import OrderKind, Owner, OwnerKind
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY

SERVICE, PAINT = OrderKind.SCHEDULED, OrderKind.BODY_PAINT
LATER = TODAY + timedelta(days=30)


def company(db: Session) -> Owner:
    who = scene.owner(db, name="云湖物流")
    who.kind = OwnerKind.COMPANY
    db.flush()
    return who


def agree(db: Session, who: Owner, **terms: object) -> AgreedPrice:
    values = {"kind": SERVICE, "percent": 80, "fen": None, "from_on": TODAY} | terms
    return agreements.agree(db, who, PriceWords(**values), by=None, now=NOW)


def test_the_till_says_the_agreed_price_and_why_no_voucher(db: Session) -> None:
    """A tier that takes off more and a voucher change nothing; an agreement that ended meanwhile
    makes the quote untrue. Red when the rights do not ask for agreements."""
    who = company(db)
    db.add(ServiceDiscount(tier=TierCode.GENERAL, kind=SERVICE, percent=50))
    price, voucher = agree(db, who), vouching.voucher(db, who)
    asked = Asked((Item(1_000_00, SERVICE),), order_no="W1")
    draft = quotes.draft_of(db, who.id, asked, today=TODAY)
    (choice,) = voucher_use.usable_now(db, who.id, draft, today=TODAY)
    assert "agreed price stands in for vouchers" in str(choice.why_not)
    with_voucher = Asked(asked.items, (voucher.id,))
    with pytest.raises(voucher_use.NotUsable):
        quotes.price(db, who.id, with_voucher, request_id="v", today=TODAY, by=None, now=NOW)
    one = quotes.price(db, who.id, asked, request_id="q", today=TODAY, by=None, now=NOW)
    assert (one.pay_fen, one.lines[0]["agreed"]) == (800_00, {"percent": 80, "fen": None})
    agreements.end(db, price, by=None, now=NOW)
    with pytest.raises(NotAsPriced):
        quote_use.apply(db, one, today=TODAY, by=None, now=NOW)
    with pytest.raises(agreements.EndedBefore):
        agreements.end(db, price, by=None, now=NOW)


def test_it_holds_from_its_first_to_its_last_day(db: Session) -> None:
    who = company(db)
    agree(db, who, from_on=LATER, until_on=LATER)
    days = [LATER - timedelta(days=1), LATER, LATER + timedelta(days=1)]
    assert [agreements.in_force(db, who.id, today=day) for day in days] == [
        {},
        {SERVICE: Agreed(80)},
        {},
    ]


def test_one_kind_of_work_has_one_price_at_a_time(db: Session) -> None:
    """Red when the last day is not compared; another kind and later days are free."""
    who = company(db)
    agree(db, who, until_on=LATER)
    for from_on, until_on in ((LATER, None), (TODAY - timedelta(days=9), TODAY), (TODAY, LATER)):
        with pytest.raises(AgreedAlready):
            agree(db, who, from_on=from_on, until_on=until_on)
    agree(db, who, from_on=LATER + timedelta(days=1), percent=None, fen=300_00)
    agree(db, who, kind=PAINT)
    assert len(agreements.of_company(db, who.id)) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": 100},
        {"percent": None},
        {"fen": 1},
        {"percent": None, "fen": 0},
        {"kind": OrderKind.WARRANTY},
        {"kind": OrderKind.DELIVERY},
        {"until_on": TODAY - timedelta(days=1)},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_what_cannot_be_agreed_is_refused(db: Session, wrong: dict[str, object]) -> None:
    with pytest.raises(PriceNotReady):
        agree(db, company(db), **wrong)


def test_prices_are_agreed_with_companies_alone(db: Session) -> None:
    with pytest.raises(agreements.NotACompany):
        agree(db, scene.owner(db))


def test_an_agreed_price_is_no_cost_of_the_club(db: Session) -> None:
    """One order with a discount by tier and an agreed price; red when the quote's whole reduction
    counts, which a fleet would fill."""
    who = company(db)
    db.add(ServiceDiscount(tier=TierCode.GENERAL, kind=PAINT, percent=10))
    agree(db, who)
    asked = Asked((Item(1_000_00, SERVICE), Item(500_00, PAINT)), order_no="W1")
    one = quotes.price(db, who.id, asked, request_id="q", today=TODAY, by=None, now=NOW)
    quote_use.apply(db, one, today=TODAY, by=None, now=NOW)
    day = period_between(TODAY, TODAY)
    cost = return_figures.costs(db, day, zone=ZoneInfo("Asia/Shanghai"))
    assert (one.discount_fen, cost.discounts, cost.total) == (250_00, 50_00, 50_00)


@pytest.mark.parametrize("whose", ["the company's", "a driver's"])
def test_a_voucher_by_itself_is_not_added_to_an_agreed_price(db: Session, whose: str) -> None:
    """At the desk, without a quote: refused on work with a price of its own, whoever holds the
    voucher, also where nobody says which work it is; used on other work. Red when only quotes look
    at agreements, and when only the holder's count."""
    agree(db, firm := company(db))
    scene.buy(db, firm, TODAY, 900_00, no="W7")
    holder = firm if whose == "the company's" else scene.owner(db)
    voucher = vouching.voucher(db, holder, vouching.kind(db, uses=2))
    for lines in ((), (Line(900_00),), (Line(900_00, SERVICE),)):
        with pytest.raises(voucher_use.NotUsable, match=r"agreed price|kind of work"):
            vouching.redeem(db, voucher, OrderDraft(lines, "W7", "dms"))
    assert (
        vouching.redeem(db, voucher, OrderDraft((Line(900_00, PAINT),), "W7", "dms")).fen == 100_00
    )
    assert voucher.used == 1
