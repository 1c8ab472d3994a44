"""Places kept for the higher tiers: not to be had by others, and everybody's after the moment."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from events import booking, copying, places, planning, reserving
from events.jobs import let_kept_places_go
from events.models import Event, QuotaKind, Registration, RegistrationState
from events.refusals import PlanRefused
from events.standstill import why_nobody_was_offered
from tests.conftest import Sessions
from tests.events.counting import assert_counters_are_true
from tests.events.racing import race, register_all
from tests.making import KEYS, NOW, make_event, make_member

UNTIL = NOW + timedelta(days=3)
CONFIRMED, WAITING = RegistrationState.CONFIRMED, RegistrationState.WAITING


def keeping(db: Session, *, places: int, **reserved: int) -> Event:
    """An event that keeps places for tiers until UNTIL."""
    event = make_event(db, places=places, reserved=reserved, reserved_until=UNTIL)
    reserving.keep_places(db, event, by=None, now=NOW)
    return event


def sign_up(db: Session, event: Event, tier: str, now: datetime = NOW) -> Registration:
    owner = make_member(db, tier=tier, login=False)
    return booking.register(db, event, owner, keys=KEYS, by=None, now=now)


def test_each_tier_has_what_is_left_beneath_it(db: Session) -> None:
    """R16: five places, one kept for diamond and two more for gold and above; red when the places
    beneath a tier are not counted together."""
    event = keeping(db, places=5, gold=2, diamond=1)
    tiers = ["general", "silver", "general", "gold", "gold", "gold", "diamond"]
    states = [sign_up(db, event, tier).state for tier in tiers]
    assert states == [CONFIRMED, CONFIRMED, WAITING, CONFIRMED, CONFIRMED, WAITING, CONFIRMED]
    db.expire_all()
    left = [places.overall(event.quotas, tier).left for tier in (None, "diamond", "general")]
    assert left == [0, 0, 0]
    assert_counters_are_true(db, event.id)


def test_kept_places_come_free_after_the_moment_first_for_who_waits(db: Session) -> None:
    """R20, R23, R24: the moment itself still counts; red when it is no longer
    counted, by `<=` in over_query and `>=` in is_over."""
    event = keeping(db, places=2, diamond=1)
    sign_up(db, event, "general")
    first = sign_up(db, event, "general")
    db.commit()
    assert "until" in why_nobody_was_offered(db, event, now=NOW)[1]
    let_kept_places_go(db, UNTIL)
    assert first.state == WAITING
    let_kept_places_go(db, UNTIL + timedelta(seconds=1))
    db.expire_all()
    assert first.state == RegistrationState.OFFERED
    assert sign_up(db, event, "general", UNTIL + timedelta(hours=1)).state == WAITING
    assert_counters_are_true(db, event.id)


def test_a_copy_keeps_places_again(db: Session) -> None:
    """Also when those of the event were let go; red when a copy only takes over its quotas."""
    event = keeping(db, places=4, gold=3)
    db.commit()
    let_kept_places_go(db, UNTIL + timedelta(seconds=1))
    made = copying.copy(
        db, event, starts_at=event.starts_at + timedelta(days=364), by=None, now=UNTIL
    )
    below = [row.capacity for row in made.quotas if row.kind == QuotaKind.BELOW]
    assert (below, made.reserved_until) == ([1], UNTIL + timedelta(days=364))


def test_more_cannot_be_kept_than_there_is(db: Session) -> None:
    event = make_event(db, places=2)
    plan = planning.Plan.of(event)
    for reserved, number in (({"gold": 3}, 2), ({"gold": 1}, None)):
        asked = planning.Plan(**{**plan.values(), "reserved": reserved, "reserved_until": UNTIL})
        with pytest.raises(PlanRefused):
            reserving.check(asked, number)


def test_eight_processes_of_two_tiers_rush_for_four_places(
    db: Session, sessions: Sessions, database_url: str
) -> None:
    """R16: two of general get in and both of diamond do; red without the quota beneath diamond."""
    event = keeping(db, places=4, diamond=2)
    low = [make_member(db, login=False).id for _ in range(6)]
    high = [make_member(db, tier="diamond", login=False).id for _ in range(2)]
    db.commit()
    acts = [(register_all, (event.id, [owner])) for owner in [*low, *high]]
    said = [state for answer in race(database_url, acts) for state in answer]
    with sessions() as fresh:
        assert_counters_are_true(fresh, event.id)
    found = (Counter(said[:6]), said[6:])
    assert found == ({"confirmed": 2, "waiting": 4}, ["confirmed"] * 2)
