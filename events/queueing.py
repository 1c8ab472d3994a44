"""The line of those who wait: its order, what holds each up, and what staff may change in it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from events import quotas
from events.eligibility import line_query, reason_against
from events.models import Event, Registration, RegistrationState
from events.refusals import NotActive
from foundation import audit
from foundation.words import N_

BATCH = 200
TICK = timedelta(microseconds=1)


def candidates(db: Session, event: Event) -> Iterator[tuple[Registration, str | None]]:
    """Everybody in line, first come first, with the reason that speaks against them, if any."""
    query, last = line_query(event), None
    while True:
        page = query if last is None else query.where(_behind(last))
        rows = db.execute(page.limit(BATCH)).all()
        for registration, *facts in rows:
            last = (registration.queued_at, registration.id)
            yield registration, reason_against(event, registration, facts)
        if len(rows) < BATCH:
            return


def _behind(last: tuple[datetime, int]) -> ColumnElement[bool]:
    queued_at, registration_id = last
    return or_(
        Registration.queued_at > queued_at,
        (Registration.queued_at == queued_at) & (Registration.id > registration_id),
    )


def hold_up(db: Session, registration: Registration, by: Sequence[int]) -> None:
    """Note which quotas hold somebody up, and count them there: the public waits behind them."""
    changes = Counter(dict.fromkeys(by, 1))
    changes.subtract(registration.waits_for)
    quotas.count_waiting(db, changes)
    registration.waits_for = list(by)


def still_waiting(db: Session, registration: Registration) -> None:
    """Take the event's queue in hand and make sure that this one is in it."""
    db.flush()
    quotas.hold(db, registration.event_id)
    db.refresh(registration)
    if registration.state != RegistrationState.WAITING:
        raise NotActive(N_("This registration is not waiting any more."))


def line(db: Session, event_id: int) -> list[Registration]:
    """Everybody who waits for the event, in order."""
    return list(
        db.scalars(
            select(Registration)
            .where(
                Registration.event_id == event_id,
                Registration.state == RegistrationState.WAITING,
            )
            .order_by(Registration.queued_at, Registration.id)
        )
    )


def place_at(
    db: Session,
    registration: Registration,
    place: int,
    *,
    reason: str,
    by: int | None,
    now: datetime,
) -> None:
    """Put somebody at another place of the line (1 is first), with the reason beside their name;
    the caller serves the line then."""
    still_waiting(db, registration)
    before = line(db, registration.event_id)
    after = [other for other in before if other is not registration]
    after.insert(max(place - 1, 0), registration)
    moment: datetime | None = None
    for other, queued_at in zip(after, [one.queued_at for one in before], strict=True):
        assert queued_at is not None
        moment = queued_at if moment is None else max(queued_at, moment + TICK)
        if other.queued_at != moment:
            other.queued_at = moment
    registration.move_reason = reason
    moved = {"place": after.index(registration) + 1, "reason": reason}
    audit.record(db, "waitlist.move", "registration", registration.id, by=by, now=now, **moved)
    db.flush()
