"""The technician signs: the sheet becomes the owner's report, and the values go to the archive."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from events import letters, no_show_appeals
from events.checks.refusals import NotFinished, SheetClosed
from events.checks.reports import summary_of
from events.checks.sheets import check_open, hold
from events.models import CheckResult, CheckSheet, Colour
from foundation import audit, clock
from foundation.words import N_
from members import measuring
from members.measuring import Reading, Source
from members.models import Measure, Spot

SOURCE = "check"
LONGEST_NAME = 60
_SPOTS = {spot.value: spot for spot in Spot}


def missing(check: CheckSheet) -> list[CheckResult]:
    """The points that have no colour yet, or no value though they are measured."""
    return [
        row
        for row in check.results
        if row.colour is None or (row.unit and row.colour is not Colour.ABSENT and not row.measured)
    ]


def finish(
    db: Session, check: CheckSheet, *, technician: str, by: int | None, now: datetime
) -> CheckSheet:
    """Sign the sheet: values to the archive with day and source, one letter to the owner.

    Signed again after it was opened, it says so in a letter of its own. Whose car was checked was
    there: a missed event that was noted meanwhile counts no more (R31).
    """
    check_open(db, check)
    left = missing(check)
    if left:
        raise NotFinished(N_("%(num)s points are not done yet."), num=len(left))
    if check.odometer_km is None:
        raise NotFinished(N_("Please enter the odometer first."))
    if not technician.strip():
        raise NotFinished(N_("Please sign with the technician’s name."))
    check.technician = technician.strip()[:LONGEST_NAME]
    check.finished_at, check.finished_by_id = now, by
    check.edition += 1
    source = Source(
        SOURCE, check.registration_id, clock.shop_day(now, check.event.shop.zone), now, by
    )
    measuring.note(db, check.vehicle, _readings(check), source)
    no_show_appeals.came_after_all(db, check.registration, now=now)
    _tell(db, check, now)
    audit.record(
        db,
        "check.finish",
        "registration",
        check.registration_id,
        by=by,
        now=now,
        edition=check.edition,
    )
    db.flush()
    return check


def _readings(check: CheckSheet) -> Iterator[Reading]:
    yield Reading(
        Measure.ODOMETER, (check.odometer_km or 0) * 100, "km", aside=check.odometer_aside
    )
    said: set[tuple[Measure, str]] = set()
    for row in check.results:
        if row.measure is None or row.colour is Colour.ABSENT:
            continue
        for spot, value in row.measured.items():
            if (row.measure, spot) not in said:
                said.add((row.measure, spot))
                yield Reading(row.measure, value, row.unit, spot=_SPOTS[spot])
    for measure, text in (
        (Measure.TYRE_BRAND, check.tyre_brand),
        (Measure.TYRE_SIZE, check.tyre_size),
        (Measure.TYRE_DOT, check.tyre_dot),
    ):
        if text:
            yield Reading(measure, text=text)


def _tell(db: Session, check: CheckSheet, now: datetime) -> None:
    summary = summary_of(check)
    letters.tell(
        db,
        check.registration,
        "check-ready",
        key=f"{check.id}:{check.edition}",
        now=now,
        good=summary.good,
        soon=summary.soon,
        urgent=summary.now,
        again=check.edition > 1,
        plate=check.vehicle.plate or "",
        path=f"/me/registrations/{check.registration_id}/check",
    )


def reopen(db: Session, check: CheckSheet, *, by: int | None, now: datetime) -> None:
    """Something is to be corrected: the report is a sheet again, its values leave the archive."""
    hold(db, check)
    if check.finished_at is None:
        return
    check.finished_at = check.finished_by_id = check.looked_at = check.looked_by_id = None
    measuring.forget(db, check.vehicle, SOURCE, check.registration_id)
    audit.record(db, "check.reopen", "registration", check.registration_id, by=by, now=now)
    db.flush()


def look(db: Session, check: CheckSheet, *, by: int, now: datetime) -> None:
    """An advisor looked at the signed sheet a second time."""
    hold(db, check)
    if check.finished_at is None:
        raise SheetClosed(N_("The technician signs first, then comes the second look."))
    if check.finished_by_id == by:
        raise SheetClosed(N_("A second look is taken by somebody else."))
    check.looked_at, check.looked_by_id = now, by
    audit.record(db, "check.look", "registration", check.registration_id, by=by, now=now)
    db.flush()
