"""The interest taxonomy (domain, section 2) and what owners chose from it."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id


class InterestGroup(Base):
    """One of seven groups, or one that staff added."""

    __tablename__ = "interest_group"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    position: Mapped[int]

    items: Mapped[list["Interest"]] = relationship(
        back_populates="group", order_by="Interest.position"
    )


class Interest(Base):
    """Something that members can like; a retired one is offered no more."""

    __tablename__ = "interest"

    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey("interest_group.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)

    group: Mapped[InterestGroup] = relationship(back_populates="items")


class OwnerInterest(Base):
    """That an owner likes something, and since when."""

    __tablename__ = "owner_interest"
    __table_args__ = (UniqueConstraint("owner_id", "interest_id"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    interest_id: Mapped[int] = mapped_column(ForeignKey("interest.id"), index=True)
    since: Mapped[datetime]
