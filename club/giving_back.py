"""Spent points given back at the desk, together with what they bought (R6, R12)."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import adjusting, ledger, quote_use, rewards
from club.models import EntryKind, LedgerEntry, Voucher
from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_


class PartOfQuote(Refusal):
    """Spent together with the rest of a quote, and given back only together with it."""


def undo_spending(
    db: Session, spending: LedgerEntry, *, reason: str, on: date, by: int, now: datetime
) -> LedgerEntry:
    """Give spent points back at the desk, and take back what they bought (R6), once."""
    if not reason.strip():
        raise adjusting.ReasonMissing(N_("Please say why the points are given back."))
    adjusting.refuse_own(db, spending.owner_id, [by])
    found = ledger.entry_of(db, EntryKind.UNDO, spending.owner_id, "entry", str(spending.id))
    if found is not None:
        return found
    if spending.cause_kind == quote_use.CAUSE:
        raise PartOfQuote(
            N_("These points were used with a quote at the till. Take the quote back instead.")
        )
    bought = select(Voucher).where(Voucher.entry_id == spending.id)
    voucher = db.scalar(bought) if spending.cause_kind == rewards.CAUSE else None
    why = reason.strip()[: adjusting.LONGEST]
    if voucher is not None:
        entry = rewards.give_back(db, voucher, reason=why, today=on, by=by, now=now)
    else:
        entry = ledger.undo(db, spending, reason=why, on=on, by=by, now=now)
    audit.record(db, "points.undo", "owner", spending.owner_id, by=by, now=now, points=entry.points)
    db.flush()
    return entry
