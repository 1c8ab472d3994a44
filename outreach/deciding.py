"""What a person decides about letters that wait: send them after all, or drop them."""

from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from foundation import audit
from foundation.database import rows_changed
from foundation.outbox import Channel, Letter, LetterState
from foundation.refusals import Refusal
from foundation.words import N_

WAITING = (LetterState.HELD, LetterState.UNKNOWN, LetterState.FAILED)


class NothingToDecide(Refusal):
    """The letter is not one that waits for a person."""


class Withdrawn(Refusal):
    """What the letter tells does not hold any more, or its round was stopped."""


def letters_query(channel: str | None, state: str | None, before: Letter | None) -> Select[Letter]:
    """Letters of a channel and a state, by the moment they were written, the newest first; those
    behind one of them."""
    wanted = select(Letter).order_by(Letter.created_at.desc(), Letter.id.desc())
    if channel in list(Channel):
        wanted = wanted.where(Letter.channel == Channel(channel))
    if state in list(LetterState):
        wanted = wanted.where(Letter.state == LetterState(state))
    if before is None:
        return wanted
    same = and_(Letter.created_at == before.created_at, Letter.id < before.id)
    return wanted.where(or_(Letter.created_at < before.created_at, same))


def waiting(db: Session) -> int:
    """How many letters are unknown: the number that needs a person."""
    found = select(func.count(Letter.id)).where(Letter.state == LetterState.UNKNOWN)
    return db.scalar(found) or 0


def send_again(db: Session, letter: Letter, *, by: int, now: datetime) -> None:
    """It goes out now, whatever its window said; all other checks are asked again."""
    held = select(Letter.withdrawn).where(Letter.id == letter.id).with_for_update()
    if db.scalar(held) is not None:
        raise Withdrawn(N_("This letter was withdrawn and must not go out any more."))
    _decide(db, letter, LetterState.QUEUED, "letter.again", by, now)
    db.execute(
        update(Letter)
        .where(Letter.id == letter.id)
        .values(not_before=now, not_after=None, attempts=0, claimed_by=None)
    )
    db.info["letters_posted"] = True


def drop(db: Session, letter: Letter, *, by: int, now: datetime) -> None:
    """It never goes out."""
    _decide(db, letter, LetterState.SKIPPED, "letter.drop", by, now)


def _decide(
    db: Session, letter: Letter, state: LetterState, act: str, by: int, now: datetime
) -> None:
    decided = rows_changed(
        db,
        update(Letter)
        .where(Letter.id == letter.id, Letter.state.in_(WAITING))
        .values(state=state, why=N_("Decided at the desk.")),
    )
    if decided != 1:
        raise NothingToDecide(N_("This letter does not wait for a decision any more."))
    audit.record(db, act, "letter", letter.id, by=by, now=now)
