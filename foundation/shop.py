"""The shop: its name, its hours, and texts kept in two languages."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Base, Id


def in_language(thing: object, field: str, language: str) -> str:
    """A staff text in the reader's language, falling back on Chinese ("title" → title_en)."""
    if language == "en":
        english = getattr(thing, f"{field}_en")
        if english:
            return str(english)
    return str(getattr(thing, f"{field}_zh") or "")


class Shop(Base):
    """One service centre. The first is seeded; a second one makes the first visible as such."""

    __tablename__ = "shop"

    id: Mapped[Id]
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    club_name_zh: Mapped[str]
    club_name_en: Mapped[str | None]
    address_zh: Mapped[str]
    address_en: Mapped[str | None]
    phone: Mapped[str]
    footer_zh: Mapped[str]
    footer_en: Mapped[str | None]
    timezone: Mapped[str] = mapped_column(default="Asia/Shanghai")
    hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    logo: Mapped[str | None]

    @property
    def zone(self) -> ZoneInfo:
        """Where the shop's clock hangs: quiet hours, shop days and calendar entries follow it."""
        return ZoneInfo(self.timezone)


def the_shop(db: Session) -> Shop:
    """The first shop, which every club has."""
    return db.scalars(select(Shop).order_by(Shop.id).limit(1)).one()
