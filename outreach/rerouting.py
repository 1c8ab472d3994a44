"""Whose mailbox is gone is reached by text instead, and staff lift a bounce with a reason (R40)."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from foundation import audit
from foundation.database import rows_changed
from foundation.outbox import Channel, Letter, LetterState, Purpose
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import Account, Owner
from outreach.models import RestingAddress, Suppression
from outreach.suppression import Why, hash_of, is_suppressed

LONGEST = 300


class NothingToLift(Refusal):
    """No mailbox of this owner has bounced."""


class ReasonNeeded(Refusal):
    """Why a mailbox should be tried again is written down."""


def to_text(db: Session, hash_key: str, letter: Letter, owner_id: int | None) -> bool:
    """Send a queued letter whose mailbox bounced to its reader’s phone, where that may be."""
    phone = _phone_instead(db, hash_key, letter, owner_id)
    if phone is None:
        return False
    moved = rows_changed(
        db,
        update(Letter)
        .where(Letter.id == letter.id, Letter.state == LetterState.QUEUED)
        .values(channel=Channel.TEXT, address=phone),
    )
    db.refresh(letter)
    return moved == 1


def by_text(db: Session, hash_key: str, letter: Letter, owner_id: int | None) -> dict[str, object]:
    """What becomes of a letter that came back from its mailbox for good: the same letter waits to
    go by text, as if it had never gone out. Nothing where no phone may be written to."""
    phone = _phone_instead(db, hash_key, letter, owner_id)
    if phone is None:
        return {}
    said = dict.fromkeys(("sent_at", "sent_subject", "sent_text", "message_id"))
    again = {"claimed_by": None, "claimed_at": None, "attempts": 0}
    return {"state": LetterState.QUEUED, "channel": Channel.TEXT, "address": phone, **said, **again}


def _phone_instead(db: Session, hash_key: str, letter: Letter, owner_id: int | None) -> str | None:
    """The phone of a reader whose mailbox bounced, where it may be written to.

    A code that proves an address goes to that address or nowhere.
    """
    if letter.channel is not Channel.EMAIL or "code" in letter.details or owner_id is None:
        return None
    phone = _phone_of(db, owner_id) if bounced(db, hash_key, [letter.address]) else None
    marketing = letter.purpose is Purpose.MARKETING
    if not phone or is_suppressed(db, hash_key, phone, marketing=marketing):
        return None
    return phone


def bounced(db: Session, hash_key: str, addresses: list[str]) -> datetime | None:
    """Since when nobody lives at one of these addresses; None where all are good."""
    return db.scalar(
        select(Suppression.at)
        .where(
            Suppression.address_hash.in_([hash_of(hash_key, one) for one in addresses if one]),
            Suppression.why == Why.BOUNCE.value,
        )
        .order_by(Suppression.at.desc())
        .limit(1)
    )


def addresses_of(owner: Owner) -> list[str]:
    """The owner's mailboxes: of the login and of the archive."""
    both = (owner.account.email if owner.account else None, owner.email)
    return list(dict.fromkeys(one for one in both if one))


def lift(db: Session, hash_key: str, owner: Owner, *, reason: str, by: int, now: datetime) -> None:
    """E-mail is tried again; what the owner themselves wished, and complaints, stay."""
    if not reason.strip():
        raise ReasonNeeded(N_("Please say why the mailbox should be tried again."))
    keys = [hash_of(hash_key, one) for one in addresses_of(owner)]
    gone = rows_changed(
        db,
        delete(Suppression).where(
            Suppression.address_hash.in_(keys), Suppression.why == Why.BOUNCE.value
        ),
    )
    if not gone:
        raise NothingToLift(N_("No mailbox of this owner has bounced."))
    db.execute(delete(RestingAddress).where(RestingAddress.address_hash.in_(keys)))
    audit.record(
        db, "bounce.lift", "owner", owner.id, by=by, now=now, reason=reason.strip()[:LONGEST]
    )
    db.flush()


def _phone_of(db: Session, owner_id: int) -> str | None:
    """The owner's number, the proven one first."""
    login = db.scalar(select(Account.phone).where(Account.owner_id == owner_id))
    return login or db.scalar(select(Owner.phone).where(Owner.id == owner_id))
