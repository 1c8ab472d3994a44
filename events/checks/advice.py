"""What the owner answers to an advice, and the list that advisors work off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from events.checks.refusals import NoAdvice
from events.checks.sheets import hold
from events.models import AdviceAnswer, CheckResult, CheckSheet, Colour
from foundation import audit
from foundation.words import N_

WANTED = (AdviceAnswer.CALL, AdviceAnswer.BOOK)
LONGEST = 300
SHOWN = 200


def answer(
    db: Session,
    check: CheckSheet,
    result_id: int,
    said: AdviceAnswer,
    *,
    by: int | None,
    now: datetime,
) -> CheckResult:
    """The owner declines, or wants a call or an appointment. They may think again until an
    advisor has dealt with it."""
    hold(db, check)
    row = next((one for one in check.results if one.id == result_id), None)
    if check.finished_at is None or row is None or row.colour not in (Colour.AMBER, Colour.RED):
        raise NoAdvice(N_("There is no advice here to answer."))
    if row.handled_at is not None:
        raise NoAdvice(N_("Our advisor has dealt with this already. Please call us."))
    row.answer, row.answered_at = said, now
    audit.record(
        db, "check.answer", "registration", check.registration_id, by=by, now=now, answer=said
    )
    db.flush()
    return row


def handle(db: Session, row: CheckResult, *, note: str, by: int, now: datetime) -> None:
    """An advisor called, or made the appointment; what came of it is kept."""
    if row.answer not in WANTED or row.handled_at is not None:
        raise NoAdvice(N_("Somebody has dealt with this already."))
    row.handled_at, row.handled_by_id, row.handled_note = now, by, note.strip()[:LONGEST]
    registration_id = row.check.registration_id
    audit.record(db, "check.handle", "registration", registration_id, by=by, now=now)
    db.flush()


def waiting_count(db: Session) -> int:
    """How many answers wait for an advisor."""
    wanted = CheckResult.answer.in_(WANTED) & CheckResult.handled_at.is_(None)
    return db.scalar(select(func.count(CheckResult.id)).where(wanted)) or 0


def waiting(db: Session) -> Sequence[CheckResult]:
    """Owners who want a call or an appointment, who waits longest first."""
    return db.scalars(
        _with_all(select(CheckResult))
        .where(CheckResult.answer.in_(WANTED), CheckResult.handled_at.is_(None))
        .order_by(CheckResult.answered_at, CheckResult.id)
        .limit(SHOWN)
    ).all()


def done(db: Session) -> Sequence[CheckResult]:
    """The newest that were declined or dealt with."""
    return db.scalars(
        _with_all(select(CheckResult))
        .where((CheckResult.answer == AdviceAnswer.DECLINED) | CheckResult.handled_at.is_not(None))
        .order_by(func.coalesce(CheckResult.handled_at, CheckResult.answered_at).desc())
        .limit(30)
    ).all()


def _with_all(query: Select[CheckResult]) -> Select[CheckResult]:
    check = joinedload(CheckResult.check)
    return query.options(
        check.joinedload(CheckSheet.owner),
        check.joinedload(CheckSheet.vehicle),
        check.joinedload(CheckSheet.event),
        joinedload(CheckResult.handled_by),
    )
