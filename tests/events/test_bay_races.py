"""Eight processes book and move cars at once: no cell of a bay is ever taken twice (R25)."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events import booking, changing
from events.checks import moving, points, sheets
from events.checks.refusals import Taken
from events.models import BayJob, BusyCell, CheckSheet, Event, Registration, Resource
from members.models import Owner, Vehicle
from tests import making
from tests.conftest import Sessions
from tests.events.racing import once_free, race
from tests.events.workshop import MORNING, book, make_bays, make_check, overlaps
from tests.making import KEYS, NOW

RACERS = 8


def book_all(sessions: Sessions, event_id: int, wishes: list[tuple[int, int]]) -> list[str]:
    """Book a car of each (owner, car) in the first slot."""
    return [once_free(sessions, _book, event_id, *wish) for wish in wishes]


def _book(db: Session, event_id: int, owner_id: int, vehicle_id: int) -> str:
    event = db.get_one(Event, event_id)
    owner = db.get_one(Owner, owner_id)
    car = next(one.vehicle for one in owner_cars(db, owner.id) if one.vehicle_id == vehicle_id)
    wish = {"vehicle": car, "session": event.sessions[0]}
    return booking.register(db, event, owner, keys=KEYS, by=None, now=NOW, **wish).state


def owner_cars(db: Session, owner_id: int) -> list[making.Ownership]:
    query = select(making.Ownership).where(making.Ownership.owner_id == owner_id)
    return list(db.scalars(query))


def move(sessions: Sessions, registration_id: int, bay_id: int) -> str:
    """Everybody wants the same bay at the same time."""
    return once_free(sessions, _move, registration_id, bay_id)


def _move(db: Session, registration_id: int, bay_id: int) -> str:
    at = MORNING + timedelta(minutes=120)
    registration = db.get_one(Registration, registration_id)
    try:
        moving.move(db, registration, bay_id=bay_id, starts_at=at, by=None, now=NOW)
    except Taken:
        db.rollback()
        return "taken"
    return "moved"


def begin_all(sessions: Sessions, registration_ids: list[int]) -> list[str]:
    """A tablet begins the sheet of each car."""
    return [once_free(sessions, _begin, one) for one in registration_ids]


def _begin(db: Session, registration_id: int) -> str:
    sheets.begin(db, db.get_one(Registration, registration_id), by=None, now=NOW)
    return "begun"


def change_all(sessions: Sessions, wishes: list[tuple[int, int]]) -> list[str]:
    """Each of (registration, car): the member comes with that car instead."""
    return [once_free(sessions, _change, *wish) for wish in wishes]


def _change(db: Session, registration_id: int, vehicle_id: int) -> str:
    registration = db.get_one(Registration, registration_id)
    car = db.get_one(Vehicle, vehicle_id)
    changing.change(db, registration, vehicle=car, by=None, now=NOW)
    return "changed"


def test_a_sheet_is_of_the_car_that_comes(sessions: Sessions, database_url: str) -> None:
    """Begun at a tablet while the member changes the car: one of the two is first, and the sheet is
    of the car of the registration. Red on PostgreSQL when `change_car` does not hold it."""
    with sessions() as db:
        event, wishes = make_check(db, make_bays(db, 3), slots=4), []
        for number in range(12):
            made = book(db, event, slot=number % 4)
            wishes.append((made.id, making.make_vehicle(db, made.owner).id))
        points.ready(db, event, by=None, now=NOW)
        db.commit()
    ids = [registration_id for registration_id, _vehicle_id in wishes]
    said = race(database_url, [(begin_all, (ids,)), (change_all, (wishes,))])
    assert said == [["begun"] * 12, ["changed"] * 12]
    with sessions() as db:
        rows = select(CheckSheet.vehicle_id, Registration.vehicle_id)
        found = db.execute(rows.join(CheckSheet.registration).order_by(Registration.id)).all()
        assert found == [(car, car) for _registration_id, car in wishes]


def test_a_tablet_that_knew_the_former_car_begins_the_sheet_of_the_new_one(
    sessions: Sessions,
) -> None:
    """Red when `begin` takes the car as it was read before it waited."""
    with sessions() as db:
        made = book(db, make_check(db, make_bays(db, 1)))
        other = making.make_vehicle(db, made.owner).id
        db.commit()
    with sessions() as tablet:
        read = tablet.get_one(Registration, made.id)
        assert read.vehicle_id != other
        tablet.commit()
        with sessions() as phone:
            _change(phone, made.id, other)
            phone.commit()
        assert sheets.begin(tablet, read, by=None, now=NOW).vehicle_id == other


def test_two_events_that_share_bays_never_share_a_cell(
    sessions: Sessions, database_url: str
) -> None:
    """R25: 32 cars of 8 events for 12 places in time; each event has counters of its own, so only
    the bays stand between them. Red on PostgreSQL without the unique key of busy_cell."""
    with sessions() as db:
        used = make_bays(db, 4)
        events = [make_check(db, used, slots=1, job=15, buffer=5) for _ in range(RACERS)]
        cars = []
        for _ in range(RACERS * 4):
            owner = making.make_member(db, login=False)
            cars.append((owner.id, making.make_vehicle(db, owner).id))
        ids = [event.id for event in events]
        db.commit()
    acts = [(book_all, (ids[n], cars[n * 4 : n * 4 + 4])) for n in range(RACERS)]
    said = [state for states in race(database_url, acts) for state in states]
    with sessions() as db:
        cells = select(func.count()).where(BusyCell.kind == Resource.BAY)
        assert said == ["confirmed"] * 32
        assert overlaps(db) == []
        assert db.scalar(select(func.count(BayJob.id))) == 12
        assert db.scalar(cells.select_from(BusyCell)) == 12 * 4


def test_of_eight_who_want_one_bay_at_one_time_one_gets_it(
    sessions: Sessions, database_url: str
) -> None:
    """R25: red on PostgreSQL without the unique key of busy_cell."""
    with sessions() as db:
        used = make_bays(db, RACERS)
        events = [make_check(db, used, slots=3) for _ in range(RACERS)]
        booked = [book(db, event).id for event in events]
        goal = used[0].id
        db.commit()
    acts = [(move, (one, goal)) for one in booked]
    said = race(database_url, acts)
    with sessions() as db:
        assert sorted(said) == ["moved"] + ["taken"] * 7
        assert overlaps(db) == []
