"""Whether anything new happened on an archive since two were made one (R13)."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club.models import (
    AgreedPrice,
    BenefitUse,
    LedgerEntry,
    OfferUse,
    OpeningBalance,
    Package,
    Referral,
    TierGrant,
    TillQuote,
    Voucher,
)
from events.models import Registration
from foundation.words import N_
from members.models import (
    Account,
    MemberFacts,
    Membership,
    Owner,
    OwnerAdvisor,
    OwnerIdentity,
    OwnerInterest,
    Ownership,
    ServiceOrder,
)
from outreach.models import Consent
from portal.merge_parts import FILLED

POINTS = N_("Points moved since then, so the merge cannot be undone any more.")
ORDERS = N_("An order came since then, so the merge cannot be undone any more.")
EVENTS = N_("Something changed about events since then, so the merge cannot be undone any more.")
BENEFITS = N_("A benefit was used since then, so the merge cannot be undone any more.")
VOUCHERS = N_("A voucher came or went since then, so the merge cannot be undone any more.")
PACKAGES = N_("A package was sold or ended since then, so the merge cannot be undone any more.")
PRICES = N_("A price was agreed or ended since then, so the merge cannot be undone any more.")
CARS = N_("The cars changed since then, so the merge cannot be undone any more.")
REFERRALS = N_("They brought somebody since then, so the merge cannot be undone any more.")
CONSENTS = N_("The member answered anew since then, so the merge cannot be undone any more.")
FIXED = N_("The archive was corrected since then, so the merge cannot be undone any more.")
LOGIN = N_("The login or card changed since then, so the merge cannot be undone any more.")
# what it is, where it names the owner, what to say, and which columns beside the id tell
WATCHED: tuple[Any, ...] = (
    (ServiceOrder, "owner_id", ORDERS, ("id",)),
    (LedgerEntry, "owner_id", POINTS, ("id",)),
    (Registration, "owner_id", EVENTS, ("id", "state")),
    (MemberFacts, "owner_id", EVENTS, ("attended",)),
    (BenefitUse, "owner_id", BENEFITS, ("id", "undone_at")),
    (OfferUse, "owner_id", BENEFITS, ("id", "undone_at")),
    (TierGrant, "owner_id", POINTS, ("id", "ended_at")),
    (OpeningBalance, "owner_id", POINTS, ("id", "undone_at")),
    (Package, "owner_id", PACKAGES, ("id", "state")),
    (AgreedPrice, "owner_id", PRICES, ("id", "ended_at")),
    (Voucher, "owner_id", VOUCHERS, ("id", "used", "code", "ended_why")),
    (TillQuote, "owner_id", ORDERS, ("id", "applied_at", "undone_at")),
    (Referral, "referrer_id", REFERRALS, ("id",)),
    (Ownership, "owner_id", CARS, ("id", "until_on")),
    (Consent, "owner_id", CONSENTS, ("id",)),
    (Owner, "id", FIXED, ("name", *FILLED, "extra")),
    (OwnerIdentity, "owner_id", FIXED, ("id",)),
    (OwnerAdvisor, "owner_id", FIXED, ("id", "account_id")),
    (OwnerInterest, "owner_id", FIXED, ("id",)),
    (Account, "owner_id", LOGIN, ("id", "phone", "email")),
    (Membership, "owner_id", LOGIN, ("number", "left_on")),
)


def fingerprint(db: Session, owner_id: int) -> dict[str, str]:
    """Per kind of thing a short mark of all that the owner has of it now."""
    return {
        model.__tablename__: _mark(db, model, key, names, owner_id)
        for model, key, _words, names in WATCHED
    }


def news(db: Session, owner_id: int, then: Mapping[str, str]) -> str | None:
    """What to say of the first thing that is not as it was; None while all is.

    Of what the record of an older merge does not name, nothing can be said.
    """
    now = fingerprint(db, owner_id)
    for model, _key, words, _names in WATCHED:
        name = model.__tablename__
        if name in then and now[name] != then[name]:
            return str(words)
    return None


def _mark(db: Session, model: Any, key: str, names: tuple[str, ...], owner_id: int) -> str:
    mine = getattr(model, key) == owner_id
    if names == ("id",):  # rows that are never taken away: the newest and the count tell
        count = db.execute(select(func.count(), func.max(model.id)).where(mine)).one()
        return f"{count[0]}/{count[1]}"
    columns = [getattr(model, name) for name in names]
    rows = sorted(
        json.dumps([*row], default=str) for row in db.execute(select(*columns).where(mine))
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:24]
