"""Real processes rush for places, on both databases (R16, R19, R20, R21)."""

from collections import Counter

from sqlalchemy.orm import Session

from events import booking
from events.figures import event_figures
from events.models import Event, Registration
from tests.conftest import Sessions
from tests.events.counting import assert_counters_are_true
from tests.events.racing import accept, cancel_all, expire, race, register_all
from tests.making import KEYS, NOW, make_event, make_member


def test_eight_processes_rush_for_ten_places(
    db: Session, sessions: Sessions, database_url: str
) -> None:
    """R16: exactly ten have a place, the others wait in order of arrival, nobody is turned away;
    red without the condition on `taken` in the quota's update."""
    event = make_event(db, places=10, gifts=4)
    owners = [make_member(db, login=False).id for _ in range(40)]
    db.commit()
    acts = [(register_all, (event.id, owners[turn::8])) for turn in range(8)]
    states = Counter(state for answer in race(database_url, acts) for state in answer)
    assert states == {"confirmed": 10, "waiting": 30}
    with sessions() as fresh:
        found = event_figures(fresh, fresh.get_one(Event, event.id))
        assert_counters_are_true(fresh, event.id)
    assert (found["taken"], len(found["confirmed"])) == (10, 10)
    assert found["waiting"] == sorted(found["waiting"])


def test_the_same_member_in_four_processes_has_one_registration(
    db: Session, sessions: Sessions, database_url: str
) -> None:
    """R19: a double click, fourfold; red without the unique key's `on conflict do nothing`."""
    event, owner = make_event(db, places=5), make_member(db, login=False)
    db.commit()
    race(database_url, [(register_all, (event.id, [owner.id]))] * 4)
    with sessions() as fresh:
        found = event_figures(fresh, fresh.get_one(Event, event.id))
    assert (found["taken"], len(found["confirmed"]), found["waiting"]) == (1, 1, [])


def test_outsiders_cannot_take_what_comes_free_while_others_wait(
    db: Session, sessions: Sessions, database_url: str
) -> None:
    """R20: four cancel while four outsiders try, in eight processes; red when cancelling does not
    serve the queue."""
    event = make_event(db, places=4)
    members = [make_member(db, login=False) for _ in range(12)]
    made = [
        booking.register(db, event, member, keys=KEYS, by=None, now=NOW).id
        for member in members[:8]
    ]
    db.commit()
    outsiders = [member.id for member in members[8:]]
    acts = [(cancel_all, ([one],)) for one in made[:4]]
    acts += [(register_all, (event.id, [one])) for one in outsiders]
    race(database_url, acts)
    with sessions() as fresh:
        found = event_figures(fresh, fresh.get_one(Event, event.id))
        states = [fresh.get_one(Registration, one).state for one in made[4:]]
        assert_counters_are_true(fresh, event.id)
    assert states == ["offered"] * 4
    assert (found["taken"], found["confirmed"], len(found["waiting"])) == (4, [], 4)


def test_accepting_and_expiring_race_and_one_wins(
    db: Session, sessions: Sessions, database_url: str
) -> None:
    """R21: four accept while four end it, in eight processes; red when the offer's end does not
    ask for the state `offered` any more."""
    event = make_event(db, places=1)
    first, second, third = (
        booking.register(db, event, make_member(db), keys=KEYS, by=None, now=NOW) for _ in range(3)
    )
    booking.cancel(db, first, by=None, now=NOW)
    db.commit()
    said = race(database_url, [(accept, (second.id,)), (expire, (second.id,))] * 4)
    with sessions() as fresh:
        found = event_figures(fresh, fresh.get_one(Event, event.id))
        won = fresh.get_one(Registration, second.id).state
        assert_counters_are_true(fresh, event.id)
    assert won in ("confirmed", "expired")
    assert set(said) == {won, "OfferEnded"}
    assert found["taken"] == 1
    assert (found["waiting"] == [third.id]) == (won == "confirmed")
