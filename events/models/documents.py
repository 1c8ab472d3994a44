"""Papers of an event: route, house rules, forms to bring along."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.models.programme import Event
from foundation.database import Base, Id


class DocumentKind(enum.StrEnum):
    PDF = "pdf"
    JPEG = "jpg"


class DocumentFor(enum.StrEnum):
    """Who may open a document."""

    MEMBERS = "members"
    REGISTERED = "registered"


class EventDocument(Base):
    """A file of an event. What it is was read from its content, never from its name."""

    __tablename__ = "event_document"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    title_zh: Mapped[str]
    title_en: Mapped[str | None]
    kind: Mapped[DocumentKind]
    audience: Mapped[DocumentFor]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    event: Mapped[Event] = relationship()
