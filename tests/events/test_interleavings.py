"""Any sequence of acts keeps the counters true (R16)."""

from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, questions, reserving, seats, waitlist
from events.lines import QuestionLine
from events.models import (
    ACTIVE,
    Event,
    QuestionKind,
    QuotaKind,
    Registration,
    RegistrationState,
)
from foundation.refusals import Refusal
from members.models import Owner
from tests.events.counting import assert_counters_are_true, assert_within_bounds, taken_of
from tests.making import KEYS, NOW, make_event, make_member, make_session, make_vehicle

KINDS = ["register"] * 4 + ["cancel", "cancel", "accept", "decline", "expire", "change", "capacity"]
KINDS += ["eat", "let go"]
MEALS = ["素食", "套餐"]
TIERS = ["general", "general", "silver", "gold", "diamond"]
ACTS = st.tuples(
    st.sampled_from(KINDS),
    st.integers(0, 4),
    st.integers(1, 3),
)


def _act(db: Session, event: Event, owners: list[Owner], what: str, who: int, number: int) -> None:
    owner, now = owners[who], NOW + timedelta(minutes=who)
    wanted = (
        [RegistrationState.OFFERED] if what in ("accept", "decline", "expire") else list(ACTIVE)
    )
    of_event = select(Registration).where(Registration.event_id == event.id)
    active = db.scalars(of_event.where(Registration.state.in_(wanted))).all()
    made = active[who % len(active)] if active else None
    match what:
        case "register":
            car = make_vehicle(db, owner) if number == 2 else None
            session = event.sessions[who % 2]
            answers = {event.questions[0].id: MEALS[number % 2]}
            wish = {"vehicle": car, "session": session, "party_size": number, "answers": answers}
            booking.register(db, event, owner, keys=KEYS, by=None, now=now, **wish)
        case "capacity":
            seats.set_capacity(db, event, QuotaKind.PEOPLE, who, by=None, now=now)
        case _ if made is None:
            return
        case "cancel":
            booking.cancel(db, made, by=None, now=now)
        case "accept":
            waitlist.accept(db, made, keys=KEYS, by=None, now=now)
        case "decline":
            waitlist.decline(db, made, by=None, now=now)
        case "expire" if made.offer_until:
            waitlist.expire(db, made, now=made.offer_until + timedelta(seconds=1))
        case "change":
            booking.change(db, made, party_size=number, by=None, now=now)
        case "eat":
            answers = {event.questions[0].id: MEALS[number % 2]}
            booking.change(db, made, answers=answers, by=None, now=now)
        case "let go":
            reserving.let_go(db, event, now=now + timedelta(days=number))


@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, min_size=12, max_size=25))
def test_counters_are_true_after_any_sequence(
    db: Session, acts: list[tuple[str, int, int]]
) -> None:
    """R16, R18, R22: people, cars, sessions, gifts, a tier's allotment, places kept for gold and
    counted meals, all at once; red when an ended offer does not give its places back, and when a
    changed answer does not give its meal back."""
    until = NOW + timedelta(days=2)
    event = make_event(db, places=5, cars=2, gifts=2, reserved={"gold": 1}, reserved_until=until)
    make_session(db, event, places=3)
    make_session(db, event, places=4, hours=1)
    seats.set_capacity(db, event, QuotaKind.TIER, 4, tier="general", by=None, now=NOW)
    meals = QuestionLine(
        QuestionKind.CHOICE, "午餐", choices_zh=MEALS, limits=[3, None], per_person=True
    )
    questions.set_questions(db, event, [meals], by=None, now=NOW)
    reserving.keep_places(db, event, by=None, now=NOW)
    owners = [make_member(db, tier=tier, login=False) for tier in TIERS]
    for act in acts:
        before = taken_of(db, event.id)
        try:
            with db.begin_nested():
                _act(db, event, owners, *act)
        except Refusal:
            pass
        assert_counters_are_true(db, event.id)
        assert_within_bounds(before, taken_of(db, event.id))
