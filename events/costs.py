"""What an event costs the shop: noted by staff, planned before and actual afterwards."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.models import Event, EventCost
from events.refusals import CostRefused
from foundation import audit
from foundation.words import N_

MOST_FEN, LONGEST = 1_000_000_000, 500


def of_event(db: Session, event: Event) -> EventCost | None:
    """What was noted, if anything."""
    return db.get(EventCost, event.id)


def note(
    db: Session,
    event: Event,
    *,
    planned_fen: int | None,
    actual_fen: int | None,
    words: str,
    by: int | None,
    now: datetime,
) -> EventCost:
    """Keep both amounts in the place of the former ones; none says that it is not known.

    The event's row is held meanwhile, so that two who note the first cost make one row.
    """
    for amount in (planned_fen, actual_fen):
        if amount is not None and not 0 <= amount <= MOST_FEN:
            raise CostRefused(N_("Please enter a cost from ¥0 to ¥10,000,000."))
    db.get_one(Event, event.id, with_for_update=True)
    found = db.get(EventCost, event.id, populate_existing=True) or EventCost(event_id=event.id)
    found.planned_fen, found.actual_fen = planned_fen, actual_fen
    found.note = words.strip()[:LONGEST]
    found.noted_at, found.account_id = now, by
    db.add(found)
    audit.record(
        db,
        "event.cost",
        "event",
        event.id,
        by=by,
        now=now,
        planned_fen=planned_fen,
        actual_fen=actual_fen,
    )
    db.flush()
    return found
