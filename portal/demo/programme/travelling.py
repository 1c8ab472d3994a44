"""How the demo's trips went: the convoy, what its drivers confirmed, the roll calls, the recap."""

from datetime import timedelta
from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from events.models import ConvoyRole, PromiseKind, RecapFor, Registration, Trip
from events.trips import convoy, pictures, readiness, recap, roll_call
from events.trips.roll_call import Tick
from portal.demo.people import Drawing
from portal.demo.programme import trips
from portal.demo.programme.sights import sights

_SEED = 439500
_CONSENT = "照片中能认出的每一位都同意俱乐部展示。"
_WORDINGS = {
    PromiseKind.LICENCE: "我持有在本次行程全程有效、且准驾本车型的驾驶证。",
    PromiseKind.INSURANCE: "我车上每一位乘员在本次行程全程均有旅行意外险。",
}


def drive(db: Session, draw: Drawing, trip: Trip, *, by: int, door: int) -> None:
    """Line the cars up; of a trip that is over also how it went and what was told."""
    chance = Random(_SEED)  # its own, so that the rest of the demo stays as it is
    over = trip.event.ends_at < draw.now
    now = min(trip.event.starts_at - timedelta(days=1), draw.now)
    line = [one.registration for one in convoy.line_of(db, trip)]
    if len(line) < 2:
        return
    convoy.give_role(db, trip, line[0].id, ConvoyRole.LEAD, by=by, now=now)
    convoy.give_role(db, trip, line[-1].id, ConvoyRole.SWEEP, by=by, now=now)
    if over:
        convoy.suggest(db, trip, by=by, now=now)
    for one in line:
        _prepare(db, draw, chance, trip, one, share=1.0 if over else 0.6, door=door)
    if over:
        _call(db, chance, trip, by=door)
        _tell(db, trip, by=by)


def _prepare(
    db: Session,
    draw: Drawing,
    chance: Random,
    trip: Trip,
    one: Registration,
    *,
    share: float,
    door: int,
) -> None:
    """Most have confirmed and were checked; before the start some still have to."""
    now = min(trip.event.starts_at - timedelta(days=2), draw.now)
    for kind, words in _WORDINGS.items():
        if chance.random() < share:
            readiness.promise(db, one, kind, words, by=None, now=now)
    window = readiness.window_of(trip)
    day = now.astimezone(draw.zone).date()
    if window and window[0] <= day and chance.random() < share:
        readiness.note_check(db, trip, one, on=day, name="方启明", by=door, now=now)


def _call(db: Session, chance: Random, trip: Trip, *, by: int) -> None:
    """Everybody was ticked off at each stop, in the order of the convoy."""
    for stop in trip.stops:
        assert stop.arrives_at is not None
        ticks = [
            Tick(
                str(UUID(int=chance.getrandbits(128), version=4)),
                stop.id,
                one.registration.id,
                True,
                stop.arrives_at + timedelta(minutes=one.number),
            )
            for one in convoy.line_of(db, trip)
        ]
        roll_call.take(db, trip, ticks, by=by, now=stop.arrives_at + timedelta(hours=1))


def _tell(db: Session, trip: Trip, *, by: int) -> None:
    now = trip.event.ends_at + timedelta(days=2)
    told = trips.ROUTES["past"]
    made = [pictures.redraw(one) for one in sights()]
    pictures.add(db, trip, made, consent=_CONSENT, shown=True, by=by, now=now)
    texts = (told["recap_zh"].strip(), told["recap_en"].strip())
    recap.tell(db, trip, *texts, RecapFor.MEMBERS, by=by, now=now)
    recap.publish(db, trip, by=by, now=now)
