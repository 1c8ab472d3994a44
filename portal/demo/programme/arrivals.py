"""Who of the demo's members came: check-in at the door and at each step, with its points."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from events import fees, formation, no_show_appeals, no_shows
from events.check_in import check_in
from events.models import CheckInStep, Event, Registration, RegistrationState, Unit
from portal.demo.people import Drawing
from portal.demo.programme.planning import Undertaking
from portal.demo.programme.sign_ups import registrations

_EXCUSES = (
    "孩子当天发烧，一早去了医院，忘了取消，抱歉。",
    "那天我到了，在停车场帮忙，没有去签到台。",
)
_ANSWER = "谢谢您的帮忙，这次不计入。"
_DEVICES = ("iPad 前台", "店用手机 1", "店用手机 2")


def arrive(db: Session, draw: Drawing, one: Undertaking, *, always: set[int], by: int) -> None:
    """Those with a place come, but for the share who stay away; nobody of `always` does."""
    for registration in registrations(db, one.event):
        if registration.state is not RegistrationState.CONFIRMED:
            continue
        if registration.owner_id in always or draw.chance.random() >= one.absent:
            _come(db, draw, one.event, registration, by)


def begin(db: Session, draw: Drawing, one: Undertaking, *, later: set[int], by: int) -> None:
    """Of an event under way some have come to the door so far, and nobody of `later`. The cars
    stand in formation, and one ticket was seen at both gates while one had no network."""
    if one.event.unit is Unit.CAR or one.event.one_per_car:
        formation.give_numbers(db, one.event, by=by, now=draw.now - timedelta(hours=2))
    last = None
    for registration in registrations(db, one.event):
        here = registration.owner_id not in later and draw.chance.random() < one.here
        if here and registration.state is RegistrationState.CONFIRMED:
            _come(db, draw, one.event, registration, by)
            last = registration
    if last is not None:
        _seen_again(db, draw, one.event, last, by)


def miss(db: Session, draw: Drawing, *, by: int) -> None:
    """Who stayed away lately is noted; one has said why and waits, one was excused."""
    noted = [
        no_shows.note(db, one, now=one.event.ends_at + timedelta(days=1))
        for one in db.scalars(no_shows.due_query(db, now=draw.now)).all()
    ]
    for one, word in zip(noted, _EXCUSES, strict=False):
        said = min(one.noted_at + timedelta(hours=9), draw.now)
        no_show_appeals.appeal(db, one, word, by=None, now=said)
    for one in noted[1 : len(_EXCUSES)]:
        later = one.noted_at + timedelta(hours=20)
        no_show_appeals.excuse(db, one, _ANSWER, by=by, now=min(later, draw.now))


def _seen_again(
    db: Session, draw: Drawing, event: Event, registration: Registration, by: int
) -> None:
    check_in(
        db,
        event,
        registration.ticket,
        request_id=str(UUID(int=draw.chance.getrandbits(128), version=4)),
        device="东门",
        happened_at=draw.now - timedelta(minutes=1),
        by=by,
        now=draw.now,
    )


def _come(db: Session, draw: Drawing, event: Event, registration: Registration, by: int) -> None:
    session = registration.session
    start = session.starts_at if session else event.starts_at
    now = min(start + timedelta(minutes=draw.chance.randint(-25, 15)), draw.now)
    if owes := fees.due(registration):
        first = fees.request_of(registration.id, 0)
        fees.take(db, registration, owes, request_id=first, by=by, now=now)
    steps: list[CheckInStep | None] = [None, *event.steps]
    for step in steps:
        check_in(
            db,
            event,
            registration.ticket,
            request_id=str(UUID(int=draw.chance.getrandbits(128), version=4)),
            step=step,
            device=draw.chance.choice(_DEVICES),
            by=by,
            now=now,
        )
        now += timedelta(minutes=draw.chance.randint(2, 9))
        if now > draw.now:
            break
