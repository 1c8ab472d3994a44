"""What a month at a partner comes to: each use with its day, offer and tier, and what we pay.

No member is named: the partner gets the same sheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from club.models import OfferUse, PartnerOffer, Tier
from foundation import clock
from foundation.sheets.writing import Value
from foundation.shop import in_language
from foundation.words import N_

HEADERS = (N_("Day"), N_("Time of day"), N_("Offer"), N_("Tier"), N_("We pay"), N_("Use"))
TOTAL = N_("Total")
PAID = HEADERS.index("We pay")


@dataclass(frozen=True, slots=True)
class OfferSum:
    """An offer in the month: how often it was used and what that comes to."""

    offer: PartnerOffer
    uses: int
    fen: int


def month_of(text: str, *, today: date) -> date:
    """The first day of a typed month, of this one where none was meant."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if clock.is_meant(first) else today.replace(day=1)


def sums_of(db: Session, partner_id: int, month: date) -> list[OfferSum]:
    """Each offer that was used in the month, in the order of the offers."""
    rows = db.execute(
        select(PartnerOffer, func.count(OfferUse.id), func.sum(OfferUse.pays_fen))
        .join(OfferUse, OfferUse.offer_id == PartnerOffer.id)
        .where(*_of_month(partner_id, month))
        .group_by(PartnerOffer.id)
        .order_by(PartnerOffer.id)
    )
    return [OfferSum(offer, int(uses), int(fen or 0)) for offer, uses, fen in rows]


def rows_of(
    db: Session, partner_id: int, month: date, *, language: str, zone: ZoneInfo
) -> list[Sequence[Value]]:
    """The rows of the sheet; a use that was taken back is not among them."""
    uses = db.scalars(
        select(OfferUse)
        .where(*_of_month(partner_id, month))
        .order_by(OfferUse.used_on, OfferUse.id)
        .options(joinedload(OfferUse.offer))
    )
    tiers = {one.code: in_language(one, "name", language) for one in db.scalars(select(Tier))}
    return [
        (
            one.used_on,
            f"{one.used_at.astimezone(zone):%H:%M}",
            in_language(one.offer, "title", language),
            tiers[one.tier],
            Decimal(one.pays_fen) / 100,
            one.id,
        )
        for one in uses
    ]


def total_of(rows: Sequence[Sequence[Value]], total: str) -> Sequence[Value]:
    """The last row of the sheet: what all uses come to."""
    cells = (row[PAID] for row in rows)
    paid = sum((cell for cell in cells if isinstance(cell, Decimal)), Decimal())
    return [total, *[""] * (PAID - 1), paid, ""]


def _of_month(partner_id: int, month: date) -> tuple[ColumnElement[bool], ...]:
    return (
        OfferUse.partner_id == partner_id,
        OfferUse.used_on >= month,
        OfferUse.used_on < clock.add_months(month, 1),
        OfferUse.undone_at.is_(None),
    )
