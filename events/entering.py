"""A sign-up enters the book: its places are taken, its row is stored, in order of arrival."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Insert, Table, bindparam, case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from events import choices, quotas
from events.models import ACTIVE, Event, EventState, Registration, RegistrationState
from events.refusals import CarAlreadyComes, NotForSignUp
from foundation.database import Moment
from foundation.fixed import Fixed
from foundation.words import N_
from members.models import Owner

CONFIRMED, WAITING = RegistrationState.CONFIRMED, RegistrationState.WAITING
_TABLE = cast(Table, Registration.__table__)
_NAMES = tuple(column.key for column in _TABLE.columns)
_GIVEN = (
    "event_id",
    "owner_id",
    "vehicle_id",
    "car_key",
    "session_id",
    "party_size",
    "tier",
    "source",
    "terms_version",
    "state",
    "waits_for",
    "gift",
    "sequence",
)


def _entry(insert: Any, since: str) -> Insert:
    """A registration as of its turn: behind all who were let in before, if the event is still on.

    Both are asked by the statement itself, once the places are held: who began earlier may have
    waited longer for them, and staff may have cancelled the event meanwhile.
    """
    now = bindparam("now", type_=Moment)
    came = (
        select(Registration.made_at)
        .where(Registration.event_id == bindparam("event_id"))
        .order_by(Registration.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    turn = (
        select(case((came > now, came), else_=now).label("at"))
        .where(Event.id == bindparam("event_id"), Event.state == EventState.PUBLISHED)
        .limit(1)
        .subquery()
    )
    given = [bindparam(name, type_=_TABLE.c[name].type) for name in _GIVEN]
    row = select(*given, turn.c.at, turn.c.at).where(turn.c.at.is_not(None))
    made = insert(_TABLE).from_select([*_GIVEN, "made_at", since], row, include_defaults=False)
    return cast(Insert, made.on_conflict_do_nothing().returning(_TABLE.c.id, _TABLE.c.made_at))


# Made once: a rush for places asks them hundreds of times a second.
_SINCE = {CONFIRMED: "confirmed_at", WAITING: "queued_at"}
_ENTRIES = {
    (name, state): Fixed(_entry(insert, since))
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
    for state, since in _SINCE.items()
}


def enter(
    db: Session,
    event: Event,
    owner: Owner,
    request: Mapping[str, Any],
    needs: quotas.Needs,
    *,
    now: datetime,
) -> tuple[Registration, bool]:
    """A place, else a place in the queue; and whether the registration is a new one."""
    waits_for = _take(db, event, needs)
    made = _store(db, request, waits_for, now=now)
    if made is not None:
        set_committed_value(made, "event", event)
        set_committed_value(made, "owner", owner)
        return made, True
    quotas.count_waiting(db, dict.fromkeys(waits_for, -1))
    if not waits_for:
        quotas.give_back(db, needs)
    return _first(db, request), False


def _take(db: Session, event: Event, needs: quotas.Needs) -> list[int]:
    """Take the places, or count one more who waits; for which quotas.

    The rows that the event was read with only tell which way is shorter.
    """
    if quotas.seem_free(event.quotas, needs) and quotas.take(db, needs):
        return []
    held = quotas.hold(db, event.id)
    quotas.check_possible(held, needs)
    choices.check(event, held, needs)
    waits_for = quotas.hindrances(held, needs)
    if not waits_for:  # places came free meanwhile
        quotas.take_for_waiting(db, needs)
    quotas.count_waiting(db, dict.fromkeys(waits_for, 1))
    return waits_for


def _store(
    db: Session, request: Mapping[str, Any], waits_for: list[int], *, now: datetime
) -> Registration | None:
    """Store a registration unless the member or the car has an active one already."""
    state = WAITING if waits_for else CONFIRMED
    values = {**request, "state": state, "waits_for": waits_for, "gift": False, "sequence": 0}
    statement = _ENTRIES[db.get_bind().dialect.name, state]
    rows = statement.rows(db, **values, now=now)
    if not rows:
        return None
    ((ident, at),) = rows
    values |= {"id": ident, "made_at": at, _SINCE[state]: at}
    made = Registration(**dict.fromkeys(_NAMES) | values)
    make_transient_to_detached(made)
    db.add(made)
    return made


def _first(db: Session, request: Mapping[str, Any]) -> Registration:
    """The registration that a click in the same moment made; refused where there is none."""
    state = db.scalar(select(Event.state).where(Event.id == request["event_id"]))
    if state != EventState.PUBLISHED:
        raise NotForSignUp(N_("This event was cancelled."))
    mine = db.scalar(
        select(Registration).where(
            Registration.event_id == request["event_id"],
            Registration.owner_id == request["owner_id"],
            Registration.state.in_(ACTIVE),
        )
    )
    if mine is None:
        raise CarAlreadyComes(N_("This car is already signed up for the event."))
    return mine
