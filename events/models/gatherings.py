"""Gatherings and contests: ballots, the gift exchange, saving contests, what is for sale."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.models.programme import CheckInStep
from events.models.registrations import Registration
from foundation.database import Base, Id
from foundation.labels import Labelled
from foundation.words import N_


class Ballot(Base):
    """A vote among the cars that came: one vote a car, counted for all to see from `closes_at`."""

    __tablename__ = "ballot"
    __table_args__ = (
        Index("ix_ballot_event", "event_id", "position"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
    )

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    position: Mapped[int]
    title_zh: Mapped[str]
    title_en: Mapped[str | None]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]

    options: Mapped[list["BallotOption"]] = relationship(
        order_by="BallotOption.position", cascade="all, delete-orphan"
    )


class BallotOption(Base):
    """What can be voted for."""

    __tablename__ = "ballot_option"
    __table_args__ = (Index("ix_ballot_option_ballot", "ballot_id", "position"),)

    id: Mapped[Id]
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    position: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str | None]


class Vote(Base):
    """One car's vote, and one of a registration whatever car it comes with. `voter` names the
    car, or the registration of who came without one."""

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("ballot_id", "voter"),
        UniqueConstraint("ballot_id", "registration_id"),
    )

    id: Mapped[Id]
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    option_id: Mapped[int] = mapped_column(ForeignKey("ballot_option.id"), index=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    voter: Mapped[str]
    voted_at: Mapped[datetime]


class GiftDraw(Base):
    """The gift exchange of an event. The hash of the seed is shown before the draw, the seed
    afterwards, so everybody can work out that nobody chose who gets what."""

    __tablename__ = "gift_draw"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    step_id: Mapped[int | None] = mapped_column(ForeignKey("check_in_step.id"))
    seed: Mapped[str]
    seed_hash: Mapped[str]
    prepared_at: Mapped[datetime]
    drawn_at: Mapped[datetime | None]

    step: Mapped[CheckInStep | None] = relationship()
    pairs: Mapped[list["GiftPair"]] = relationship(
        order_by="GiftPair.number", cascade="all, delete-orphan"
    )


class GiftPair(Base):
    """The gift that a car handed in, by its number, and the car that drew it."""

    __tablename__ = "gift_pair"
    __table_args__ = (
        UniqueConstraint("draw_id", "number"),
        UniqueConstraint("draw_id", "giver_id"),
        UniqueConstraint("draw_id", "receiver_id"),
        CheckConstraint("giver_id <> receiver_id", name="not_their_own"),
    )

    id: Mapped[Id]
    draw_id: Mapped[int] = mapped_column(ForeignKey("gift_draw.id"))
    number: Mapped[int]
    giver_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)

    giver: Mapped[Registration] = relationship(foreign_keys=giver_id)
    receiver: Mapped[Registration] = relationship(foreign_keys=receiver_id)


class ContestClass(Labelled):
    """What a car burns, and so whom it is compared with."""

    FUEL = "fuel", N_("Fuel, litres for 100 km")
    ELECTRIC = "electric", N_("Electric, kWh for 100 km")


class ContestRun(Base):
    """What a car used on the measured way: millilitres of fuel, or watt-hours."""

    __tablename__ = "contest_run"
    __table_args__ = (
        Index("ix_contest_run_event", "event_id"),
        CheckConstraint("metres > 0", name="metres"),
        CheckConstraint("used >= 0", name="used"),
    )

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), unique=True)
    in_class: Mapped[ContestClass]
    metres: Mapped[int]
    used: Mapped[int]
    out_because: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship()


class ContestResult(Base):
    """The ranking of an event is out, from this moment."""

    __tablename__ = "contest_result"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    published_at: Mapped[datetime]


class SaleItem(Base):
    """Something for sale at the event: an emblem, a souvenir plate. Stock none = unlimited."""

    __tablename__ = "sale_item"
    __table_args__ = (
        Index("ix_sale_item_event", "event_id", "position"),
        CheckConstraint("sold >= 0", name="sold"),
    )

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    position: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    price_fen: Mapped[int]
    stock: Mapped[int | None]
    sold: Mapped[int] = mapped_column(default=0)


class Sale(Base):
    """So many of an item were paid at the desk, at the price of then. The same request twice is
    one sale."""

    __tablename__ = "sale"

    id: Mapped[Id]
    request_id: Mapped[str] = mapped_column(unique=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("sale_item.id"), index=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    count: Mapped[int]
    price_fen: Mapped[int]
    sold_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    item: Mapped[SaleItem] = relationship()
    registration: Mapped[Registration] = relationship()
