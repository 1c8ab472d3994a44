"""A voucher's code to read out, and what its QR code says to a scanner at the desk (R28)."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from club.models import Voucher
from foundation import tokens
from foundation.refusals import Refusal

LENGTH = 8
PURPOSE = "voucher"
QR_LIVES = timedelta(days=3660)


def new_code(db: Session) -> str:
    """A code that no voucher has."""
    while True:
        code = tokens.clear_code(LENGTH)
        if db.scalar(select(Voucher.id).where(Voucher.code == code)) is None:
            return code


def qr_text(voucher: Voucher, keys: Sequence[str]) -> str:
    """What the picture says: signed by the club, dead once the code is another's."""
    return tokens.sign(keys, PURPOSE, [voucher.id, voucher.code])


def find(db: Session, text: str, keys: Sequence[str]) -> Voucher | None:
    """The voucher of a scanned picture or a typed code, whoever's it is."""
    query = select(Voucher).options(joinedload(Voucher.kind), joinedload(Voucher.owner))
    code = tokens.normalise_clear(text.strip())
    if len(code) == LENGTH:
        return db.scalar(query.where(Voucher.code == code))
    try:
        said = tokens.read_signed(keys, PURPOSE, text.strip(), valid_for=QR_LIVES)
    except Refusal:
        return None
    if not (isinstance(said, list) and len(said) == 2):
        return None
    found = db.scalar(query.where(Voucher.id == said[0]))
    return found if found is not None and found.code == said[1] else None
