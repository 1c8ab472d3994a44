"""What became of an event's letters: how many of each kind went out, wait, or failed."""

from collections import defaultdict

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from events.models import Registration
from events.notices import MOVED
from foundation.outbox import Letter, LetterState

Counts = dict[str, dict[LetterState, int]]


def letters_by_kind(db: Session, event_id: int) -> Counts:
    """Letters about an event's registrations, and about its moves: by template and state."""
    mine = select(Registration.id).where(Registration.event_id == event_id)
    about = or_(
        (Letter.cause_kind == "registration") & Letter.cause_id.in_(mine),
        (Letter.cause_kind == MOVED) & (Letter.cause_id == event_id),
    )
    rows = db.execute(
        select(Letter.template, Letter.state, func.count())
        .where(about)
        .group_by(Letter.template, Letter.state)
    )
    found: Counts = defaultdict(dict)
    for template, state, number in rows:
        found[template.removeprefix("events/")][state] = number
    return found
