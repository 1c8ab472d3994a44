"""Each wording of the terms that an event asked to accept."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Id


class TermsWording(Base):
    """One wording, kept for good: a registration names the version that was accepted."""

    __tablename__ = "terms_wording"
    __table_args__ = (UniqueConstraint("event_id", "version"),)

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    version: Mapped[int]
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)
    since: Mapped[datetime]
