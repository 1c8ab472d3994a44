"""Who helped at the demo's events that are over, and the points that thanked them."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from events import thanking
from events.gatherings import present
from events.models import ConvoyRole, Event
from members.models import Owner
from portal.demo.people import Drawing
from portal.demo.programme.gatherings import GATHERING

_CONVOY = {
    ConvoyRole.LEAD: (120, "担任头车，事先探过路"),
    ConvoyRole.SWEEP: (120, "担任收尾车，陪一位车主换了轮胎"),
}
_GATHERING = (
    (100, "提前到场，引导车辆列队"),
    (80, "照看签到台和礼物登记"),
)


def thank(db: Session, draw: Drawing, event: Event, *, always: set[int], by: int) -> None:
    """Two days after a trip those who led and swept, after a gathering two who lent a hand; none
    of `always`, whose points are told elsewhere."""
    now = event.ends_at + timedelta(days=2)
    helped = [one for one in _helpers(db, event) if one[0].id not in always]
    if now > draw.now:
        return
    for place, (owner, points, what) in enumerate(helped):
        thanking.thank(
            db,
            event,
            owner,
            points,
            what,
            request_id=str(UUID(int=event.id * 1000 + place)),
            on=now.astimezone(draw.zone).date(),
            by=by,
            now=now,
        )


def _helpers(db: Session, event: Event) -> Iterator[tuple[Owner, int, str]]:
    for owner, role in thanking.leaders_of(db, event):
        yield owner, *_CONVOY[role]
    if event.kind.code == GATHERING:
        here = db.scalars(present.here_query(event.id)).all()
        for one, (points, what) in zip(reversed(here), _GATHERING, strict=False):
            yield one.owner, points, what
