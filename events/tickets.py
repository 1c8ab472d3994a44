"""The right to come in: a random secret for the QR code, a short code to read out (R28)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from events.models import Event, EventState, Registration, RegistrationState, Ticket
from events.refusals import NotActive
from foundation import audit, tokens
from foundation.settings import Settings
from foundation.together import NewRow
from foundation.words import N_

CODE_LENGTH = 8
TRIES = 5
NEAR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class TicketKeys:
    """What seals a ticket's secret, and what finds it again."""

    data: tuple[str, ...]
    hash: str

    @classmethod
    def of(cls, settings: Settings) -> "TicketKeys":
        """The keys of this club."""
        return cls(settings.data_keys, settings.hash_key)


def issue(db: Session, registration: Registration, *, keys: TicketKeys, now: datetime) -> Ticket:
    """A ticket with a new secret and code, in the place of any former one of the registration."""
    ticket = db.scalar(select(Ticket).where(Ticket.registration_id == registration.id))
    if ticket is None:
        return issue_first(db, registration, keys=keys, now=now)
    for attempt in range(TRIES):
        try:
            with db.begin_nested():
                _renew(ticket, keys, now)
            break
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    return ticket


def issue_first(
    db: Session, registration: Registration, *, keys: TicketKeys, now: datetime
) -> Ticket:
    """The ticket of a registration that never had one; it is written with the next flush.

    Of 2^40 codes an event uses some hundred: a clash with a code of the same event would make
    the whole sign-up fail once in a billion times, and trying again is safe.
    """
    ticket: Ticket = first_row(registration, keys=keys, now=now).add(db)
    return ticket


def first_row(registration: Registration, *, keys: TicketKeys, now: datetime) -> NewRow:
    """The row of such a first ticket, for who stores it together with other rows."""
    whose = {"registration_id": registration.id, "event_id": registration.event_id}
    return NewRow(Ticket, whose | _new_codes(keys, now))


def _renew(ticket: Ticket, keys: TicketKeys, now: datetime) -> None:
    for name, value in _new_codes(keys, now).items():
        setattr(ticket, name, value)


def _new_codes(keys: TicketKeys, now: datetime) -> dict[str, Any]:
    secret = tokens.random_secret()
    return {
        "secret_sealed": tokens.seal(keys.data, secret),
        "secret_index": tokens.blind_index(keys.hash, secret),
        "code": tokens.crockford_code(CODE_LENGTH),
        "issued_at": now,
        "revoked_at": None,
    }


def secret_of(ticket: Ticket, keys: TicketKeys) -> str:
    """What the QR code says."""
    return tokens.unseal(keys.data, ticket.secret_sealed)


def revoke(db: Session, registration_id: int, *, now: datetime) -> None:
    """The ticket of a registration opens no door any more."""
    db.execute(
        update(Ticket)
        .where(Ticket.registration_id == registration_id, Ticket.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def reissue(
    db: Session, registration: Registration, *, keys: TicketKeys, by: int | None, now: datetime
) -> Ticket:
    """A new secret and code for a ticket that got into wrong hands; the former opens no door."""
    db.refresh(registration, ["state"], with_for_update=True)
    if registration.state != RegistrationState.CONFIRMED:
        raise NotActive(N_("Only who has a place has a ticket."))
    ticket = issue(db, registration, keys=keys, now=now)
    audit.record(db, "ticket.reissue", "registration", registration.id, by=by, now=now)
    db.flush()
    return ticket


def find(db: Session, event: Event, text: str, *, keys: TicketKeys) -> Ticket | None:
    """The ticket behind what was scanned (a secret, of any event) or typed (a code of this one).

    A scanned address is read by its last part.
    """
    text = text.strip().rstrip("/").rsplit("/", 1)[-1]
    found = Ticket.secret_index == tokens.blind_index(keys.hash, text)
    code = tokens.normalise_crockford(text)
    if len(code) == CODE_LENGTH:
        found = found | ((Ticket.event_id == event.id) & (Ticket.code == code))
    return db.scalar(_first_query(found))


def find_elsewhere(db: Session, event: Event, text: str, *, now: datetime) -> Ticket | None:
    """A typed code that is of another event near in time, so that the door can say so."""
    code = tokens.normalise_crockford(text)
    if len(code) != CODE_LENGTH:
        return None
    near = select(Event.id).where(
        Event.state == EventState.PUBLISHED,
        Event.ends_at > now - NEAR,
        Event.starts_at < now + NEAR,
        Event.id != event.id,
    )
    return db.scalar(_first_query(Ticket.event_id.in_(near) & (Ticket.code == code)))


def _first_query(found: ColumnElement[bool]) -> Select[Ticket]:
    return (
        select(Ticket)
        .where(found)
        .options(joinedload(Ticket.registration).joinedload(Registration.event))
        .order_by(Ticket.id)
        .limit(1)
    )
