"""The points of a check: taken from a template or from what was announced, and then edited."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from events.checks.refusals import PointsUnclear
from events.models import (
    CheckPoint,
    CheckTemplate,
    CheckTemplatePoint,
    Event,
    Point,
)
from foundation import audit
from foundation.words import N_
from members.models import Measure, Spot

MOST = 60
PARTS = (
    *("group_zh", "group_en", "name_zh", "name_en", "unit", "measure", "spots"),
    *("scale_low", "scale_high", "red_below", "amber_below", "amber_above", "red_above"),
    *("advice_zh", "advice_en"),
)


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point as it is typed; values in hundredths of the unit, `spots` by their words."""

    name_zh: str
    name_en: str | None = None
    group_zh: str = ""
    group_en: str | None = None
    unit: str = ""
    measure: Measure | None = None
    spots: list[str] = field(default_factory=list)
    scale_low: int | None = None
    scale_high: int | None = None
    red_below: int | None = None
    amber_below: int | None = None
    amber_above: int | None = None
    red_above: int | None = None
    advice_zh: str = ""
    advice_en: str | None = None


def templates(db: Session) -> Sequence[CheckTemplate]:
    """The lists that the club starts with."""
    loaded = select(CheckTemplate).options(selectinload(CheckTemplate.points))
    return db.scalars(loaded.order_by(CheckTemplate.position)).all()


def points_of(db: Session, event_id: int) -> Sequence[CheckPoint]:
    """The points of an event, in their order."""
    query = select(CheckPoint).where(CheckPoint.event_id == event_id)
    return db.scalars(query.order_by(CheckPoint.position, CheckPoint.id)).all()


def values_of(point: Point) -> dict[str, Any]:
    """How the point is checked, without where it stands."""
    return {name: getattr(point, name) for name in PARTS}


def from_template(
    db: Session, event: Event, template: CheckTemplate, *, by: int | None, now: datetime
) -> Sequence[CheckPoint]:
    """The event's points are those of the template."""
    return _set(db, event, (values_of(point) for point in template.points), by=by, now=now)


def from_announced(
    db: Session, event: Event, *, by: int | None, now: datetime
) -> Sequence[CheckPoint]:
    """The event's points are those that owners read. One that a template knows by its name is
    measured as there, any other is looked at."""
    known = {
        point.name_zh: values_of(point)
        for point in db.scalars(select(CheckTemplatePoint).order_by(CheckTemplatePoint.id.desc()))
    }
    rows = (
        known.get(item.name_zh, {}) | {"name_zh": item.name_zh, "name_en": item.name_en}
        for item in event.checklist
    )
    return _set(db, event, rows, by=by, now=now)


def ready(db: Session, event: Event, *, by: int | None, now: datetime) -> Sequence[CheckPoint]:
    """The points with which a sheet begins; taken from what was announced at the first time."""
    found = points_of(db, event.id)
    if found:
        return found
    if not event.checklist:
        raise PointsUnclear(N_("This event has no checklist yet. Choose one first."))
    return from_announced(db, event, by=by, now=now)


def set_points(
    db: Session, event: Event, lines: Sequence[PointLine], *, by: int | None, now: datetime
) -> Sequence[CheckPoint]:
    """Other points in the place of the former ones; sheets that were begun keep theirs."""
    for line in lines:
        _check(line)
    return _set(db, event, (asdict(line) for line in lines), by=by, now=now)


def copy_points(db: Session, event: Event, made: Event) -> None:
    """The copy of an event is checked in the same way."""
    db.add_all(
        CheckPoint(event_id=made.id, position=point.position, **values_of(point))
        for point in points_of(db, event.id)
    )


def _set(
    db: Session, event: Event, rows: Iterable[dict[str, Any]], *, by: int | None, now: datetime
) -> Sequence[CheckPoint]:
    made = [
        CheckPoint(event_id=event.id, position=place, **row) for place, row in enumerate(rows, 1)
    ]
    if not 1 <= len(made) <= MOST:
        raise PointsUnclear(N_("A checklist has from 1 to %(most)s points."), most=MOST)
    db.execute(delete(CheckPoint).where(CheckPoint.event_id == event.id))
    db.add_all(made)
    audit.record(db, "check-points.set", "event", event.id, by=by, now=now, points=len(made))
    db.flush()
    return made


def _check(line: PointLine) -> None:
    if not line.name_zh.strip():
        raise PointsUnclear(N_("Please name each point in Chinese."))
    if set(line.spots) - {spot.value for spot in Spot}:
        raise PointsUnclear(N_("A point is measured at spots that no car has."))
    limits = (line.red_below, line.amber_below, line.amber_above, line.red_above)
    given = [limit for limit in limits if limit is not None]
    if given != sorted(given):
        raise PointsUnclear(
            N_("The limits of “%(point)s” do not rise from the lowest red to the highest."),
            point=line.name_zh,
        )
    low, high = line.scale_low, line.scale_high
    if line.unit and low is not None and high is not None and low >= high:
        raise PointsUnclear(
            N_("The scale of “%(point)s” must end above where it begins."), point=line.name_zh
        )
