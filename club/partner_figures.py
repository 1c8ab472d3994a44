"""Offers of partners as they were confirmed: by partner and by month, and what the shop pays."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club.models import OfferUse, Partner
from foundation.periods import month_key


@dataclass(slots=True)
class PartnerSum:
    """A partner in a period: confirmed uses by month, and what they come to."""

    partner: Partner
    months: dict[str, int]
    fen: int = 0

    @property
    def uses(self) -> int:
        return sum(self.months.values())


def confirmed(db: Session, first: date, last: date) -> list[PartnerSum]:
    """Every partner with what was confirmed from `first` to `last`, and not taken back."""
    partners = db.scalars(select(Partner).order_by(Partner.id)).all()
    found = {one.id: PartnerSum(one, defaultdict(int)) for one in partners}
    rows = db.execute(
        select(OfferUse.partner_id, OfferUse.used_on, func.count(), func.sum(OfferUse.pays_fen))
        .where(
            OfferUse.partner_id.in_(found),
            OfferUse.used_on.between(first, last),
            OfferUse.undone_at.is_(None),
        )
        .group_by(OfferUse.partner_id, OfferUse.used_on)
    )
    for partner_id, day, count, fen in rows:
        found[partner_id].months[month_key(day)] += count
        found[partner_id].fen += int(fen or 0)
    return list(found.values())
