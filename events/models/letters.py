"""What an event says by letter: its own words, when it reminds and thanks, its messages, and the
short survey after it."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.models.programme import Event
from foundation.database import Base, Id
from foundation.labels import Labelled
from foundation.words import N_


class LetterKind(Labelled):
    """Letters about a registration; each is named as its template is."""

    CONFIRMED = "registration-confirmed", N_("A place is confirmed")
    WAITING = "registration-waiting", N_("All places are taken, they wait")
    OFFER = "offer", N_("A freed place is offered")
    OFFER_EXPIRED = "offer-expired", N_("An offer ran out")
    REMINDER = "reminder", N_("Reminder before the event")
    MOVED = "event-moved", N_("The event has moved")
    CHANGED = "registration-changed", N_("A slot, car or party has changed")
    BAY_MOVED = "bay-moved", N_("The appointment of a car has moved")
    CHECK_READY = "check-ready", N_("The report of a check is ready")
    CANCELLED = "registration-cancelled", N_("A registration is cancelled")
    EVENT_CANCELLED = "event-cancelled", N_("The event is cancelled")
    THANKS = "thanks", N_("Thanks afterwards, with three questions")
    NO_SHOW = "no-show", N_("Somebody with a place did not come")
    NO_SHOW_DECIDED = "no-show-decided", N_("Their word on a missed event was read")


OF_BAYS = (LetterKind.BAY_MOVED, LetterKind.CHECK_READY)


class EventLetter(Base):
    """An event's own words for one kind of letter; without a row the house's words are sent."""

    __tablename__ = "event_letter"
    __table_args__ = (UniqueConstraint("event_id", "kind"),)

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[LetterKind]
    subject_zh: Mapped[str]
    subject_en: Mapped[str | None]
    body_zh: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str | None] = mapped_column(Text)


class Anchor(enum.StrEnum):
    """What a letter's hours count from: the event's start or its end."""

    START = "start"
    END = "end"


class LetterTime(Base):
    """When an event reminds or thanks: `hours` from its start or end, before it below zero."""

    __tablename__ = "letter_time"
    __table_args__ = (UniqueConstraint("event_id", "kind", "anchor", "hours"),)

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[LetterKind]
    anchor: Mapped[Anchor]
    hours: Mapped[int]

    event: Mapped[Event] = relationship()


class Audience(Labelled):
    """To whom a message goes."""

    REGISTERED = "registered", N_("With a place")
    WAITING = "waiting", N_("Waiting, or with an offer")
    CHECKED_IN = "checked-in", N_("Checked in")


class EventMessage(Base):
    """A message of staff to those who signed up; its letters are posted once, when it is sent."""

    __tablename__ = "event_message"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    audience: Mapped[list[str]] = mapped_column(default=list)
    subject_zh: Mapped[str]
    subject_en: Mapped[str | None]
    body_zh: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime | None]
    recipients: Mapped[int | None]

    event: Mapped[Event] = relationship()


class SurveyUse(Base):
    """That a survey's link was used: only whoever holds the club's key can tell whose it was."""

    __tablename__ = "survey_use"

    key: Mapped[str] = mapped_column(primary_key=True)


class SurveyWaiting(Base):
    """Up to four answers that are not counted yet, sealed: a tally that moved by fewer than five
    would tell what somebody answered."""

    __tablename__ = "survey_waiting"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    number: Mapped[int]
    sealed: Mapped[str] = mapped_column(Text)


class SurveyTally(Base):
    """How often a score was given to a question of an event, by five answers at a time."""

    __tablename__ = "survey_tally"
    __table_args__ = (
        UniqueConstraint("event_id", "question", "score"),
        CheckConstraint("number >= 0", name="number"),
    )

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    question: Mapped[str]
    score: Mapped[int]
    number: Mapped[int] = mapped_column(default=0)


class SurveyWords(Base):
    """What somebody wrote in a survey under their name; there are no words without one."""

    __tablename__ = "survey_words"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
