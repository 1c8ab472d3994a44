"""Who came to an event, wherever they were seen: the one question for all who ask it."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from events.models import CheckIn, CheckSheet, ContestRun, Registration, RollTick


def came() -> ColumnElement[bool]:
    """Of a registration: seen at the door or a step, ticked off at a stop and not taken back, the
    car's check signed, or its contest run noted."""
    door = select(CheckIn.id).where(
        CheckIn.registration_id == Registration.id, CheckIn.undone_at.is_(None)
    )
    check = select(CheckSheet.id).where(
        CheckSheet.registration_id == Registration.id, CheckSheet.finished_at.is_not(None)
    )
    run = select(ContestRun.id).where(ContestRun.registration_id == Registration.id)
    return or_(door.exists(), _ticked_off(), check.exists(), run.exists())


def _ticked_off() -> ColumnElement[bool]:
    """At some stop the newest tick says that they are here."""
    later = aliased(RollTick)
    is_later = (later.happened_at > RollTick.happened_at) | (
        (later.happened_at == RollTick.happened_at) & (later.id > RollTick.id)
    )
    newer = select(later.id).where(
        later.stop_id == RollTick.stop_id,
        later.registration_id == RollTick.registration_id,
        is_later,
    )
    tick = select(RollTick.id).where(
        RollTick.registration_id == Registration.id,
        RollTick.here.is_(True),
        ~newer.correlate(RollTick).exists(),
    )
    return tick.exists()
