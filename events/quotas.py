"""Places: taken by one conditional update of a quota row, never by looking first (R16)."""

from collections.abc import Iterable, Mapping
from typing import cast

from sqlalchemy import Integer, Table, bindparam, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from club.models import TierCode
from events.models import Event, Quota, QuotaKind, Registration, Unit
from events.refusals import Closed, PartyRefused
from foundation.fixed import Fixed
from foundation.words import N_

Needs = Mapping[int, int]  # quota id → places
Answers = Mapping[int, str]  # question id → answer
ELSEWHERE = (QuotaKind.BELOW, QuotaKind.CHOICE)  # looked at by rules of their own


def needs_of(
    event: Event,
    quotas: Iterable[Quota],
    *,
    people: int,
    cars: int,
    session_id: int | None,
    tier: str,
    answers: Answers,
) -> dict[int, int]:
    """How many places of which quota such a registration takes; people and cars apart (R18)."""
    units = people if event.unit == Unit.PERSON else cars
    wanted: dict[int, int] = {}
    for quota in quotas:
        match quota.kind:
            case QuotaKind.PEOPLE:
                number = people
            case QuotaKind.CARS:
                number = cars
            case QuotaKind.SESSION:
                number = units if quota.session_id == session_id else 0
            case QuotaKind.TIER:
                number = units if quota.tier == tier else 0
            case QuotaKind.BELOW:
                number = units if is_below(tier, quota) else 0
            case QuotaKind.CHOICE:
                number = _chosen(event, quota, people, answers)
            case QuotaKind.GIFT:
                number = 0
        if number:
            wanted[quota.id] = number
    return wanted


def is_below(tier: str, quota: Quota) -> bool:
    """Whether places beneath the quota's tier are what a member of `tier` takes."""
    return TierCode(tier).rank < TierCode(quota.tier or TierCode.GENERAL).rank


def _chosen(event: Event, quota: Quota, people: int, answers: Answers) -> int:
    """What an answer takes of a limited choice: one place, or one for each of the party."""
    if answers.get(quota.question_id or 0) != quota.choice:
        return 0
    per_person = any(one.per_person for one in event.questions if one.id == quota.question_id)
    return people if per_person else 1


def answers_of(registration: Registration, quotas: Iterable[Quota]) -> Answers:
    """What was answered, read only where a choice is counted."""
    if not has_choices(quotas):
        return {}
    return {answer.question_id: answer.text for answer in registration.answers}


def needs_of_registration(registration: Registration, quotas: Iterable[Quota]) -> dict[int, int]:
    """What a registration as it stands takes, or will take when its turn comes."""
    quotas = list(quotas)
    return needs_of(
        registration.event,
        quotas,
        people=registration.party_size,
        cars=0 if registration.vehicle_id is None else 1,
        session_id=registration.session_id,
        tier=registration.tier,
        answers=answers_of(registration, quotas),
    )


_NUMBER = bindparam("number", type_=Integer)
_ROW = update(cast(Table, Quota.__table__)).where(Quota.id == bindparam("row"))
_MORE = _ROW.where(or_(Quota.capacity.is_(None), Quota.taken + _NUMBER <= Quota.capacity)).values(
    taken=Quota.taken + _NUMBER
)
_TAKE = Fixed(_MORE.where(Quota.waiting == 0))
_TAKE_FOR_WAITING = Fixed(_MORE)
_GIVE_BACK = Fixed(_ROW.values(taken=Quota.taken - _NUMBER))
_COUNT = Fixed(_ROW.values(waiting=Quota.waiting + _NUMBER))
_ALL = select(Quota).where(Quota.event_id == bindparam("event_id")).order_by(Quota.id)
_HELD = _ALL.with_for_update().execution_options(populate_existing=True)


def load(db: Session, event: Event) -> None:
    """Read an event's quotas ahead of whoever asks it for them."""
    set_committed_value(event, "quotas", list(db.scalars(_ALL, {"event_id": event.id})))


def seem_free(rows: Iterable[Quota], needs: Needs) -> bool:
    """Whether the public may hope for these places, by rows that were read a moment ago."""
    return not hindrances(rows, needs)


def take(db: Session, needs: Needs) -> bool:
    """Take all of these places or none; while somebody waits they are not for the public (R20)."""
    return _take(db, needs, _TAKE)


