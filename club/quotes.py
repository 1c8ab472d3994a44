"""Orders priced at the till, with every step; nothing is used up by it (R7).

A quote is priced, shown, and applied (club/quote_use.py); the same request priced twice is one
quote. Its order number ties it to the order that a file brings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from club import ledger, till_prices, till_rights, voucher_use
from club.models import TillQuote, Voucher
from club.standing import standing_of
from club.till_prices import Bill, Item, as_stored, item_of
from club.voucher_kinds import terms_of
from club.voucher_use import OrderDraft
from club.worth import POINTS_PER_YUAN
from foundation import tunables
from foundation.refusals import Refusal
from foundation.words import N_
from members.memberships import is_member


class NothingToPrice(Refusal):
    """An order has a line with a price."""


class TooManyPoints(Refusal):
    """More points than the order takes, or than the owner can use."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An order as typed, and what is to be used on it."""

    items: tuple[Item, ...]
    voucher_ids: tuple[int, ...] = ()
    points: int = 0
    order_no: str | None = None
    system: str = ""


@dataclass(frozen=True, slots=True)
class UsedOn:
    """A voucher on a quote: what it takes off, and the line that is its free item, if one is."""

    voucher: Voucher
    fen: int
    line: Mapping[str, Any] | None = None


def draft_of(db: Session, owner_id: int, asked: Asked, *, today: date) -> OrderDraft:
    """The order as vouchers see it: after the tier's discount or the agreed price."""
    lines = till_prices.discounted(asked.items, till_rights.of(db, owner_id, today=today))
    return OrderDraft(tuple(till_prices.voucher_lines(lines)), asked.order_no, asked.system)


def price(
    db: Session,
    owner_id: int,
    asked: Asked,
    *,
    request_id: str,
    today: date,
    by: int | None,
    now: datetime,
) -> TillQuote:
    """A quote with every step; nothing is used up. The same request twice is one quote."""
    known = db.scalar(select(TillQuote).where(TillQuote.request_id == request_id))
    if known is not None:
        return known
    bill, vouchers = worked_out(db, owner_id, asked, today=today)
    made = TillQuote(
        owner_id=owner_id,
        request_id=request_id,
        order_no=asked.order_no,
        order_system=asked.system if asked.order_no else "",
        tier=standing_of(db, owner_id, today=today).tier,
        lines=[as_stored(one) for one in bill.lines],
        vouchers=[
            {"id": one.id, "fen": off.fen, "line": off.line}
            for one, off in zip(vouchers, bill.vouchers, strict=True)
        ],
        list_fen=bill.list_fen,
        discount_fen=bill.discount_fen,
        voucher_fen=bill.voucher_fen,
        points=bill.points,
        points_fen=bill.points_fen,
        pay_fen=bill.pay_fen,
        priced_on=today,
        priced_at=now,
        account_id=by,
    )
    db.add(made)
    db.flush()
    return made


def asked_of(quote: TillQuote) -> Asked:
    """What was typed for a quote."""
    return Asked(
        tuple(item_of(one) for one in quote.lines),
        tuple(one["id"] for one in quote.vouchers),
        quote.points,
        quote.order_no,
        quote.order_system,
    )


def used_on(db: Session, quote: TillQuote) -> Sequence[UsedOn]:
    """The vouchers of a quote in their order, for whoever shows it."""
    ids = [one["id"] for one in quote.vouchers]
    found = db.scalars(select(Voucher).where(Voucher.id.in_(ids)).options(joinedload(Voucher.kind)))
    held = {one.id: one for one in found}
    return [
        UsedOn(held[one["id"]], one["fen"], quote.lines[line] if line is not None else None)
        for one in quote.vouchers
        if one["id"] in held
        for line in [one.get("line")]
    ]


def newest(db: Session, *, most: int = 12) -> Sequence[TillQuote]:
    """The newest quotes, whoever's."""
    return db.scalars(
        select(TillQuote)
        .order_by(TillQuote.id.desc())
        .limit(most)
        .options(joinedload(TillQuote.owner))
    ).all()


def most_points(db: Session, owner_id: int, asked: Asked, *, today: date) -> int:
    """How many points the order takes, and the owner has."""
    try:
        bill, _vouchers = worked_out(db, owner_id, asked, today=today, check=False)
    except Refusal:
        return 0
    return max(min(bill.most_points, till_rights.usable_points(db, owner_id, today=today)), 0)


def worked_out(
    db: Session, owner_id: int, asked: Asked, *, today: date, check: bool = True
) -> tuple[Bill, list[Voucher]]:
    """The order's bill and the vouchers on it, in the order chosen."""
    if not any(one.fen > 0 for one in asked.items):
        raise NothingToPrice(N_("Please enter at least one line with its price."))
    vouchers = _chosen(db, owner_id, asked, today) if asked.voucher_ids else []
    bill = till_prices.bill(
        asked.items,
        till_rights.of(db, owner_id, today=today),
        [terms_of(one.kind) for one in vouchers],
        points=asked.points,
        points_per_yuan=tunables.value(db, POINTS_PER_YUAN),
    )
    if check and asked.points and not is_member(db, owner_id):
        raise ledger.NotAMember(N_("Points can be used by members of the club."))
    usable = till_rights.usable_points(db, owner_id, today=today)
    if check and asked.points > min(bill.most_points, usable):
        raise TooManyPoints(
            N_("This order takes %(most)s points at most; the member can use %(have)s."),
            most=bill.most_points,
            have=usable,
        )
    return bill, vouchers


def _chosen(db: Session, owner_id: int, asked: Asked, today: date) -> list[Voucher]:
    """The owner's vouchers in the order chosen; one that cannot be used says why."""
    found = db.scalars(
        select(Voucher)
        .where(Voucher.id.in_(asked.voucher_ids), Voucher.owner_id == owner_id)
        .options(joinedload(Voucher.kind))
        .execution_options(populate_existing=True)
    ).all()
    held = {one.id: one for one in found}
    draft = draft_of(db, owner_id, asked, today=today)
    chosen = [held[one] for one in dict.fromkeys(asked.voucher_ids) if one in held]
    for voucher in chosen:
        no = voucher_use.why_not(db, voucher, draft, today=today)
        if no is not None:
            raise no
    return chosen
