"""Events as the desk lists them: coming, drafts, past, cancelled."""

import enum
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from events.models import (
    ACTIVE,
    Event,
    EventKind,
    EventState,
    Registration,
)
from events.models import RegistrationState as State

PAGE = 30


class Shelf(enum.StrEnum):
    """The four lists of the desk."""

    COMING = "coming"
    DRAFTS = "drafts"
    PAST = "past"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list was narrowed to; `after` is the last row of the page before."""

    shelf: Shelf = Shelf.COMING
    kind: str | None = None
    words: str = ""
    after: tuple[datetime, int] | None = None


def on_shelf(shelf: Shelf, *, now: datetime) -> ColumnElement[bool]:
    """Which events lie on a shelf."""
    match shelf:
        case Shelf.COMING:
            return and_(Event.state == EventState.PUBLISHED, Event.ends_at > now)
        case Shelf.PAST:
            return and_(Event.state == EventState.PUBLISHED, Event.ends_at <= now)
        case Shelf.DRAFTS:
            return Event.state == EventState.DRAFT
        case Shelf.CANCELLED:
            return Event.state == EventState.CANCELLED


def planned_query(wanted: Wanted, *, now: datetime) -> Select[Event]:
    """Coming ones soonest first, all others newest first; one more than a page holds."""
    query = select(Event).where(on_shelf(wanted.shelf, now=now)).options(joinedload(Event.kind))
    if wanted.kind:
        query = query.join(EventKind).where(EventKind.code == wanted.kind)
    if wanted.words:
        query = query.where(
            or_(
                Event.title_zh.icontains(wanted.words, autoescape=True),
                Event.title_en.icontains(wanted.words, autoescape=True),
                Event.place_zh.icontains(wanted.words, autoescape=True),
            )
        )
    forward = wanted.shelf == Shelf.COMING
    if wanted.after is not None:
        query = query.where(_behind(wanted.after, forward=forward))
    order = (Event.starts_at, Event.id)
    query = query.order_by(*(order if forward else (column.desc() for column in order)))
    return query.limit(PAGE + 1)


def _behind(after: tuple[datetime, int], *, forward: bool) -> ColumnElement[bool]:
    moment, event_id = after
    same = Event.starts_at == moment
    if forward:
        return or_(Event.starts_at > moment, and_(same, Event.id > event_id))
    return or_(Event.starts_at < moment, and_(same, Event.id < event_id))


def shelf_counts(db: Session, *, now: datetime) -> dict[Shelf, int]:
    """How many events lie on each shelf."""
    counts = [
        select(func.count()).select_from(Event).where(on_shelf(shelf, now=now)).scalar_subquery()
        for shelf in Shelf
    ]
    return dict(zip(Shelf, db.execute(select(*counts)).one(), strict=True))


def signed_up(db: Session, event_id: int) -> int:
    """How many members would be told if the event moved or was cancelled."""
    return (
        db.scalar(
            select(func.count()).where(
                Registration.event_id == event_id, Registration.state.in_(ACTIVE)
            )
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class Count:
    """Registrations and people in them."""

    registrations: int = 0
    people: int = 0


def counts_of(db: Session, event_id: int) -> dict[State, Count]:
    """Registrations of an event by their state."""
    rows = db.execute(
        select(Registration.state, func.count(), func.sum(Registration.party_size))
        .where(Registration.event_id == event_id)
        .group_by(Registration.state)
    )
    found = {state: Count(number, int(people)) for state, number, people in rows}
    return {state: found.get(state, Count()) for state in State}
