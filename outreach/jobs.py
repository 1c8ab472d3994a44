"""The steps of this room's work behind the pages; each commits what it did."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import epoch
from foundation.outbox import Letter, LetterState
from outreach import delivery
from outreach.channels import Office
from outreach.checks import Check


def deliver(
    db: Session,
    open_the_office: Callable[[], Office],
    checks: Sequence[Check],
    epoch_file: Path,
    clock: Callable[[], datetime],
) -> int:
    """Send what is due, if this is the running club; how many went out.

    The epoch moves on first, so a backup from before this run sends nothing by itself (R32).
    """
    something = anything_due(db, now=clock())
    db.rollback()
    if not something:
        return 0
    with epoch.alone(epoch_file):
        if not epoch.move_on(db, epoch_file):
            delivery.stop_restored(db)
            db.commit()
            return 0
        db.commit()
        epoch.forget_older(db, epoch_file)
    return delivery.send_due(db, open_the_office(), checks, clock)


def give_up_lost(db: Session, now: datetime) -> str:
    """Let letters of vanished workers wait for a person."""
    lost = delivery.give_up_lost(db, now=now)
    db.commit()
    return f"{lost} unknown"


def anything_due(db: Session, *, now: datetime) -> bool:
    """Whether a letter waits to go out now."""
    due = select(Letter.id).where(Letter.state == LetterState.QUEUED, Letter.not_before <= now)
    return db.scalar(due.limit(1)) is not None
