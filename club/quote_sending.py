"""A quote from the till on the owner's phone: sent once, good until a day, read by its owner."""

from datetime import date, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from club.models import QuoteState, TillQuote
from foundation import audit, outbox, tunables
from foundation.database import rows_changed
from foundation.outbox import Draft
from foundation.refusals import Refusal
from foundation.words import N_
from members.memberships import is_member
from members.reaching import reader_of

GOOD_DAYS = tunables.declare(
    "club.quote_days", 14, N_("Days that a quote sent to an owner is good for"), N_("days"), 1, 365
)


class NotSendable(Refusal):
    """A quote that was used or taken back, or an owner who could not open it."""


def send(db: Session, quote: TillQuote, *, today: date, by: int | None, now: datetime) -> None:
    """Post the owner the link to their quote; from then on it has a last day. Once."""
    if not is_member(db, quote.owner_id):
        raise NotSendable(
            N_("Only members can open a quote on their phone. Show it at the till instead.")
        )
    until = today + timedelta(days=tunables.value(db, GOOD_DAYS))
    first = rows_changed(
        db,
        update(TillQuote)
        .where(
            TillQuote.id == quote.id,
            TillQuote.state == QuoteState.OPEN,
            TillQuote.sent_at.is_(None),
        )
        .values(sent_at=now, sent_by=by, valid_until=until),
    )
    db.refresh(quote)
    if not first:
        if quote.sent_at is None:
            raise NotSendable(N_("This quote was used or taken back."))
        return
    details = {
        "name": quote.owner.name,
        "quote_id": quote.id,
        "pay_fen": quote.pay_fen,
        "until_on": until.isoformat(),
    }
    draft = Draft("club/quote-sent", "quote", quote.id, details)
    outbox.post(db, f"quote:{quote.id}", reader_of(quote.owner), draft, now=now)
    audit.record(db, "quote.send", "quote", quote.id, by=by, now=now, until=until.isoformat())
    db.flush()


def is_over(quote: TillQuote, today: date) -> bool:
    """Whether its last day has passed."""
    return quote.valid_until is not None and today > quote.valid_until
