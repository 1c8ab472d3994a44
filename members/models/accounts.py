"""Logins, their roles, one-time codes, wrong tries, and claims on an archive."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id
from foundation.roles import Permission, Role, permissions_of
from members.models.owners import Owner


class Account(Base):
    """A login, an owner's or staff's. Phone and e-mail are stored normalised and proven.

    `given_phone` and `given_email` were typed at joining and wait for their proof: no order is
    matched by the one (R49), no letter goes to the other.
    """

    __tablename__ = "account"

    id: Mapped[Id]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("owner.id"), unique=True)
    name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str | None] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    given_phone: Mapped[str | None] = mapped_column(index=True)
    given_email: Mapped[str | None] = mapped_column(index=True)
    password_hash: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="zh-Hans")
    picks_events: Mapped[bool] = mapped_column(default=True, server_default=true())
    session_version: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    owner: Mapped[Owner | None] = relationship(foreign_keys=[owner_id], back_populates="account")
    roles: Mapped[list["AccountRole"]] = relationship(
        back_populates="account", cascade="all, delete-orphan"
    )

    # What the sign-in asks of a user; the version in the id ends sessions everywhere.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        return f"{self.id}:{self.session_version}"

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of({held.role for held in self.roles})

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)

    @property
    def is_member(self) -> bool:
        """Whether this login belongs to an owner who is in the club today."""
        if self.owner is None or self.owner.membership is None:
            return False
        return self.owner.membership.left_on is None


class AccountRole(Base):
    """A role that an account holds at a shop."""

    __tablename__ = "account_role"
    __table_args__ = (UniqueConstraint("account_id", "role", "shop_id"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role]
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))

    account: Mapped[Account] = relationship(back_populates="roles")


class Advising(enum.StrEnum):
    SERVICE = "service"
    SALES = "sales"


class OwnerAdvisor(Base):
    """The one service advisor and the one sales advisor of an owner."""

    __tablename__ = "owner_advisor"
    __table_args__ = (UniqueConstraint("owner_id", "kind"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[Advising]

    account: Mapped[Account] = relationship()


class CodePurpose(enum.StrEnum):
    """What a code proves a contact for; one for this is none for that."""

    JOIN = "join"
    SIGN_IN = "sign-in"
    RESET = "reset"
    CLAIM = "claim"
    CONTACT = "contact"


class OneTimeCode(Base):
    """A six-digit code on its way to a phone or mailbox; only its hash is kept."""

    __tablename__ = "one_time_code"
    __table_args__ = (Index("ix_one_time_code_contact", "contact", "purpose", "id"),)

    id: Mapped[Id]
    purpose: Mapped[CodePurpose]
    contact: Mapped[str]
    code_hash: Mapped[str]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A wrong try at a password: counted by (account, address) and by account."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_login", "login_hash", "at"),)

    id: Mapped[Id]
    login_hash: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]


class ClaimState(enum.StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class ArchiveClaim(Base):
    """A newly joined owner says that an imported archive is theirs; proof decides."""

    __tablename__ = "archive_claim"
    __table_args__ = (UniqueConstraint("owner_id", "archive_id"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    archive_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    state: Mapped[ClaimState] = mapped_column(default=ClaimState.OPEN, index=True)
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
