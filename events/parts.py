"""The parts of an event that are lists: agenda, hosts, steps of check-in, checklist."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.lines import AgendaLine, ChecklistLine, HostLine, StepLine
from events.models import (
    AgendaItem,
    CheckIn,
    CheckInStep,
    ChecklistItem,
    Event,
    EventHost,
    EventState,
    GiftDraw,
)
from events.refusals import PlanRefused
from foundation import audit
from foundation.words import N_


def set_agenda(
    db: Session, event: Event, lines: Sequence[AgendaLine], *, by: int | None, now: datetime
) -> None:
    """Another agenda in the place of the former one."""
    check_open(event)
    event.agenda = [
        AgendaItem(position=position, **_values(line)) for position, line in enumerate(lines)
    ]
    note(db, event, "agenda", by, now)


def set_hosts(
    db: Session, event: Event, lines: Sequence[HostLine], *, by: int | None, now: datetime
) -> None:
    """Other hosts in the place of the former ones."""
    check_open(event)
    event.hosts = [
        EventHost(position=position, **_values(line)) for position, line in enumerate(lines)
    ]
    note(db, event, "hosts", by, now)


def set_checklist(
    db: Session, event: Event, lines: Sequence[ChecklistLine], *, by: int | None, now: datetime
) -> None:
    """Other items in the place of the former ones."""
    check_open(event)
    event.checklist = [
        ChecklistItem(position=position, **_values(line)) for position, line in enumerate(lines)
    ]
    note(db, event, "checklist", by, now)


def set_steps(
    db: Session, event: Event, lines: Sequence[StepLine], *, by: int | None, now: datetime
) -> None:
    """Other steps of check-in; one at which somebody arrived, or at which gifts are
    handed in, stays or is renamed."""
    check_open(event)
    used = select(CheckIn.id).where(CheckIn.step_id == CheckInStep.id).exists()
    gone = removed(event.steps, lines)
    if db.scalar(select(CheckInStep.id).where(CheckInStep.id.in_(gone), used).limit(1)):
        raise PlanRefused(N_("Somebody has been checked in at a step that you removed."))
    if db.scalar(select(GiftDraw.id).where(GiftDraw.step_id.in_(gone)).limit(1)):
        raise PlanRefused(N_("Gifts are handed in at a step that you removed."))
    standing = {step.id: step for step in event.steps}
    event.steps = [
        _filled(standing.get(line.id or 0) or CheckInStep(), position, line)
        for position, line in enumerate(lines)
    ]
    note(db, event, "steps", by, now)


def check_open(event: Event) -> None:
    """A cancelled event stays as it was."""
    if event.state == EventState.CANCELLED:
        raise PlanRefused(N_("A cancelled event cannot be changed; copy it instead."))


def removed(rows: Iterable[Any], lines: Iterable[Any]) -> set[int]:
    """The ids of the rows that no line stands for any more."""
    return {row.id for row in rows} - {line.id for line in lines}


def _filled(row: CheckInStep, position: int, line: StepLine) -> CheckInStep:
    for name, value in _values(line).items():
        setattr(row, name, value)
    row.position = position
    return row


def _values(line: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(line).items() if name != "id"}


def note(db: Session, event: Event, what: str, by: int | None, now: datetime) -> None:
    """A new version of the event, and an entry in the audit trail."""
    event.version += 1
    audit.record(
        db, "event.change", "event", event.id, by=by, now=now, version=event.version, changed=[what]
    )
    db.flush()
