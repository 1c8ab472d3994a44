"""What is said of a missed event: the member's word, the desk's answer, what staff decide (R31)."""

from datetime import datetime

from sqlalchemy.orm import Session

from events import letters, no_shows
from events.models import Measure, NoShow, NoShowState, Registration
from foundation import audit, clock, tunables
from foundation.refusals import Refusal
from foundation.words import N_

MEASURE_MONTHS = tunables.declare(
    "events.no_show_measure_months",
    6,
    N_("A decision after missed events holds for"),
    N_("months"),
    1,
    24,
)
LONGEST = 500


class AppealRefused(Refusal):
    """There is nothing to appeal against, or no word was written."""


class NotForDecision(Refusal):
    """It was decided already, or the word for the member is missing."""


class TooFew(Refusal):
    """Not as many missed events as the setting asks for."""


def appeal(db: Session, missed: NoShow, text: str, *, by: int | None, now: datetime) -> NoShow:
    """The member says how it was, once."""
    if missed.state != NoShowState.COUNTED:
        raise AppealRefused(N_("You have told us already. We answer by letter and on this page."))
    if not text.strip():
        raise AppealRefused(N_("Please write a few words about how it was."))
    missed.state, missed.appeal, missed.appealed_at = NoShowState.APPEALED, text.strip(), now
    _note(db, "no-show.appeal", missed, by=by, now=now)
    return missed


def excuse(db: Session, missed: NoShow, answer: str, *, by: int | None, now: datetime) -> NoShow:
    """It counts no more, and the member is told."""
    if missed.state == NoShowState.EXCUSED:
        raise NotForDecision(N_("This one is excused already."))
    _decide(missed, NoShowState.EXCUSED, answer, by=by, now=now)
    missed.measure, missed.measure_until = Measure.NONE, None
    _note(db, "no-show.excuse", missed, by=by, now=now)
    _tell(db, missed, now=now)
    return missed


def keep(db: Session, missed: NoShow, answer: str, *, by: int | None, now: datetime) -> NoShow:
    """The appeal is not followed; the member reads why."""
    if missed.state != NoShowState.APPEALED:
        raise NotForDecision(N_("There is no open appeal here."))
    if not answer.strip():
        raise NotForDecision(N_("Please write the member a word about why it stands."))
    _decide(missed, NoShowState.KEPT, answer, by=by, now=now)
    _note(db, "no-show.keep", missed, by=by, now=now)
    _tell(db, missed, now=now)
    return missed


def decide_measure(
    db: Session, missed: NoShow, measure: Measure, *, by: int | None, now: datetime
) -> NoShow:
    """A person asks for a confirmation by phone or a later place in the queue, or lets it be."""
    registration = missed.registration
    today = clock.shop_day(now, registration.event.shop.zone)
    number = len(no_shows.counted(db, registration.owner_id, on=today))
    asked = tunables.value(db, no_shows.ASK_FROM)
    if measure != Measure.NONE and (missed.state not in no_shows.COUNTS or number < asked):
        raise TooFew(N_("This is possible from %(asked)s missed events on."), asked=asked)
    months = tunables.value(db, MEASURE_MONTHS)
    until = None if measure == Measure.NONE else clock.add_months(today, months)
    missed.measure, missed.measure_until = measure, until
    one = missed.registration_id
    audit.record(db, "no-show.measure", "registration", one, by=by, now=now, measure=measure.value)
    db.flush()
    return missed


def came_after_all(db: Session, registration: Registration, *, now: datetime) -> None:
    """A device at the door came online later than the grace: they were there."""
    missed = no_shows.of_registration(db, registration.id)
    if missed is not None and missed.state != NoShowState.EXCUSED:
        excuse(db, missed, "", by=None, now=now)


def _decide(
    missed: NoShow, state: NoShowState, answer: str, *, by: int | None, now: datetime
) -> None:
    missed.state, missed.answer = state, answer.strip()[:LONGEST]
    missed.decided_at, missed.decided_by_id = now, by


def _tell(db: Session, missed: NoShow, *, now: datetime) -> None:
    letters.tell(
        db,
        missed.registration,
        "no-show-decided",
        key=f"{missed.registration_id}:{missed.state.value}",
        now=now,
        excused=missed.state == NoShowState.EXCUSED,
        answer=missed.answer,
    )


def _note(db: Session, act: str, missed: NoShow, *, by: int | None, now: datetime) -> None:
    audit.record(db, act, "registration", missed.registration_id, by=by, now=now)
    db.flush()
