"""Who of the demo's members signed up, waited, took over a freed place, or gave theirs back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, papers, terms, waitlist
from events.deadlines import registration_ends
from events.models import (
    Event,
    EventSession,
    EventState,
    Question,
    QuestionKind,
    Quota,
    QuotaKind,
    Registration,
    RegistrationState,
)
from events.tickets import TicketKeys
from foundation.refusals import Refusal
from portal.demo.programme.crowd import Crowd, Somebody
from portal.demo.programme.planning import Undertaking

_GIVE_BACK = 0.05
_SAY_YES = 0.8
_ASKED_FOOD = ("不吃辣", "素食", "海鲜过敏")


@dataclass(frozen=True, slots=True)
class Places:
    """How full one quota is."""

    session_id: int | None
    taken: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Booth:
    """Where sign-ups are made: the session, the crowd, the keys of tickets."""

    db: Session
    crowd: Crowd
    keys: TicketKeys

    def sign_up(self, event: Event, one: Somebody, now: datetime) -> Registration | None:
        """Their registration, None where the rules say no."""
        free = [row for row in places(self.db, event) if row.taken < row.capacity]
        room = sum(row.capacity - row.taken for row in free)
        party = min(self.crowd.party(event), room or event.party_limit)
        try:
            return booking.register(
                self.db,
                event,
                one.owner,
                vehicle=self.crowd.car_for(event, one),
                session=self._session(event, free),
                party_size=party,
                answers=self._answers(event),
                accepted=terms.asked(event),
                licence_until=self._licence(event),
                keys=self.keys,
                by=None,
                now=now,
            )
        except Refusal:
            return None

    def _licence(self, event: Event) -> date | None:
        """A licence that is good for years, where one is asked for."""
        last = event.ends_at.astimezone(self.crowd.draw.zone).date()
        return date(last.year + 4, 6, 30) if papers.asks_licence(event) else None

    def _session(self, event: Event, free: list[Places]) -> EventSession | None:
        """Any session with room."""
        ids = {row.session_id for row in free}
        found = [session for session in event.sessions if session.id in ids]
        return self.crowd.draw.chance.choice(found) if found else None

    def _answers(self, event: Event) -> dict[int, str]:
        chance = self.crowd.draw.chance
        asked = [one for one in event.questions if one.required or chance.random() < 0.35]
        return {question.id: self._answer(question) for question in asked}

    def _answer(self, question: Question) -> str:
        chance = self.crowd.draw.chance
        if question.kind is QuestionKind.CHOICE:
            return chance.choice(question.choices_zh)
        if question.kind is QuestionKind.NUMBER:
            return str(chance.randint(1, 3))
        return "yes" if question.kind is QuestionKind.YES_NO else chance.choice(_ASKED_FOOD)


def fill(booth: Booth, one: Undertaking, first: list[Somebody], queue_head: list[Somebody]) -> None:
    """Sign up `first`, then the crowd until the event is as full as it was, then those who wait;
    `queue_head` are the first of them. Some give their places back, which are passed on."""
    event, draw = one.event, booth.crowd.draw
    if event.state is not EventState.PUBLISHED or not (one.fill or first):
        return
    comers = [*first, *booth.crowd.candidates(event)]
    moments = _moments(booth, event, len(comers))
    waiting = 0
    for somebody, now in zip(comers, moments, strict=True):
        full = _is_full(booth.db, one)
        if full and waiting >= one.wait:
            break
        if full and queue_head:
            booth.sign_up(event, queue_head.pop(), now - timedelta(minutes=3))
        if somebody in first or booth.crowd.had_joined(somebody, now):
            made = booth.sign_up(event, somebody, now)
            waiting += made is not None and made.state is RegistrationState.WAITING
    if event.ends_at < draw.now:
        _some_give_back(booth, event, keep={somebody.owner.id for somebody in first})


def _some_give_back(booth: Booth, event: Event, keep: set[int]) -> None:
    """A few cancel two days before; who is offered their place mostly takes it."""
    chance = booth.crowd.draw.chance
    now = registration_ends(event) - timedelta(days=2)
    for registration in registrations(booth.db, event):
        confirmed = registration.state is RegistrationState.CONFIRMED
        if confirmed and registration.owner_id not in keep and chance.random() < _GIVE_BACK:
            booking.cancel(booth.db, registration, by=None, now=now)
    now += timedelta(hours=2)
    for registration in registrations(booth.db, event):
        if registration.state is RegistrationState.OFFERED:
            if chance.random() < _SAY_YES:
                waitlist.accept(booth.db, registration, keys=booth.keys, by=None, now=now)
            else:
                waitlist.decline(booth.db, registration, by=None, now=now)


def free_a_place(booth: Booth, event: Event) -> None:
    """Somebody gave a place back this morning, so that the first in the queue has an offer."""
    confirmed = [
        one
        for one in registrations(booth.db, event)
        if one.state is RegistrationState.CONFIRMED
        and one.owner_id not in {told.owner.id for told in booth.crowd.told.values()}
    ]
    now = booth.crowd.draw.now - timedelta(minutes=40)
    booking.cancel(booth.db, booth.crowd.draw.chance.choice(confirmed), by=None, now=now)


def registrations(db: Session, event: Event) -> list[Registration]:
    """All of an event, in the order in which they were made."""
    query = select(Registration).where(Registration.event_id == event.id)
    return list(db.scalars(query.order_by(Registration.made_at, Registration.id)))


def _is_full(db: Session, one: Undertaking) -> bool:
    rows = places(db, one.event)
    return sum(row.taken for row in rows) >= round(sum(row.capacity for row in rows) * one.fill)


def _moments(booth: Booth, event: Event, number: int) -> list[datetime]:
    """When people sign up: between the opening and the end, in order."""
    draw = booth.crowd.draw
    begin = event.register_from or event.created_at
    end = min(registration_ends(event), draw.now - timedelta(hours=3))
    shares = sorted(draw.chance.random() ** 2 for _ in range(number))
    return [begin + (end - begin) * share for share in shares]


def places(db: Session, event: Event) -> list[Places]:
    """What is taken now of each session, or of the whole event."""
    kinds = (QuotaKind.SESSION,) if event.sessions else (QuotaKind.PEOPLE, QuotaKind.CARS)
    rows = db.execute(
        select(Quota.session_id, Quota.taken, Quota.capacity).where(
            Quota.event_id == event.id, Quota.kind.in_(kinds)
        )
    )
    return [Places(session_id, taken, capacity or 0) for session_id, taken, capacity in rows]
