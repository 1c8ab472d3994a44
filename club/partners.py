"""Staff keep the businesses near by and what they give members."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import MapSystem, Partner, PartnerOffer, TierCode
from foundation import audit
from foundation.refusals import Refusal
from foundation.shop import the_shop
from foundation.words import N_

LONGEST = 300
TRADES = {
    "books": N_("Books"),
    "family": N_("Family outings"),
    "food": N_("Food"),
    "hotel": N_("Stays"),
    "outdoor": N_("Outdoors"),
    "photography": N_("Photography"),
    "sport": N_("Sport"),
    "tea": N_("Tea"),
}


class NameMissing(Refusal):
    """A partner and an offer are called something in Chinese; English is a courtesy."""


class EndsBeforeItBegins(Refusal):
    """The last day of an offer lies before its first."""


class HalfAPlace(Refusal):
    """One coordinate alone is nowhere."""


@dataclass(frozen=True, slots=True)
class PartnerWords:
    """A partner as typed."""

    name_zh: str
    name_en: str
    trade: str
    address_zh: str
    address_en: str
    phone: str
    active: bool
    latitude: float | None = None
    longitude: float | None = None
    map_system: MapSystem = MapSystem.GCJ02


@dataclass(frozen=True, slots=True)
class OfferWords:
    """An offer as typed; no day means without end, no number as often as wanted."""

    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    tier: TierCode
    from_on: date | None
    until_on: date | None
    places: int | None = None
    per_member: int | None = None
    pays_fen: int = 0


def keep_partner(
    db: Session, partner: Partner | None, said: PartnerWords, *, by: int, now: datetime
) -> Partner:
    """Store a new partner, or what changed of one. An inactive one's offers are not shown."""
    if not said.name_zh.strip():
        raise NameMissing(N_("Please enter the Chinese name."))
    if (said.latitude is None) is not (said.longitude is None):
        raise HalfAPlace(N_("Please enter both latitude and longitude, or neither."))
    kept = partner or Partner()
    kept.name_zh, kept.name_en = _text(said.name_zh), _text(said.name_en) or None
    kept.trade, kept.phone = _text(said.trade), _text(said.phone) or None
    kept.address_zh, kept.address_en = _text(said.address_zh), _text(said.address_en) or None
    kept.active = said.active
    kept.latitude, kept.longitude = said.latitude, said.longitude
    kept.map_system = said.map_system
    db.add(kept)
    db.flush()
    act = "partner.change" if partner else "partner.add"
    audit.record(db, act, "partner", kept.id, by=by, now=now)
    db.flush()
    return kept


def keep_offer(
    db: Session,
    partner: Partner,
    offer: PartnerOffer | None,
    said: OfferWords,
    *,
    by: int,
    now: datetime,
) -> PartnerOffer:
    """Store a new offer of a partner, or what changed of one."""
    if not said.title_zh.strip():
        raise NameMissing(N_("Please enter the Chinese title."))
    if said.from_on and said.until_on and said.until_on < said.from_on:
        raise EndsBeforeItBegins(N_("The last day lies before the first."))
    kept = offer or PartnerOffer(partner_id=partner.id, shop_id=the_shop(db).id)
    kept.title_zh, kept.title_en = _text(said.title_zh), _text(said.title_en) or None
    kept.about_zh, kept.about_en = _text(said.about_zh), _text(said.about_en) or None
    kept.tier, kept.from_on, kept.until_on = said.tier, said.from_on, said.until_on
    kept.places, kept.per_member, kept.pays_fen = said.places, said.per_member, said.pays_fen
    db.add(kept)
    db.flush()
    act = "offer.change" if offer else "offer.add"
    audit.record(db, act, "offer", kept.id, by=by, now=now, partner=partner.id)
    db.flush()
    return kept


def offer_of(db: Session, partner_id: int, offer_id: int) -> PartnerOffer | None:
    """The offer, if it is this partner's."""
    return db.scalar(
        select(PartnerOffer).where(
            PartnerOffer.id == offer_id, PartnerOffer.partner_id == partner_id
        )
    )


def _text(words: str) -> str:
    return " ".join(words.split())[:LONGEST]
