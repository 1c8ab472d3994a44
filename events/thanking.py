"""Thanks to those who helped at an event: points, once for each of them (R8, R12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from club import adjusting, ledger, taking_back
from club.models import AdjustmentState, EntryKind, LedgerEntry, PointsAdjustment
from club.purses import purse
from events.models import (
    ConvoyCar,
    ConvoyRole,
    Event,
    EventState,
    Registration,
    RegistrationState,
    Trip,
)
from foundation import audit, tunables
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import Owner

CAUSE, LONGEST = "helping", 120
USUAL = tunables.declare(
    "events.helper_points", 100, N_("Suggested thanks to a helper"), N_("points"), 1
)


class NotYet(Refusal):
    """Nobody has helped at an event that has not begun."""


class WhatFor(Refusal):
    """Whoever thanks says what for, and with at least one point."""


class ThankedAlready(Refusal):
    """Each helper of an event is thanked once."""


@dataclass(frozen=True, slots=True)
class Thanks:
    """Who was thanked and with what; `entry` is what moved, `wish` what waits for a second
    person."""

    owner: Owner
    points: int
    reason: str
    entry: LedgerEntry | None = None
    wish: PointsAdjustment | None = None


def thank(
    db: Session,
    event: Event,
    owner: Owner,
    points: int,
    reason: str,
    *,
    request_id: str,
    on: date,
    by: int,
    now: datetime,
) -> PointsAdjustment | LedgerEntry:
    """Points for what they did; many wait for a second person, as adjustments do (R12).

    The same thanks twice is one. Another one for this event is refused until it is taken back.
    """
    what = reason.strip()[:LONGEST]
    _check(event, points, what, now)
    purse(db, owner.id)
    said = f"{event.title_zh} · {what}"
    standing = _standing(db, event, owner.id)
    if standing is not None:
        if (standing.points, standing.reason) == (points, said):
            return standing
        raise ThankedAlready(
            N_("%(name)s is thanked for this event already, with %(points)s points."),
            name=owner.name,
            points=f"{standing.points:,}",
        )
    turn = taking_back.turn_of(db, owner.id, CAUSE, str(event.id))
    asked = {"request_id": request_id, "reason": said, "done": (CAUSE, turn)}
    made = adjusting.ask(db, owner.id, points, on=on, by=by, now=now, **asked)  # type: ignore[arg-type]
    audit.record(
        db, "helper.thank", "event", event.id, by=by, now=now, owner=owner.id, points=points
    )
    db.flush()
    return made


def take_back(
    db: Session,
    event: Event,
    entry: LedgerEntry,
    *,
    reason: str,
    on: date,
    by: int,
    now: datetime,
) -> None:
    """The wrong person or amount: the points go again, once, and they can be thanked anew."""
    if not reason.strip():
        raise adjusting.ReasonMissing(N_("Please say why the points are taken back."))
    adjusting.refuse_own(db, entry.owner_id, [by])
    purse(db, entry.owner_id)
    named = (CAUSE, entry.cause_id)
    if ledger.entry_of(db, EntryKind.TAKE_BACK, entry.owner_id, *named) is not None:
        return
    taking_back.take_back(
        db,
        entry.owner_id,
        cause_kind=CAUSE,
        cause_id=entry.cause_id,
        on=on,
        by=by,
        now=now,
    )
    audit.record(
        db,
        "helper.take-back",
        "owner",
        entry.owner_id,
        by=by,
        now=now,
        event=event.id,
        reason=reason.strip()[: adjusting.LONGEST],
    )
    db.flush()


def thanks_of(db: Session, event: Event) -> list[Thanks]:
    """Who was thanked for an event, and what waits, the newest last."""
    entries = db.scalars(_entries(event).order_by(LedgerEntry.id)).all()
    wishes = db.scalars(_wishes(event).order_by(PointsAdjustment.id)).all()
    ids = {one.owner_id for one in entries} | {one.owner_id for one in wishes}
    owners = {one.id: one for one in db.scalars(select(Owner).where(Owner.id.in_(ids)))}
    given = [Thanks(owners[one.owner_id], one.points, _what(event, one), one) for one in entries]
    waiting = [
        Thanks(owners[one.owner_id], one.points, _what(event, one), wish=one) for one in wishes
    ]
    return [*given, *waiting]


def entry_of(db: Session, event: Event, entry_id: int) -> LedgerEntry | None:
    """One of the thanks that stand for this event."""
    return db.scalar(_entries(event).where(LedgerEntry.id == entry_id))


def leaders_of(db: Session, event: Event) -> Sequence[tuple[Owner, ConvoyRole]]:
    """Who led and who swept the convoy of an event that is a trip."""
    rows = db.execute(
        select(Registration, ConvoyCar.role)
        .join(ConvoyCar, ConvoyCar.registration_id == Registration.id)
        .join(Trip, Trip.id == ConvoyCar.trip_id)
        .where(
            Trip.event_id == event.id,
            ConvoyCar.role != ConvoyRole.CAR,
            Registration.state == RegistrationState.CONFIRMED,
        )
        .options(joinedload(Registration.owner))
        .order_by(ConvoyCar.position)
    )
    return [(registration.owner, role) for registration, role in rows]


def _check(event: Event, points: int, reason: str, now: datetime) -> None:
    if event.state != EventState.PUBLISHED or now < event.starts_at:
        raise NotYet(N_("Helpers are thanked once the event has begun."))
    if points < 1:
        raise WhatFor(N_("Please enter at least one point."))
    if not reason:
        raise WhatFor(N_("Please say what they helped with."))


def _standing(db: Session, event: Event, owner_id: int) -> LedgerEntry | PointsAdjustment | None:
    """What this owner was thanked with, or is about to be."""
    given = db.scalar(_entries(event).where(LedgerEntry.owner_id == owner_id).limit(1))
    return given or db.scalar(_wishes(event).where(PointsAdjustment.owner_id == owner_id).limit(1))


def _entries(event: Event) -> Select[LedgerEntry]:
    """Thanks that were given and not taken back."""
    back = aliased(LedgerEntry)
    taken = select(back.id).where(
        back.kind == EntryKind.TAKE_BACK,
        back.cause_kind == CAUSE,
        back.cause_id == LedgerEntry.cause_id,
        back.owner_id == LedgerEntry.owner_id,
    )
    return select(LedgerEntry).where(
        LedgerEntry.kind == EntryKind.BONUS,
        LedgerEntry.cause_kind == CAUSE,
        _of(event, LedgerEntry.cause_id),
        ~taken.exists(),
    )


def _wishes(event: Event) -> Select[PointsAdjustment]:
    return (
        select(PointsAdjustment)
        .where(
            PointsAdjustment.state == AdjustmentState.WAITING,
            PointsAdjustment.cause_kind == CAUSE,
            _of(event, PointsAdjustment.cause_id),
        )
        .options(joinedload(PointsAdjustment.asked_by))
    )


def _of(event: Event, cause_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """A first thanks, one after it was taken back, one of an archive that was merged since."""
    stem = str(event.id)
    return or_(
        cause_id == stem, cause_id.startswith(f"{stem}:"), cause_id.startswith(f"{stem} of ")
    )


def _what(event: Event, one: LedgerEntry | PointsAdjustment) -> str:
    """What they did, without the event's title before it."""
    return (one.reason or "").removeprefix(f"{event.title_zh} · ")
