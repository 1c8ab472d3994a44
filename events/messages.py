"""A message of staff to those who signed up for an event: written, looked at, sent once to each.

It is a service letter: it says what concerns the event, and advertises nothing (R37).
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session, joinedload

from events import letters
from events.letter_words import MESSAGE, Words, check
from events.models import (
    Audience,
    CheckIn,
    Event,
    EventMessage,
    EventState,
    Registration,
    RegistrationState,
)
from events.refusals import MessageRefused
from foundation import audit
from foundation.database import rows_changed
from foundation.words import N_
from members.models import Owner


def draft(
    db: Session,
    event: Event,
    audience: Collection[Audience],
    words: Words,
    *,
    by: int,
    now: datetime,
) -> EventMessage:
    """A message that nobody gets yet."""
    _check(event, audience, words)
    made = EventMessage(
        event=event, audience=_codes(audience), created_at=now, account_id=by, **asdict(words)
    )
    db.add(made)
    db.flush()
    audit.record(db, "event-message.draft", "event", event.id, by=by, now=now, message=made.id)
    return made


def change(
    db: Session,
    message: EventMessage,
    audience: Collection[Audience],
    words: Words,
    *,
    by: int,
    now: datetime,
) -> None:
    """Other words or other readers, as long as it is not sent."""
    _check(message.event, audience, words)
    _check_unsent(message)
    message.audience = _codes(audience)
    for name, text in asdict(words).items():
        setattr(message, name, text)
    _note(db, "event-message.change", message, by, now)


def discard(db: Session, message: EventMessage, *, by: int, now: datetime) -> None:
    """A draft that is not wanted any more."""
    _check_unsent(message)
    _note(db, "event-message.discard", message, by, now)
    db.delete(message)
    db.flush()


def readers_query(event_id: int, audience: Collection[str]) -> Select[Registration]:
    """Whom a message to this audience reaches now, each member once."""
    here = select(CheckIn.registration_id).where(CheckIn.undone_at.is_(None))
    state = Registration.state
    meant: dict[str, ColumnElement[bool]] = {
        Audience.REGISTERED: state == RegistrationState.CONFIRMED,
        Audience.WAITING: state.in_((RegistrationState.WAITING, RegistrationState.OFFERED)),
        Audience.CHECKED_IN: (state == RegistrationState.CONFIRMED) & Registration.id.in_(here),
    }
    return (
        select(Registration)
        .join(Owner, Owner.id == Registration.owner_id)
        .where(
            Registration.event_id == event_id,
            or_(*(meant[one] for one in audience if one in meant)),
        )
        .options(
            joinedload(Registration.owner).joinedload(Owner.account),
            joinedload(Registration.owner).joinedload(Owner.membership),
            joinedload(Registration.session),
            joinedload(Registration.event),
        )
        .order_by(Owner.name_sort, Registration.id)
    )


def readers(db: Session, message: EventMessage) -> Sequence[Registration]:
    """Whom the message reaches now."""
    return db.scalars(readers_query(message.event_id, message.audience)).all()


def send(db: Session, message: EventMessage, *, seen: int, by: int, now: datetime) -> int:
    """Post the message to each reader once; how many. Refused where the list is not as long as
    the sender saw it, or the message is on its way already."""
    taken = rows_changed(
        db,
        update(EventMessage)
        .where(EventMessage.id == message.id, EventMessage.sent_at.is_(None))
        .values(sent_at=now)
        .execution_options(synchronize_session=False),
    )
    if taken != 1:
        raise MessageRefused(N_("This message was sent already."))
    if message.event.state == EventState.DRAFT:
        raise MessageRefused(N_("Nobody has signed up for a draft."))
    found = readers(db, message)
    if not found:
        raise MessageRefused(N_("Nobody is in this list now."))
    if len(found) != seen:
        raise MessageRefused(
            N_("The list has changed: it has %(now)s people now. Please look at it again."),
            now=len(found),
        )
    for registration in found:
        letters.tell(
            db,
            registration,
            MESSAGE.removeprefix("events/"),
            key=f"{message.id}:{registration.owner_id}",
            is_new=True,
            cause=("event-message", message.id),
            now=now,
            message_id=message.id,
        )
    db.refresh(message)
    message.recipients = len(found)
    _note(db, "event-message.send", message, by, now, count=len(found))
    return len(found)


def messages_of(db: Session, event_id: int) -> Sequence[EventMessage]:
    """The messages of an event, the newest first."""
    return db.scalars(
        select(EventMessage)
        .where(EventMessage.event_id == event_id)
        .order_by(EventMessage.id.desc())
        .limit(50)
    ).all()


def audience_of(message: EventMessage) -> list[Audience]:
    """To whom it goes, in the order of the list."""
    return [one for one in Audience if one.value in message.audience]


def _codes(audience: Collection[Audience]) -> list[str]:
    return [one.value for one in Audience if one in audience]


def _check(event: Event, audience: Collection[Audience], words: Words) -> None:
    if event.state == EventState.CANCELLED:
        raise MessageRefused(N_("This event was cancelled, and everybody was told."))
    if not audience:
        raise MessageRefused(N_("Please choose who is to get the message."))
    check(words, None)


def _check_unsent(message: EventMessage) -> None:
    if message.sent_at is not None:
        raise MessageRefused(N_("This message was sent already."))


def _note(
    db: Session, act: str, message: EventMessage, by: int, now: datetime, **more: int
) -> None:
    audit.record(db, act, "event", message.event_id, by=by, now=now, message=message.id, **more)
    db.flush()
