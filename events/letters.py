"""What members are told of their registrations, in the transaction of its cause."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from events.models import Event, Registration
from foundation import outbox
from foundation.outbox import Draft, Letter, Reader
from foundation.shop import in_language
from foundation.together import NewRow
from foundation.words import N_
from members.reaching import reader_of

CAUSE = "registration"
MOVED, CHANGED = "event-moved", "registration-changed"


def tell(
    db: Session,
    registration: Registration,
    template: str,
    *,
    now: datetime,
    key: str | None = None,
    cause: tuple[str, int] | None = None,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    **more: Any,
) -> Letter:
    """Post one of this room's letters to the member, once per template and registration.

    `key` tells further letters of the same template apart; `more` are further JSON values.
    """
    reader = reader_of(registration.owner)
    cause_kind, cause_id = cause or (CAUSE, registration.id)
    draft = Draft(
        f"events/{template}",
        cause_kind,
        cause_id,
        details={**_details(registration, reader), **more},
        not_before=not_before,
        not_after=not_after,
    )
    return outbox.post(db, f"{template}:{key or registration.id}", reader, draft, now=now)


def first_row(
    db: Session,
    registration: Registration,
    template: str,
    *,
    now: datetime,
    not_after: datetime | None = None,
) -> NewRow:
    """The row of a letter to whoever signed up in this transaction, to be stored with others."""
    reader = reader_of(registration.owner)
    draft = Draft(
        f"events/{template}",
        CAUSE,
        registration.id,
        details=_details(registration, reader),
        not_after=not_after,
    )
    return outbox.first_row(db, f"{template}:{registration.id}", reader, draft, now=now)


def forget(db: Session, registration: Registration) -> None:
    """Letters about a registration that wait to be sent are not true any more."""
    outbox.withdraw(db, CAUSE, registration.id, why=N_("The registration has changed since."))


def told_anew(db: Session, registration: Registration, *, since: datetime) -> bool:
    """Whether they were told later than `since` of the event's move or of a change of theirs."""
    keys = (f"{template}:{registration.id}:" for template in (MOVED, CHANGED))
    told = select(Letter.id).where(
        Letter.recipient_kind == "owner",
        Letter.recipient_id == registration.owner_id,
        Letter.created_at > since,
        or_(*(Letter.key.startswith(key) for key in keys)),
    )
    return db.scalar(told.limit(1)) is not None


def _details(registration: Registration, reader: Reader) -> dict[str, Any]:
    event, session = registration.event, registration.session
    return {
        "name": registration.owner.name,
        "registration_id": registration.id,
        "party_size": registration.party_size,
        "path": f"/me/registrations/{registration.id}",
        **event_details(event, reader.language),
        **(_times(session.starts_at, session.ends_at) if session else {}),
    }


def event_details(event: Event, language: str) -> dict[str, Any]:
    """What a letter says of an event."""
    return {
        "event_id": event.id,
        "title": in_language(event, "title", language),
        "place": in_language(event, "place", language),
        "address": event.address,
        **_times(event.starts_at, event.ends_at),
    }


def _times(starts_at: datetime, ends_at: datetime) -> dict[str, str]:
    return {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
