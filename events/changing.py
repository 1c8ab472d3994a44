"""Changing what one signed up for: party, car, session, companions, answers."""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from events import answers as answering
from events import (
    choices,
    deadlines,
    eligibility,
    notices,
    papers,
    parties,
    quotas,
    terms,
    waitlist,
)
from events.answers import Guest
from events.checks import placing, sheets
from events.models import (
    ACTIVE,
    EventSession,
    EventState,
    Quota,
    QuotaKind,
    Registration,
    RegistrationState,
)
from events.queueing import hold_up
from events.refusals import (
    CarAlreadyComes,
    NotActive,
    NotForSignUp,
    NothingFree,
    OthersWait,
    TooLate,
)
from foundation import audit
from foundation.words import N_
from members.models import Vehicle


class Unchanged(enum.Enum):
    """What was not asked to change; None would take the car or session away."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


def change(
    db: Session,
    registration: Registration,
    *,
    vehicle: Vehicle | Literal[Unchanged.UNCHANGED] | None = UNCHANGED,
    session: EventSession | Literal[Unchanged.UNCHANGED] | None = UNCHANGED,
    party_size: int | None = None,
    companions: Sequence[Guest] | None = None,
    answers: Mapping[int, str] | Iterable[tuple[int, str]] | None = None,
    accepted: int | None = None,
    licence_until: date | None = None,
    as_staff: bool = False,
    by: int | None,
    now: datetime,
) -> Registration:
    """Ask the quotas for the difference only (R18) and serve the queue with what came free.

    A party that grows goes behind those who wait: refused for a confirmed place while others
    wait, to the end of the line for one who waits. What was not named stays as it is. Another
    slot, car or party is told by letter; staff who move somebody tell it themselves.
    """
    rows = _begin(db, registration, as_staff=as_staff, now=now)
    event = registration.event
    kept = None if answers is None else answering.checked(event, dict(answers))
    wished = _Wish(
        party_size or registration.party_size,
        registration.vehicle if vehicle is UNCHANGED else vehicle,
        registration.session if session is UNCHANGED else session,
        quotas.answers_of(registration, rows) if kept is None else kept,
    )
    named = answering.guests_of(registration) if companions is None else companions
    parties.check_party(event, wished.party_size, named)
    eligibility.check_session(event, wished.session)
    if vehicle is not UNCHANGED:
        _check_car(db, registration, vehicle, licence_until)
        sheets.change_car(db, registration, vehicle)
    if accepted is not None:
        terms.check(event, accepted)
        registration.terms_version = accepted
    _settle(db, registration, wished, rows, now=now)
    is_other = wished.is_other_than(registration)
    _rewrite(db, registration, wished)
    placing.follow(db, registration)
    if companions is not None:
        answering.replace_guests(db, registration, companions)
    if kept is not None:
        answering.replace_answers(db, registration, kept)
    papers.keep_licence(db, registration.owner, licence_until, by=by, now=now)
    audit.record(db, "registration.change", "registration", registration.id, by=by, now=now)
    if is_other and not as_staff:
        notices.registration_changed(db, registration, now=now)
    waitlist.serve(db, registration.event_id, now=now)
    return registration


@dataclass(frozen=True, slots=True)
class _Wish:
    """The registration as it is to be."""

    party_size: int
    vehicle: Vehicle | None
    session: EventSession | None
    answers: quotas.Answers

    def is_other_than(self, stands: Registration) -> bool:
        """Whether it is another slot, car or party than the letters so far tell."""
        wished = (self.party_size, self.vehicle, self.session)
        return wished != (stands.party_size, stands.vehicle, stands.session)


def _begin(
    db: Session, registration: Registration, *, as_staff: bool, now: datetime
) -> list[Quota]:
    db.flush()
    rows = quotas.hold(db, registration.event_id)
    db.refresh(registration)
    if registration.state not in ACTIVE:
        raise NotActive(N_("This registration has already ended."))
    if registration.event.state != EventState.PUBLISHED:
        raise NotForSignUp(N_("This event was cancelled."))
    if not as_staff and now > deadlines.changes_end(registration.event):
        raise TooLate(N_("It is too late for changes here. Please call us."))
    return rows


def _check_car(
    db: Session, registration: Registration, vehicle: Vehicle | None, licence_until: date | None
) -> None:
    event = registration.event
    standing = eligibility.standing_of(db, event, registration.owner_id, vehicle)
    eligibility.check_car(event, standing, has_car=vehicle is not None)
    papers.check(event, vehicle, licence_until or registration.owner.licence_until)


def _settle(
    db: Session, registration: Registration, wished: _Wish, rows: list[Quota], *, now: datetime
) -> None:
    """Take what is more, give back what is less; in the queue, go to the end of the line."""
    event = registration.event
    before = quotas.needs_of_registration(registration, rows)
    after = quotas.needs_of(
        event,
        rows,
        people=wished.party_size,
        cars=0 if wished.vehicle is None else 1,
        session_id=wished.session.id if wished.session else None,
        tier=registration.tier,
        answers=wished.answers,
    )
    more, less = Counter(after) - Counter(before), Counter(before) - Counter(after)
    if more:
        quotas.check_possible(rows, after)
        choices.check(event, rows, more)
    if registration.state == RegistrationState.WAITING:
        if _is_longer(rows, more):
            registration.queued_at = now
            hold_up(db, registration, quotas.hindrances(rows, after))
        elif more or less:
            hold_up(db, registration, quotas.hindrances(rows, after, queue_counts=False))
        return
    if more and registration.state == RegistrationState.OFFERED:
        raise OthersWait(N_("Please accept your offer as it is first."))
    if not quotas.take(db, more):
        raise _refusal(rows, more)
    quotas.give_back(db, less)


def _is_longer(rows: list[Quota], more: quotas.Needs) -> bool:
    """Whether it takes more of what people wait for; another meal costs nobody their turn."""
    return any(quota.id in more for quota in rows if quota.kind != QuotaKind.CHOICE)


def _refusal(rows: list[Quota], more: quotas.Needs) -> OthersWait | NothingFree:
    if any(quota.waiting > 0 for quota in rows if quota.id in more):
        return OthersWait(
            N_("Others are waiting for places, and they come first. Your place stays as it was.")
        )
    return NothingFree(N_("There are not enough free places. Your place stays as it was."))


def _rewrite(db: Session, registration: Registration, wished: _Wish) -> None:
    event = registration.event
    if wished.is_other_than(registration):
        registration.sequence += 1
    registration.party_size = wished.party_size
    registration.session, registration.vehicle = wished.session, wished.vehicle
    registration.car_key = eligibility.car_key(event, wished.vehicle)
    try:
        with db.begin_nested():
            db.flush()
    except IntegrityError as clash:
        raise CarAlreadyComes(N_("This car is already signed up for the event.")) from clash
