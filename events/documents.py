"""Documents of an event: what may be kept, and who may open it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from events import visibility
from events.models import (
    DocumentFor,
    DocumentKind,
    Event,
    EventDocument,
    EventState,
    Registration,
    RegistrationState,
)
from events.refusals import DocumentRefused
from foundation import audit
from foundation.pictures import NotAPicture, photo_of
from foundation.words import N_
from members.models import Membership

LARGEST = 10 * 1024 * 1024
MOST = 12
TAIL = 2048
# What makes a PDF do something when it is opened, or brings other files along.
_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document as it was handed in, its file as `read` found it."""

    title_zh: str
    title_en: str | None
    audience: DocumentFor
    kind: DocumentKind
    content: bytes


def add(db: Session, event: Event, sheet: Sheet, *, by: int | None, now: datetime) -> EventDocument:
    """Keep it with the event, as long as that takes place and has room."""
    db.get_one(Event, event.id, with_for_update=True)
    if event.state == EventState.CANCELLED:
        raise DocumentRefused(N_("This event was cancelled."))
    if not sheet.title_zh.strip():
        raise DocumentRefused(N_("Please say in Chinese what this document is."))
    count = select(func.count()).where(EventDocument.event_id == event.id)
    if (db.scalar(count) or 0) >= MOST:
        raise DocumentRefused(N_("An event can have %(most)s documents."), most=MOST)
    made = EventDocument(
        event_id=event.id,
        title_zh=sheet.title_zh.strip(),
        title_en=(sheet.title_en or "").strip() or None,
        audience=sheet.audience,
        kind=sheet.kind,
        content=sheet.content,
        size=len(sheet.content),
        added_at=now,
        account_id=by,
    )
    db.add(made)
    db.flush()
    audit.record(db, "event.document", "event", event.id, by=by, now=now, document=made.id)
    return made


def remove(db: Session, document: EventDocument, *, by: int | None, now: datetime) -> None:
    """Nobody can open it any more."""
    audit.record(
        db, "event.document-drop", "event", document.event_id, by=by, now=now, document=document.id
    )
    db.delete(document)
    db.flush()


def copy_to(db: Session, event: Event, made: Event) -> None:
    """The same documents for the copy of an event."""
    for one in of_event(db, event):
        db.add(
            EventDocument(
                event_id=made.id,
                title_zh=one.title_zh,
                title_en=one.title_en,
                audience=one.audience,
                kind=one.kind,
                content=one.content,
                size=one.size,
                added_at=one.added_at,
                account_id=one.account_id,
            )
        )


def read(data: bytes) -> tuple[DocumentKind, bytes]:
    """What a file is by its content, and what is kept of it: a PDF as it is, a picture without what
    the camera wrote into it. Refused when it is neither."""
    if not data:
        raise DocumentRefused(N_("Please choose a PDF or a picture."))
    if len(data) > LARGEST:
        raise DocumentRefused(N_("This file is larger than %(size)s MB."), size=LARGEST // 1024**2)
    if not data.startswith(b"%PDF-"):
        return DocumentKind.JPEG, _picture(data)
    if b"%%EOF" not in data[-TAIL:]:
        raise DocumentRefused(N_("This PDF is incomplete. Please save it again."))
    if _ACTS.search(data):
        raise DocumentRefused(
            N_("This PDF holds scripts or other files. Please print it to a plain PDF first.")
        )
    return DocumentKind.PDF, data


def _picture(data: bytes) -> bytes:
    try:
        return photo_of(data)
    except NotAPicture as broken:
        raise DocumentRefused(
            N_("This file is neither a PDF nor a picture that can be read.")
        ) from broken


def of_event(db: Session, event: Event) -> Sequence[EventDocument]:
    """The documents of an event, without their content."""
    query = select(EventDocument).where(EventDocument.event_id == event.id)
    return db.scalars(query.order_by(EventDocument.id)).all()


def may_open(db: Session, document: EventDocument, owner_id: int) -> bool:
    """A member who may see the event; of those for the registered, who has a place."""
    event = document.event
    if not event.was_public or not visibility.may_see(db, event, owner_id):
        return False
    if document.audience == DocumentFor.REGISTERED:
        return db.scalar(_place(event, owner_id)) is not None
    joined = select(Membership.owner_id).where(
        Membership.owner_id == owner_id, Membership.left_on.is_(None)
    )
    return db.scalar(joined) is not None


def _place(event: Event, owner_id: int) -> Select[int]:
    return select(Registration.id).where(
        Registration.event_id == event.id,
        Registration.owner_id == owner_id,
        Registration.state == RegistrationState.CONFIRMED,
    )
