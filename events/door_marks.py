"""What a device noted at the door while it had no network, taken in later (R27)."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import purses
from events import check_in
from events.models import CheckIn, CheckInStep, Event, Registration, Ticket
from events.refusals import DoorRefusal, TicketRevoked
from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_


class Outcome(enum.StrEnum):
    """What became of a mark: kept, a second one of the same ticket, taken back, or refused."""

    KEPT = "kept"
    SECOND = "second"
    UNDONE = "undone"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Noted:
    """An arrival, or with `undoes` (the request id of one) its taking back.

    `code` is the ticket's when a ticket was shown; who was picked by name has none.
    """

    request_id: str
    happened_at: datetime
    device: str = ""
    registration_id: int | None = None
    step_id: int | None = None
    code: str = ""
    undoes: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a mark; the message says why it was refused."""

    request_id: str
    outcome: Outcome
    message: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def take_in(
    db: Session, event: Event, marks: list[Noted], *, by: int | None, now: datetime
) -> list[Answer]:
    """Each mark in its turn; one that is refused is noted and holds no other up.

    Sent again, a mark gives the same answer and no second record. Whom the marks name is held
    before the first one is taken in, so that two devices never wait for each other.
    """
    _hold(db, event, marks)
    return [_answer(db, event, mark, by=by, now=now) for mark in marks]


def _hold(db: Session, event: Event, marks: list[Noted]) -> None:
    """The registrations of the whole batch, then their owners' points, each by ascending id."""
    undone = [mark.undoes for mark in marks if mark.undoes]
    named = {mark.registration_id for mark in marks if mark.registration_id is not None}
    named |= set(db.scalars(select(CheckIn.registration_id).where(CheckIn.request_id.in_(undone))))
    mine = select(Registration.id, Registration.owner_id).where(
        Registration.id.in_(named), Registration.event_id == event.id
    )
    held = db.execute(mine.order_by(Registration.id).with_for_update()).all()
    purses.hold(db, {owner_id for _id, owner_id in held})


def _answer(db: Session, event: Event, mark: Noted, *, by: int | None, now: datetime) -> Answer:
    try:
        outcome = (_undo if mark.undoes else _arrive)(db, event, mark, by=by, now=now)
    except Refusal as no:
        if mark.registration_id is not None:
            _note(db, mark, type(no).__name__, by=by, now=now)
        return Answer(mark.request_id, Outcome.REFUSED, no.message, no.values)
    return Answer(mark.request_id, outcome)


def _arrive(db: Session, event: Event, mark: Noted, *, by: int | None, now: datetime) -> Outcome:
    ticket = _ticket(db, event, mark)
    if ticket is not None and mark.code and ticket.code != mark.code:
        raise TicketRevoked(N_("This ticket was replaced or withdrawn."))
    arrival = check_in.check_in(
        db,
        event,
        ticket,
        request_id=mark.request_id,
        step=_step(event, mark),
        device=mark.device,
        happened_at=mark.happened_at,
        by=by,
        now=now,
    )
    return Outcome.SECOND if arrival.flagged else Outcome.KEPT


def _undo(db: Session, event: Event, mark: Noted, *, by: int | None, now: datetime) -> Outcome:
    arrival = db.scalar(
        select(CheckIn)
        .join(Registration)
        .where(CheckIn.request_id == mark.undoes, Registration.event_id == event.id)
    )
    if arrival is None:
        raise DoorRefusal(N_("There is nothing to take back: this arrival was never counted."))
    check_in.undo(db, arrival, by=by, now=now)
    return Outcome.UNDONE


def _ticket(db: Session, event: Event, mark: Noted) -> Ticket | None:
    return db.scalar(
        select(Ticket).where(
            Ticket.registration_id == mark.registration_id, Ticket.event_id == event.id
        )
    )


def _step(event: Event, mark: Noted) -> CheckInStep | None:
    """The step that the mark names. One that was taken off the plan meanwhile is no reason to
    forget that somebody came: they were seen at the door."""
    return next((step for step in event.steps if step.id == mark.step_id), None)


def _note(db: Session, mark: Noted, why: str, *, by: int | None, now: datetime) -> None:
    """They may have been let in all the same, so the trail keeps it."""
    audit.record(
        db,
        "check-in.refuse",
        "registration",
        mark.registration_id or 0,
        by=by,
        now=now,
        why=why,
        happened_at=mark.happened_at.isoformat(),
        device=mark.device,
    )
    db.flush()
