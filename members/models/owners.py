"""Owners: people and companies, whether they joined the club or not."""

import enum
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id

if TYPE_CHECKING:
    from members.models.accounts import Account


class OwnerKind(enum.StrEnum):
    PERSON = "person"
    COMPANY = "company"


class CompanyRole(enum.StrEnum):
    """What a person is to a company with cars."""

    CONTACT = "contact"
    DRIVER = "driver"


class Owner(Base):
    """A person or a company with a car, or a prospect without one. Only the id is always there.

    One who left and was erased keeps the id alone, for what the club counts.
    """

    __tablename__ = "owner"
    __table_args__ = (Index("ix_owner_name_sort", "name_sort", "id"),)

    id: Mapped[Id]
    kind: Mapped[OwnerKind] = mapped_column(default=OwnerKind.PERSON)
    name: Mapped[str] = mapped_column(default="")
    name_sort: Mapped[str] = mapped_column(default="")
    phone: Mapped[str | None] = mapped_column(index=True)
    email: Mapped[str | None] = mapped_column(index=True)
    wechat: Mapped[str | None]
    sex: Mapped[str | None]
    born_on: Mapped[date | None]
    licence_until: Mapped[date | None]
    address: Mapped[str | None]
    title: Mapped[str | None]
    contact_time: Mapped[str | None]
    note: Mapped[str | None]
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("owner.id"))
    erased_at: Mapped[datetime | None]

    membership: Mapped["Membership | None"] = relationship(back_populates="owner")
    account: Mapped["Account | None"] = relationship(
        back_populates="owner", foreign_keys="Account.owner_id"
    )
    identities: Mapped[list["OwnerIdentity"]] = relationship(
        order_by="OwnerIdentity.id", viewonly=True
    )

    @property
    def known_as(self) -> str | None:
        """The number that another system knows them by, the first that came in."""
        return self.identities[0].external_id if self.identities else None

    @classmethod
    def is_here(cls) -> ColumnElement[bool]:
        """Neither merged into another one nor erased: whom lists and searches find."""
        return and_(cls.merged_into_id.is_(None), cls.erased_at.is_(None))

    @property
    def is_gone(self) -> bool:
        """Merged into another one, or erased."""
        return self.merged_into_id is not None or self.erased_at is not None


class OwnerIdentity(Base):
    """Who this owner is in another system."""

    __tablename__ = "owner_identity"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    source: Mapped[str]
    external_id: Mapped[str]


class ErasedIdentity(Base):
    """By a keyed hash, who somebody was in another system before they were erased (R63)."""

    __tablename__ = "erased_identity"

    id: Mapped[Id]
    identity_hash: Mapped[str] = mapped_column(unique=True)
    erased_at: Mapped[datetime]


class Membership(Base):
    """An owner who joined the club: number and day."""

    __tablename__ = "membership"

    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    joined_on: Mapped[date] = mapped_column(index=True)
    left_on: Mapped[date | None] = mapped_column(index=True)

    owner: Mapped[Owner] = relationship(back_populates="membership")


class CompanyPerson(Base):
    """A contact or driver of a company; membership belongs to the person."""

    __tablename__ = "company_person"
    __table_args__ = (UniqueConstraint("company_id", "person_id", "role"),)

    id: Mapped[Id]
    company_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    role: Mapped[CompanyRole]
