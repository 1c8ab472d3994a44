"""What a device at the door keeps, so that the door goes on without a network.

As little of a person as the door needs: name, party, plate, slot, place in the formation, what is
still needed for a trip, and by what their ticket is known. No phone number, no owner's id, and of
the ticket's secret only a salted fingerprint (R28).
"""

import hashlib
import secrets
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from events import tickets
from events.models import CheckIn, Event, Registration, RegistrationState, Ticket
from events.tickets import TicketKeys
from events.trips.needs import still_needed, trip_that_asks
from foundation import audit
from foundation.tokens import SealBroken
from members.models import Owner

KEPT_AFTER_THE_END = timedelta(hours=6)
WAITS = (RegistrationState.WAITING, RegistrationState.OFFERED)
Seen = dict[int, list[dict[str, Any]]]


def erased_at(event: Event) -> datetime:
    """When every device forgets the list by itself."""
    return event.ends_at + KEPT_AFTER_THE_END


def take(
    db: Session, event: Event, *, keys: TicketKeys, by: int | None, now: datetime
) -> dict[str, Any]:
    """The list for one device, and an entry in the trail that it was taken (R67). What is still
    needed stands in it in marked words."""
    salt = secrets.token_hex(16)
    seen, listed = seen_of(db, event.id), _listed(db, event.id)
    needs = still_needed(db, event, listed)
    rows = [_row(one, salt, keys, seen.get(one.id, []), needs) for one in listed]
    audit.record(db, "event.offline-list", "event", event.id, by=by, now=now, rows=len(rows))
    db.flush()
    return {"salt": salt, "version": version_of(db, event), "rows": rows}


def seen_of(db: Session, event_id: int) -> Seen:
    """Where each registration was seen, first come first; what was struck out does not count."""
    found: Seen = defaultdict(list)
    for one in db.scalars(
        select(CheckIn)
        .join(Registration)
        .where(Registration.event_id == event_id, CheckIn.undone_at.is_(None))
        .order_by(CheckIn.happened_at, CheckIn.id)
    ):
        found[one.registration_id].append(
            {
                "step": one.step_id,
                "at": one.happened_at.isoformat(),
                "request": one.request_id,
                "door": "" if ":" in one.device else one.device,
            }
        )
    return dict(found)


def version_of(db: Session, event: Event) -> str:
    """Another one as soon as somebody signs up, cancels, comes with more people, or has seen to
    what was still needed."""
    rows = db.execute(
        select(
            Registration.id,
            Registration.state,
            Registration.party_size,
            Registration.vehicle_id,
            Registration.session_id,
            Registration.formation_number,
            Ticket.code,
            Ticket.revoked_at,
        )
        .outerjoin(Ticket, Ticket.registration_id == Registration.id)
        .where(Registration.event_id == event.id)
        .order_by(Registration.id)
    )
    listed = _listed(db, event.id) if trip_that_asks(db, event) else ()
    known = [tuple(row) for row in rows], sorted(still_needed(db, event, listed).items())
    return hashlib.sha256(repr(known).encode()).hexdigest()[:16]


def _listed(db: Session, event_id: int) -> list[Registration]:
    """Who may come, who waits, and whose ticket must be refused."""
    found = db.scalars(
        select(Registration)
        .join(Registration.owner)
        .where(Registration.event_id == event_id)
        .options(
            joinedload(Registration.owner),
            joinedload(Registration.vehicle),
            joinedload(Registration.session),
            joinedload(Registration.ticket),
        )
        .order_by(Owner.name_sort, Registration.id)
    )
    return [one for one in found if one.ticket is not None or one.state in WAITS]


def _row(
    one: Registration, salt: str, keys: TicketKeys, seen: list[Any], needs: dict[int, list[str]]
) -> dict[str, Any]:
    state = _state(one)
    row = {"id": one.id, "state": state, "seen": seen, **_known_by(one.ticket, salt, keys)}
    if state == "cancelled":
        return row
    return row | {
        "name": one.owner.name,
        "party": one.party_size,
        "plate": (one.vehicle.plate or "") if one.vehicle else "",
        "number": one.formation_number,
        "slot": one.session.starts_at.isoformat() if one.session else "",
        "needs": needs.get(one.id, []),
    }


def _state(one: Registration) -> str:
    if one.state in WAITS:
        return "waiting"
    if one.state != RegistrationState.CONFIRMED:
        return "cancelled"
    revoked = one.ticket is not None and one.ticket.revoked_at is not None
    return "revoked" if revoked else "confirmed"


def _known_by(ticket: Ticket | None, salt: str, keys: TicketKeys) -> dict[str, str]:
    if ticket is None:
        return {"code": "", "print": ""}
    try:
        secret = tickets.secret_of(ticket, keys)
    except SealBroken:  # sealed with a key that the club no longer has: the code still works
        return {"code": ticket.code, "print": ""}
    return {"code": ticket.code, "print": fingerprint(salt, secret)}


def fingerprint(salt: str, secret: str) -> str:
    """What a device compares a scanned secret with; of 128 random bits nobody guesses back."""
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest()
