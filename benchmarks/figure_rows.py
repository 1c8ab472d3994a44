"""What pages of figures count: orders, points, tiers, benefits, vouchers, partners, tills."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks import copies, simulate
from benchmarks.simulate import BEGIN, BLOCK, END, RECORDED, Row
from club.models import (
    Arrival,
    Benefit,
    BenefitUse,
    EntryKind,
    JoinSource,
    LedgerEntry,
    Lot,
    OfferUse,
    Partner,
    PartnerOffer,
    QuoteState,
    Referral,
    ReferralKind,
    ReferralState,
    TierChange,
    TierCode,
    TillQuote,
    Voucher,
    VoucherKind,
    VoucherUse,
)
from club.models.sources import SourceKind
from club.models.vouchers import Shape, Source
from foundation import clock
from foundation.shop import Shop

MOVES = ((TierCode.GENERAL, TierCode.SILVER), (TierCode.SILVER, TierCode.GOLD))
TABLES = {
    LedgerEntry: 11,
    Lot: 10,
    TierChange: 2,
    BenefitUse: 2,
    Voucher: 2,
    VoucherUse: 1,
    OfferUse: 1,
    TillQuote: 2,
    Arrival: 1,
    Referral: 1,
}


def fill(db: Session, members: int) -> None:
    """Orders and what the club gave for them; one owner in four never joined."""
    simulate.fill(db, members)
    dice, block, kinds = random.Random(5), min(BLOCK, members), _kinds(db)
    first = (row for number in range(block) for row in _owner(number + 1, kinds, dice))
    copies.store(db, TABLES, first, block, members)
    days = (END - BEGIN).days
    shift = f"date('{BEGIN}', '+' || (owner_id * 37 % {days}) || ' days')"
    if db.get_bind().dialect.name == "postgresql":
        shift = f"date '{BEGIN}' + (owner_id * 37 % {days})::int"
    db.execute(text(f"UPDATE membership SET joined_on = {shift}"))
    db.execute(text("DELETE FROM membership WHERE owner_id % 4 = 0"))
    db.commit()


def _kinds(db: Session) -> Row:
    """One of each thing that members use."""
    partner = Partner(name_zh="洗车行", trade="wash")
    kind = VoucherKind(name_zh="代金券", shape=Shape.AMOUNT, fen=10_000, created_at=RECORDED)
    source = JoinSource(
        kind=next(iter(SourceKind)), name="柜台", code="BENCHDESK", created_at=RECORDED
    )
    db.add_all([partner, kind, source])
    db.flush()
    shop_id = db.scalars(select(Shop.id)).one()
    offer = PartnerOffer(shop_id=shop_id, partner_id=partner.id, title_zh="洗车", pays_fen=2_000)
    db.add(offer)
    db.flush()
    found = {"benefit_id": db.scalars(select(Benefit.id).order_by(Benefit.id).limit(1)).one()}
    found |= {"kind_id": kind.id, "partner_id": partner.id, "offer_id": offer.id}
    found |= {"source_id": source.id}
    db.commit()
    return found


def _owner(owner_id: int, kinds: Row, dice: random.Random) -> Iterator[tuple[type[Any], Row]]:
    who, tier = {"owner_id": owner_id}, {"tier": dice.choice(tuple(TierCode))}
    told = {"recorded_at": RECORDED}
    for number in range(11):
        yield from _points(owner_id, number, dice)
    for number, (before, after) in enumerate(MOVES, 1):
        change = {"id": _nth(owner_id, number, 2), "before": before, "after": after}
        change |= {"changed_on": _day(dice), "recorded_at": RECORDED, "reason": "spend"}
        yield TierChange, who | change | {"spend_fen": 0}
    for number in (1, 2):
        ident, on = _nth(owner_id, number, 2), _day(dice)
        use = {"id": ident, "benefit_id": kinds["benefit_id"], "request_id": f"b{number}"}
        yield BenefitUse, who | tier | use | {"starts_on": on, "used_on": on, **told}
        yield Voucher, who | _voucher(ident, kinds["kind_id"], on)
        yield TillQuote, who | tier | _quote(ident, on)
    ident, on = owner_id, _day(dice)
    use = {"id": ident, "voucher_id": _nth(owner_id, 1, 2), "request_id": "v", "fen": 10_000}
    yield VoucherUse, use | {"used_on": on, "used_at": RECORDED}
    use = {"id": ident, "offer_id": kinds["offer_id"], "partner_id": kinds["partner_id"]}
    use |= {"request_id": f"o{owner_id}", "pays_fen": 2_000, "used_on": on, "used_at": RECORDED}
    yield OfferUse, who | tier | use
    yield Arrival, who | {"id": ident, "source_id": kinds["source_id"], "on": on}
    brought = {"id": ident, "kind": ReferralKind.CLUB, "state": ReferralState.WAITING}
    brought |= {"referrer_id": owner_id, "referred_id": owner_id, "began_on": on}
    yield Referral, brought | {"recorded_at": RECORDED}


def _points(owner_id: int, number: int, dice: random.Random) -> Iterator[tuple[type[Any], Row]]:
    """Ten entries with their lots, and a spending."""
    spends, on, ident = number == 10, _day(dice), _nth(owner_id, number + 1, 11)
    entry = {"id": ident, "owner_id": owner_id, "points": -300 if spends else 500}
    entry |= {"kind": EntryKind.SPEND if spends else EntryKind.EARN, "effective_on": on}
    entry |= {"recorded_at": RECORDED, "cause_kind": "till-quote", "cause_id": str(ident)}
    yield LedgerEntry, entry | {"details": {}}
    if not spends:
        lot = {"id": _nth(owner_id, number + 1, 10), "owner_id": owner_id, "entry_id": ident}
        until = clock.add_months(on, 24)
        rest = dice.choice((0, 500)) if until >= END else 0  # the night let the others expire
        yield Lot, lot | {"points": 500, "rest": rest, "expires_on": until}


def _voucher(ident: int, kind_id: int, on: date) -> Row:
    row: Row = {"id": ident, "kind_id": kind_id, "code": f"V{ident:09d}", "uses": 1}
    row |= {"from_on": on, "until_on": clock.add_months(on, 12), "source": Source.DESK}
    return row | {"cause_id": str(ident), "issued_at": RECORDED, "issued_on": on}


def _quote(ident: int, on: date) -> Row:
    row: Row = {"id": ident, "request_id": f"Q{ident:09d}", "state": QuoteState.APPLIED}
    row |= {"list_fen": 100_000, "discount_fen": 5_000, "voucher_fen": 0, "points": 100}
    row |= {"points_fen": 100, "pay_fen": 94_900, "priced_on": on, "priced_at": RECORDED}
    return row | {"applied_at": datetime.combine(on, RECORDED.timetz())}


def _nth(owner_id: int, number: int, each: int) -> int:
    """The id of an owner's nth row of a table with so many of each owner."""
    return (owner_id - 1) * each + number


def _day(dice: random.Random) -> date:
    return BEGIN + timedelta(days=dice.randrange((END - BEGIN).days))
