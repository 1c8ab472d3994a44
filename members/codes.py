"""One-time codes: six digits that prove that a phone or a mailbox is in somebody's hands."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from foundation import outbox, tokens, tunables
from foundation.database import rows_changed
from foundation.outbox import Draft, Reader
from foundation.refusals import Refusal
from foundation.words import N_
from members.contacts import Contact
from members.models import CodePurpose, OneTimeCode

MINUTES = tunables.declare(
    "members.code_minutes", 15, N_("A code can be used for"), N_("minutes"), 5, 60
)
TRIES = tunables.declare("members.code_tries", 5, N_("Tries for one code"), N_("tries"), 3, 10)
PER_HOUR = tunables.declare(
    "members.codes_per_hour", 5, N_("Codes to one contact in an hour"), N_("codes"), 1, 20
)
PER_DAY = tunables.declare(
    "members.codes_per_day", 12, N_("Codes to one contact in a day"), N_("codes"), 2, 50
)
DAY = timedelta(days=1)


class TooManyCodes(Refusal):
    """This contact was sent enough codes for now, or was asked about too often."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a code is to prove: this contact, for this purpose, about this thing."""

    purpose: CodePurpose
    contact: Contact
    about: str = ""


def send(
    db: Session, proof: Proof, reader: Reader | None, *, hash_key: str, now: datetime
) -> OneTimeCode:
    """Make a code and post it to `reader`; earlier ones for the same proof end.

    With no reader nothing is posted and all else is the same, so that asking tells nothing.
    Raises TooManyCodes.
    """
    _refuse_too_many(db, proof.contact, now)
    _end_open(db, proof, now)
    digits = tokens.digits_code()
    minutes = tunables.value(db, MINUTES)
    code = OneTimeCode(
        purpose=proof.purpose,
        contact=proof.contact.key,
        code_hash=_hash(proof, digits, hash_key),
        sent_at=now,
        expires_at=now + timedelta(minutes=minutes),
    )
    db.add(code)
    db.flush()
    if reader is not None:
        details = {"code": digits, "minutes": minutes, "purpose": proof.purpose.value}
        draft = Draft("code", "code", code.id, details, not_after=code.expires_at)
        outbox.post(db, f"code:{code.id}", reader, draft, now=now)
    return code


def use(db: Session, proof: Proof, typed: str, *, hash_key: str, now: datetime) -> bool:
    """Whether the typed digits are the newest code; it works once, and each try counts.

    Commit after a wrong one too, or the tries would never run out.
    """
    newest = db.scalar(
        select(OneTimeCode)
        .where(OneTimeCode.contact == proof.contact.key, OneTimeCode.purpose == proof.purpose)
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    )
    if newest is None or not _count_try(db, newest.id, now):
        return False
    if not hmac.compare_digest(newest.code_hash, _hash(proof, digits_of(typed), hash_key)):
        return False
    ended = update(OneTimeCode).where(OneTimeCode.id == newest.id, OneTimeCode.used_at.is_(None))
    return rows_changed(db, ended.values(used_at=now)) == 1


def sweep(db: Session, *, now: datetime) -> int:
    """Drop codes that are over and that no limit counts any more; how many."""
    return rows_changed(db, delete(OneTimeCode).where(OneTimeCode.sent_at <= now - DAY))


def digits_of(typed: str) -> str:
    """The code as typed on any keyboard: full-width digits count, spaces and dashes do not."""
    return "".join(str(int(sign)) for sign in typed if sign.isdecimal())


def _count_try(db: Session, code_id: int, now: datetime) -> bool:
    """Take one of the code's tries; False when it is over."""
    return (
        rows_changed(
            db,
            update(OneTimeCode)
            .where(
                OneTimeCode.id == code_id,
                OneTimeCode.used_at.is_(None),
                OneTimeCode.expires_at > now,
                OneTimeCode.tries < tunables.value(db, TRIES),
            )
            .values(tries=OneTimeCode.tries + 1),
        )
        == 1
    )


def _refuse_too_many(db: Session, contact: Contact, now: datetime) -> None:
    for limit, window in ((PER_HOUR, timedelta(hours=1)), (PER_DAY, DAY)):
        sent = db.scalar(
            select(func.count())
            .select_from(OneTimeCode)
            .where(OneTimeCode.contact == contact.key, OneTimeCode.sent_at > now - window)
        )
        if (sent or 0) >= tunables.value(db, limit):
            raise TooManyCodes(
                N_("Too many codes were asked for. Please try again later or call us.")
            )


def _end_open(db: Session, proof: Proof, now: datetime) -> None:
    """Only the newest code counts; letters of older ones that still wait are not sent."""
    older = select(OneTimeCode.id).where(
        OneTimeCode.contact == proof.contact.key,
        OneTimeCode.purpose == proof.purpose,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > now,
    )
    for code_id in db.scalars(older).all():
        outbox.withdraw(db, "code", code_id, why=N_("A newer code was sent."))
        db.execute(update(OneTimeCode).where(OneTimeCode.id == code_id).values(expires_at=now))


def _hash(proof: Proof, digits: str, hash_key: str) -> str:
    text = f"{proof.purpose.value}:{proof.contact.key}:{proof.about}:{digits}"
    return tokens.blind_index(hash_key, text)
