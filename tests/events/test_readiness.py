"""What a draft still lacks, as the desk says it before members see the event."""

from datetime import timedelta

from sqlalchemy.orm import Session

from events import readiness
from events.models import AgendaItem
from tests.making import NOW, make_event


def lacks(db: Session, *minutes: int) -> list[tuple[str, bool]]:
    """What an event lacks whose agenda has lines so many minutes after its beginning."""
    event = make_event(db)
    for place, after in enumerate(minutes):
        at = event.starts_at + timedelta(minutes=after)
        event.agenda.append(AgendaItem(position=place, starts_at=at, title_zh="集合"))
    db.flush()
    found = readiness.lacks(event, now=NOW)
    return [(one.section, one.stops) for one in found if "agenda" in one.message]


def test_an_agenda_that_lies_outside_its_event_is_said(db: Session) -> None:
    """It may be meant, so it stops nothing; both ends belong to the event."""
    event = make_event(db)
    lasts = int((event.ends_at - event.starts_at) / timedelta(minutes=1))
    assert lacks(db, 0, 30, lasts) == []
    assert lacks(db, -1, 30) == lacks(db, lasts + 1) == [("agenda", False)]
