"""What a tier brings its members: yearly counts, discounts, partner offers; all tiers compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from club.entitlements import member_year
from club.models import (
    Benefit,
    BenefitYear,
    Partner,
    PartnerOffer,
    ServiceDiscount,
    Tier,
    TierBenefit,
    TierCode,
)
from members.models import OrderKind


@dataclass(frozen=True, slots=True)
class Yearly:
    """A benefit in this membership year: how often, how often used, how often left (None: as
    often as wanted)."""

    benefit: Benefit
    yearly: int | None
    used: int

    @property
    def left(self) -> int | None:
        return None if self.yearly is None else max(self.yearly - self.used, 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All tiers side by side. `counts` by (benefit id, tier): None is as often as wanted, a
    missing key is not at all. `percents` by (kind, tier)."""

    tiers: Sequence[Tier]
    benefits: Sequence[Benefit]
    counts: dict[tuple[int, TierCode], int | None]
    kinds: Sequence[OrderKind]
    percents: dict[tuple[OrderKind, TierCode], int]


def yearly_of(db: Session, owner_id: int, tier: TierCode, *, today: date) -> list[Yearly]:
    """What the owner's tier gives in the membership year of today, with what is used."""
    rows = db.scalars(
        select(TierBenefit)
        .join(TierBenefit.benefit)
        .where(TierBenefit.tier == tier)
        .order_by(Benefit.position)
        .options(joinedload(TierBenefit.benefit))
    ).all()
    year = member_year(db, owner_id, today)
    counted = select(BenefitYear.benefit_id, BenefitYear.used).where(
        BenefitYear.owner_id == owner_id, BenefitYear.starts_on == (year[0] if year else today)
    )
    used = {row[0]: row[1] for row in db.execute(counted)}
    return [Yearly(row.benefit, row.yearly, used.get(row.benefit_id, 0)) for row in rows]


def discounts_of(db: Session, tier: TierCode) -> Sequence[ServiceDiscount]:
    """The tier's discounts on workshop services, in the order of the kinds."""
    rows = db.scalars(
        select(ServiceDiscount).where(ServiceDiscount.tier == tier, ServiceDiscount.percent > 0)
    )
    places = list(OrderKind)
    return sorted(rows, key=lambda row: places.index(row.kind))


def offers_today(db: Session, *, today: date) -> Sequence[PartnerOffer]:
    """The offers of active partners that run today, for whatever tier."""
    return db.scalars(
        select(PartnerOffer)
        .join(PartnerOffer.partner)
        .where(
            Partner.active,
            or_(PartnerOffer.from_on.is_(None), PartnerOffer.from_on <= today),
            or_(PartnerOffer.until_on.is_(None), PartnerOffer.until_on >= today),
        )
        .order_by(Partner.id, PartnerOffer.id)
        .options(joinedload(PartnerOffer.partner))
    ).all()


def comparison(db: Session) -> Comparison:
    """Every benefit and discount of every tier."""
    tiers = sorted(db.scalars(select(Tier)), key=lambda tier: tier.code.rank)
    counts = {(row.benefit_id, row.tier): row.yearly for row in db.scalars(select(TierBenefit))}
    percents = {(row.kind, row.tier): row.percent for row in db.scalars(select(ServiceDiscount))}
    return Comparison(
        tiers,
        db.scalars(select(Benefit).order_by(Benefit.position)).all(),
        counts,
        [kind for kind in OrderKind if any(key[0] is kind for key in percents)],
        percents,
    )