def take_for_waiting(db: Session, needs: Needs) -> bool:
    """Take all of these places or none, for somebody from the queue."""
    return _take(db, needs, _TAKE_FOR_WAITING)


def _take(db: Session, needs: Needs, statement: Fixed) -> bool:
    done: dict[int, int] = {}
    for quota_id in sorted(needs):
        if not statement.changed(db, row=quota_id, number=needs[quota_id]):
            give_back(db, done)
            return False
        done[quota_id] = needs[quota_id]
    return True


def give_back(db: Session, needs: Needs) -> None:
    """Places are free again; whoever calls this serves the waitlist in the same transaction."""
    for quota_id in sorted(needs):
        _GIVE_BACK.changed(db, row=quota_id, number=needs[quota_id])


def count_waiting(db: Session, changes: Needs) -> None:
    """Add to (or, below zero, take from) the number of those who wait for each quota."""
    for quota_id in sorted(changes):
        if changes[quota_id]:
            _COUNT.changed(db, row=quota_id, number=changes[quota_id])


def hold(db: Session, event_id: int) -> list[Quota]:
    """The event's quotas in ascending id, held until the commit: one change of the queue at a
    time. SQLite's writer holds everything already."""
    return list(db.scalars(_HELD, {"event_id": event_id}))


def hindrances(
    quotas: Iterable[Quota], needs: Needs, *, also: Iterable[int] = (), queue_counts: bool = True
) -> list[int]:
    """The quotas, as held, that cannot give these places: no room, or others wait for them."""
    spoken_for = set(also)
    return [
        quota.id
        for quota in quotas
        if quota.id in needs
        and (
            quota.id in spoken_for
            or (queue_counts and quota.waiting > 0)
            or not has_room(quota, needs[quota.id])
        )
    ]


def has_room(quota: Quota, number: int) -> bool:
    """Whether so many places are free, by the row as it was read."""
    return quota.capacity is None or quota.taken + number <= quota.capacity


def left(quota: Quota) -> int | None:
    """Free places, never below zero; None when unlimited (R17)."""
    return None if quota.capacity is None else max(quota.capacity - quota.taken, 0)


def is_overbooked(quota: Quota) -> bool:
    """More places taken than there are: the capacity was lowered, nobody was cancelled (R17)."""
    return quota.capacity is not None and quota.taken > quota.capacity


def take_gift(db: Session, quotas: Iterable[Quota]) -> bool:
    """Take a gift from the stock if there is any left; its lack never blocks a place."""
    stock = next((quota for quota in quotas if quota.kind == QuotaKind.GIFT), None)
    return stock is not None and take_for_waiting(db, {stock.id: 1})


def gift_of(registration: Registration, quotas: Iterable[Quota]) -> dict[int, int]:
    """The gift that goes back to the stock with this registration, if it has one."""
    if not registration.gift:
        return {}
    return {quota.id: 1 for quota in quotas if quota.kind == QuotaKind.GIFT}


def has_sessions(rows: Iterable[Quota]) -> bool:
    """Whether an event is held in sessions: each has a quota of its own."""
    return any(quota.kind == QuotaKind.SESSION for quota in rows)


def has_choices(rows: Iterable[Quota]) -> bool:
    """Whether some answers are counted: each limited choice has a quota of its own."""
    return any(quota.kind == QuotaKind.CHOICE for quota in rows)


def main_quota(event: Event, quotas: Iterable[Quota]) -> Quota | None:
    """The event-wide quota of the event's unit."""
    kind = QuotaKind.PEOPLE if event.unit == Unit.PERSON else QuotaKind.CARS
    return next((quota for quota in quotas if quota.kind == kind), None)


def check_possible(rows: Iterable[Quota], needs: Needs) -> None:
    """Not closed, and not more than there will ever be (R17); places kept for a tier come free,
    and of a choice that is all taken `choices.check` tells which."""
    for quota in rows:
        if quota.id not in needs or quota.capacity is None or quota.kind in ELSEWHERE:
            continue
        if quota.capacity == 0:
            raise Closed(N_("This takes no sign-ups."))
        if needs[quota.id] > quota.capacity:
            raise PartyRefused(
                N_("There are only %(places)s places in all."), places=quota.capacity
            )
