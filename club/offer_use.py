"""Offers at a partner's counter: which are due, using one once, taking that back.

A partner learns tier and validity and what may be given, and nothing of the person (R65).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from club.models import OfferUse, Partner, PartnerOffer, TierCode
from foundation import audit
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import MemberFacts, Membership

LONGEST, SHOWN = 200, 100


class NotDue(Refusal):
    """The offer cannot be used by this member now."""


class UndoneBefore(Refusal):
    """The use came back once."""


class ReasonNeeded(Refusal):
    """What is corrected is explained."""


@dataclass(frozen=True, slots=True)
class Due:
    """An offer at a partner for a member: how often they used it, how often it is left to them
    (None: as often as wanted), and why not, where it cannot be used."""

    offer: PartnerOffer
    used: int
    left: int | None
    why_not: NotDue | None


def offers_for(db: Session, partner: Partner, owner_id: int, *, today: date) -> list[Due]:
    """All offers of the partner that are not over, the usable first."""
    found = db.scalars(
        select(PartnerOffer)
        .where(
            PartnerOffer.partner_id == partner.id,
            or_(PartnerOffer.until_on.is_(None), PartnerOffer.until_on >= today),
        )
        .order_by(PartnerOffer.id)
        .options(joinedload(PartnerOffer.partner))
        .limit(SHOWN)
    ).all()
    due = dues_of(db, found, owner_id, today=today)
    return sorted(due, key=lambda one: one.why_not is not None)


def dues_of(
    db: Session, offers: Sequence[PartnerOffer], owner_id: int, *, today: date
) -> list[Due]:
    """How these offers stand for a member."""
    counted = dict(
        db.execute(
            select(OfferUse.offer_id, func.count())
            .where(OfferUse.owner_id == owner_id, OfferUse.undone_at.is_(None))
            .group_by(OfferUse.offer_id)
        ).all()
    )
    tier = tier_of(db, owner_id)
    return [_due(offer, tier, counted.get(offer.id, 0), today) for offer in offers]


def use(
    db: Session,
    offer: PartnerOffer,
    owner_id: int,
    *,
    request_id: str,
    today: date,
    by: int | None,
    now: datetime,
) -> OfferUse:
    """Confirm one use; the same request twice is one.

    One conditional update of the offer takes the place. It holds the offer's row, so that what the
    member has used is counted after everybody who was faster.
    """
    known = _of_request(db, offer.id, request_id)
    if known is not None:
        return known
    taken = _take(db, offer.id, owner_id, today)
    known = _of_request(db, offer.id, request_id)
    db.refresh(offer)
    used, tier = _used(db, offer.id, owner_id), tier_of(db, owner_id)
    over = offer.per_member is not None and used >= offer.per_member
    if taken and (known or over):
        _give_place_back(db, offer.id)
    if known is not None:
        return known
    if over or not taken:
        no = _why_not(offer, tier, used, today)
        raise no or NotDue(N_("Offers are for members of the club."))
    made = OfferUse(
        partner_id=offer.partner_id,
        offer=offer,
        owner_id=owner_id,
        request_id=request_id,
        tier=tier,
        used_on=today,
        used_at=now,
        account_id=by,
        pays_fen=offer.pays_fen,
    )
    db.add(made)
    db.flush()
    audit.record(db, "offer.use", "offer", offer.id, by=by, now=now, use=made.id)
    db.flush()
    return made


def undo(db: Session, noted: OfferUse, *, reason: str, by: int | None, now: datetime) -> None:
    """Give a use back, once, with the reason; it stays in the history."""
    if not reason.strip():
        raise ReasonNeeded(N_("Please say why the use is taken back."))
    undone = rows_changed(
        db,
        update(OfferUse)
        .where(OfferUse.id == noted.id, OfferUse.undone_at.is_(None))
        .values(undone_at=now, undone_by=by, undone_why=reason.strip()[:LONGEST]),
    )
    if not undone:
        raise UndoneBefore(N_("This use was taken back already."))
    _give_place_back(db, noted.offer_id)
    audit.record(db, "offer.undo", "offer", noted.offer_id, by=by, now=now, use=noted.id)
    db.flush()
    db.refresh(noted)


def uses_of_day(db: Session, partner_id: int, day: date) -> Sequence[OfferUse]:
    """What was confirmed at a partner on a day, the newest first."""
    return db.scalars(
        select(OfferUse)
        .where(OfferUse.partner_id == partner_id, OfferUse.used_on == day)
        .order_by(OfferUse.id.desc())
        .options(joinedload(OfferUse.offer))
        .limit(SHOWN)
    ).all()


def tier_of(db: Session, owner_id: int) -> TierCode:
    """The tier that the member has now."""
    facts = db.get(MemberFacts, owner_id, populate_existing=True)
    return TierCode(facts.tier) if facts else TierCode.GENERAL


def _due(offer: PartnerOffer, tier: TierCode, used: int, today: date) -> Due:
    left = [
        most - have
        for most, have in ((offer.per_member, used), (offer.places, offer.taken))
        if most is not None
    ]
    most = max(min(left), 0) if left else None
    return Due(offer, used, most, _why_not(offer, tier, used, today))


def _why_not(offer: PartnerOffer, tier: TierCode, used: int, today: date) -> NotDue | None:
    if not offer.partner.active:
        return NotDue(N_("This partner’s offers rest at present."))
    if offer.from_on is not None and offer.from_on > today:
        return NotDue(N_("This offer begins on %(day)s."), day=offer.from_on.isoformat())
    if offer.until_on is not None and offer.until_on < today:
        return NotDue(N_("This offer ended on %(day)s."), day=offer.until_on.isoformat())
    if tier.rank < offer.tier.rank:
        return NotDue(N_("This offer is for a higher tier."))
    if offer.per_member is not None and used >= offer.per_member:
        return NotDue(N_("This member has used the offer as often as it is given."))
    if offer.places is not None and offer.taken >= offer.places:
        return NotDue(N_("All places of this offer are taken."))
    return None


def _take(db: Session, offer_id: int, owner_id: int, today: date) -> bool:
    """Take a place, if period, places, tier, partner and membership allow it at this moment."""
    tier = select(MemberFacts.tier).where(MemberFacts.owner_id == owner_id).scalar_subquery()
    reached = [
        (func.coalesce(tier, TierCode.GENERAL.value) == held)
        & PartnerOffer.tier.in_([one for one in TierCode if one.rank <= held.rank])
        for held in TierCode
    ]
    member = Membership.owner_id == owner_id
    return bool(
        rows_changed(
            db,
            update(PartnerOffer)
            .where(
                PartnerOffer.id == offer_id,
                or_(PartnerOffer.from_on.is_(None), PartnerOffer.from_on <= today),
                or_(PartnerOffer.until_on.is_(None), PartnerOffer.until_on >= today),
                or_(PartnerOffer.places.is_(None), PartnerOffer.taken < PartnerOffer.places),
                or_(*reached),
                exists().where(Partner.id == PartnerOffer.partner_id, Partner.active),
                exists().where(member, Membership.left_on.is_(None)),
            )
            .values(taken=PartnerOffer.taken + 1),
        )
    )


def _give_place_back(db: Session, offer_id: int) -> None:
    free = update(PartnerOffer).where(PartnerOffer.id == offer_id, PartnerOffer.taken > 0)
    db.execute(free.values(taken=PartnerOffer.taken - 1))


def _used(db: Session, offer_id: int, owner_id: int) -> int:
    counted = select(func.count()).where(
        OfferUse.offer_id == offer_id,
        OfferUse.owner_id == owner_id,
        OfferUse.undone_at.is_(None),
    )
    return db.scalar(counted) or 0


def _of_request(db: Session, offer_id: int, request_id: str) -> OfferUse | None:
    return db.scalar(
        select(OfferUse).where(OfferUse.offer_id == offer_id, OfferUse.request_id == request_id)
    )
