"""The member card on a phone: a picture that changes every half minute, and a short code beside it.

Both say who stands there and nothing about them. A picture that was photographed and sent on is
dead within a minute.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import CardCode
from foundation import tokens
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import Membership

PURPOSE = "member-card"
STEP = 30
CODE_LENGTH = 8
CODE_RENEWED, CODE_LIVES = timedelta(minutes=5), timedelta(minutes=10)
_SIGNED_LIVES = timedelta(days=1)  # the step decides; this only bounds what is read at all


class CardUnknown(Refusal):
    """Neither a card of the club nor a code that a card shows now."""


class CardTooOld(Refusal):
    """The picture is of a step that is over."""


def step_of(now: datetime) -> int:
    """The half minute that it is."""
    return int(now.timestamp()) // STEP


def qr_text(owner_id: int, keys: Sequence[str], *, now: datetime) -> str:
    """What the picture says in this half minute."""
    return tokens.sign(keys, PURPOSE, [owner_id, step_of(now)])


def short_code(db: Session, owner_id: int, *, now: datetime) -> CardCode | None:
    """The code that the card shows, None where it is time for a new one."""
    held = db.get(CardCode, owner_id)
    return held if held is not None and now - held.made_at < CODE_RENEWED else None


def renew_code(db: Session, owner_id: int, *, now: datetime) -> CardCode:
    """A new short code, if it is time for one; the old one is dead."""
    known = short_code(db, owner_id, now=now)
    if known is not None:
        return known
    held = db.get(CardCode, owner_id) or CardCode(owner_id=owner_id)
    held.code, held.made_at = _free_code(db), now
    db.add(held)
    db.flush()
    return held


def owner_of(db: Session, text: str, keys: Sequence[str], *, now: datetime) -> int:
    """Whose card was scanned or typed: a member's of today, in the current or the last step."""
    owner_id = _of_code(db, text, now) or _of_picture(text, keys, now)
    membership = db.get(Membership, owner_id)
    if membership is None or membership.left_on is not None:
        raise CardUnknown(N_("This is not the card of a member."))
    return owner_id


def _of_code(db: Session, text: str, now: datetime) -> int | None:
    code = tokens.normalise_clear(text.strip())
    if len(code) != CODE_LENGTH:
        return None
    held = db.scalar(select(CardCode).where(CardCode.code == code))
    if held is None or now - held.made_at >= CODE_LIVES:
        raise CardUnknown(N_("No card shows this code now. Please compare it sign by sign."))
    return held.owner_id


def _of_picture(text: str, keys: Sequence[str], now: datetime) -> int:
    try:
        said = tokens.read_signed(keys, PURPOSE, text.strip(), valid_for=_SIGNED_LIVES)
    except Refusal as no:
        raise CardUnknown(N_("This is not the card of a member.")) from no
    owner_id, step = said
    if not 0 <= step_of(now) - step <= 1:
        raise CardTooOld(N_("This picture is too old. Please let the card load again and rescan."))
    return int(owner_id)


def _free_code(db: Session) -> str:
    while True:
        code = tokens.clear_code(CODE_LENGTH)
        if db.scalar(select(CardCode.owner_id).where(CardCode.code == code)) is None:
            return code
