"""At the door and at each named step: who came, once, whatever the network does (R27, R28)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from events import attendance, no_show_appeals
from events.models import (
    CheckIn,
    CheckInStep,
    Event,
    EventState,
    Registration,
    RegistrationState,
    Ticket,
)
from events.refusals import (
    DoorClosed,
    RegistrationCancelled,
    StillWaiting,
    TicketRevoked,
    UnknownTicket,
    WrongEvent,
)
from foundation import audit, tunables
from foundation.words import N_, InBoth

OPENS_HOURS = tunables.declare(
    "events.check_in_hours", 3, N_("Check-in opens before the start"), N_("hours"), 0, 72
)


def check_in(
    db: Session,
    event: Event,
    ticket: Ticket | None,
    *,
    request_id: str,
    step: CheckInStep | None = None,
    device: str = "",
    happened_at: datetime | None = None,
    by: int | None,
    now: datetime,
) -> CheckIn:
    """One arrival at the door, or at a named step; the first that stands brings the points.

    `request_id` is the device's own: sent twice it is one record. `happened_at` is the device's
    clock when it was offline. A second arrival at the same step is kept and `flagged`; the desk
    that saw them before gets that arrival again, and there is no second one.
    Raises a DoorRefusal that names its reason.
    """
    found = db.scalar(select(CheckIn).where(CheckIn.request_id == request_id))
    if found is not None:
        return found
    happened = min(happened_at or now, now)
    registration = admitted(db, event, ticket, now=happened)
    _hold(db, registration)
    standing = db.scalars(_standing_query(registration)).all()
    before = [one for one in standing if one.step_id == (step.id if step else None)]
    if happened_at is None and (own := _seen_by(device, before)) is not None:
        return own
    first = next((one for one in before if not one.flagged), None)
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(CheckIn).values(
        request_id=request_id,
        registration_id=registration.id,
        step_id=step.id if step else None,
        device=device,
        happened_at=happened,
        recorded_at=now,
        account_id=by,
        flagged=first is not None and first.happened_at <= happened,
    )
    made = db.scalars(statement.on_conflict_do_nothing().returning(CheckIn)).one_or_none()
    if made is None:  # the same request in the same moment
        return db.scalars(select(CheckIn).where(CheckIn.request_id == request_id)).one()
    if first is not None and not made.flagged:
        first.flagged = True  # the other device was earlier, and came online later
    if not standing:
        attendance.count(db, registration, by=by, now=now)
    no_show_appeals.came_after_all(db, registration, now=now)
    _note(db, "check-in.make", made, by=by, now=now)
    return made


def admitted(db: Session, event: Event, ticket: Ticket | None, *, now: datetime) -> Registration:
    """Whose ticket it is, if it opens this door now."""
    if ticket is None:
        raise UnknownTicket(N_("We do not know this ticket. Please look the person up by name."))
    registration = ticket.registration
    if ticket.event_id != event.id:
        raise WrongEvent(
            N_("This ticket is for another event: %(title)s."),
            title=InBoth.of(registration.event, "title"),
        )
    if registration.state in (RegistrationState.WAITING, RegistrationState.OFFERED):
        raise StillWaiting(N_("This registration is on the waitlist and has no place yet."))
    if registration.state != RegistrationState.CONFIRMED:
        raise RegistrationCancelled(N_("This registration was cancelled."))
    if ticket.revoked_at is not None:
        raise TicketRevoked(N_("This ticket was replaced or withdrawn."))
    check_door(db, event, now=now)
    return registration


def check_door(db: Session, event: Event, *, now: datetime) -> None:
    """The event takes place, and its door is open."""
    if event.state != EventState.PUBLISHED:
        raise DoorClosed(N_("This event does not take place."))
    opens = event.starts_at - timedelta(hours=tunables.value(db, OPENS_HOURS))
    if now < opens:
        raise DoorClosed(N_("Check-in for this event opens on %(moment)s."), moment=opens)


def _standing_query(registration: Registration) -> Select[CheckIn]:
    """The arrivals that nobody struck out, in the order in which they came in."""
    return (
        select(CheckIn)
        .where(CheckIn.registration_id == registration.id, CheckIn.undone_at.is_(None))
        .order_by(CheckIn.id)
    )


def _seen_by(device: str, before: Sequence[CheckIn]) -> CheckIn | None:
    """The arrival that this very device noted; one without a name is never the same."""
    return next((one for one in before if device and one.device == device), None)


def undo(db: Session, arrival: CheckIn, *, by: int | None, now: datetime) -> CheckIn:
    """It was a mistake: the record stays, struck out, and counts no more.

    The points for coming go with the last arrival that stood.
    """
    _hold(db, arrival.registration)
    db.refresh(arrival, ["undone_at"])
    if arrival.undone_at is None:
        arrival.undone_at = now
        db.flush()
        attendance.discount(db, arrival.registration, by=by, now=now)
        _note(db, "check-in.undo", arrival, by=by, now=now)
    return arrival


def take_out(
    db: Session,
    registration: Registration,
    *,
    step_id: int | None = None,
    everywhere: bool = False,
    by: int | None,
    now: datetime,
) -> int:
    """They are not here after all: each arrival at a step (none = the door), or everywhere, is
    struck out, those of other devices too. How many there were."""
    found = db.scalars(_standing_query(registration)).all()
    wrong = [one for one in found if everywhere or one.step_id == step_id]
    for arrival in wrong:
        undo(db, arrival, by=by, now=now)
    return len(wrong)


def _hold(db: Session, registration: Registration) -> None:
    """One arrival or undoing of a registration at a time."""
    db.execute(select(Registration.id).where(Registration.id == registration.id).with_for_update())


def _note(db: Session, act: str, arrival: CheckIn, *, by: int | None, now: datetime) -> None:
    audit.record(
        db, act, "registration", arrival.registration_id, by=by, now=now, flagged=arrival.flagged
    )
    db.flush()
