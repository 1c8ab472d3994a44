"""Members who bring others: their links, whom they brought, and how far that got."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from club.models.adjustments import AdjustmentState
from foundation.database import Base, Id
from foundation.labels import Labelled
from foundation.words import N_
from members.models import Account, Owner, ServiceOrder

_WAITING = text("state = 'waiting'")


class ReferralKind(Labelled):
    """What the referred one came for."""

    CLUB = "club", N_("Joined the club")
    SERVICE = "service", N_("First service order")
    CAR = "car", N_("New car")


class ReferralState(Labelled):
    """How far it got: people wait for their first order, leads go from step to step."""

    WAITING = "waiting", N_("waiting for the first order")
    LEAD = "lead", N_("lead")
    VISIT = "visit", N_("visited the shop")
    ORDER = "order", N_("ordered a car")
    CREDITED = "credited", N_("credited")
    TAKEN_BACK = "taken-back", N_("taken back")
    LOST = "lost", N_("came to nothing")
    BLOCKED = "blocked", N_("blocked")


class Block(Labelled):
    """Why a referral brings nothing; staff read it, the referrer does not."""

    SELF = "self", N_("It is the same person.")
    TWICE = "twice", N_("Somebody else had brought them before.")
    MEMBER = "member", N_("They were a member before.")
    CUSTOMER = "customer", N_("They had a paid order before.")
    STAFF = "staff", N_("One of the two works here.")
    PHONE = "phone", N_("Both have the same phone number.")
    ADDRESS = "address", N_("Both live at the same address.")
    CAR = "car", N_("Both have or had the same car.")
    COMPANY = "company", N_("Both belong to the same company.")


class ReferralLink(Base):
    """A member's link: its code, and how many browsers opened it."""

    __tablename__ = "referral_link"
    __table_args__ = (UniqueConstraint("owner_id"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    code: Mapped[str] = mapped_column(unique=True)
    opened: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    owner: Mapped[Owner] = relationship()


class ReferralDay(Base):
    """How often links of members were followed on one shop day, all members together."""

    __tablename__ = "referral_day"
    __table_args__ = (CheckConstraint("visits >= 0", name="visits"),)

    on: Mapped[date] = mapped_column(primary_key=True)
    visits: Mapped[int] = mapped_column(default=0)


class Referral(Base):
    """One person whom a member brought; nobody is brought twice.

    Whoever is not known yet stands here with name and number until they are (`referred_id`).
    `order_id` is the order that brought the points, `cause_id` the cause of their entry.
    """

    __tablename__ = "referral"
    __table_args__ = (
        UniqueConstraint("referred_id"),
        UniqueConstraint("phone"),
        Index("ix_referral_state", "state", "id"),
        Index("ix_referral_referrer", "referrer_id", "id"),
        Index("ix_referral_began", "began_on", "kind"),
        CheckConstraint("(state = 'blocked') = (block IS NOT NULL)", name="block"),
    )

    id: Mapped[Id]
    kind: Mapped[ReferralKind]
    state: Mapped[ReferralState]
    block: Mapped[Block | None]
    referrer_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    referred_id: Mapped[int | None] = mapped_column(ForeignKey("owner.id"))
    name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str | None]
    began_on: Mapped[date]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("service_order.id"))
    cause_id: Mapped[str | None]
    points: Mapped[int] = mapped_column(default=0)
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None]

    referrer: Mapped[Owner] = relationship(foreign_keys=[referrer_id])
    referred: Mapped[Owner | None] = relationship(foreign_keys=[referred_id])
    order: Mapped[ServiceOrder | None] = relationship()
    steps: Mapped[list["ReferralStep"]] = relationship(
        back_populates="referral", order_by="ReferralStep.id"
    )


class ReferralStep(Base):
    """A state that a referral came into: on which day, and who said so."""

    __tablename__ = "referral_step"

    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    state: Mapped[ReferralState]
    on: Mapped[date]
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None]

    referral: Mapped[Referral] = relationship(back_populates="steps")


class ReferralClearing(Base):
    """What waits for a second person, and what became of it: the wish to lift a block, or without
    one to give so many points. Without an asker the daily job found them due.
    """

    __tablename__ = "referral_clearing"
    __table_args__ = (
        Index(
            "uq_referral_clearing_waiting",
            "referral_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    block: Mapped[Block | None]
    points: Mapped[int | None]
    reason: Mapped[str]
    state: Mapped[AdjustmentState] = mapped_column(default=AdjustmentState.WAITING)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decided_why: Mapped[str | None]

    referral: Mapped[Referral] = relationship()
    asked_by: Mapped[Account | None] = relationship(foreign_keys=[asked_by_id])
