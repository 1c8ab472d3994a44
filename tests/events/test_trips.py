"""Rules of a trip: stops along the way, the convoy, the roll call, what is needed before."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events import booking, copying
from events.models import (
    CheckResult,
    CheckSheet,
    Colour,
    ConvoyRole,
    PromiseKind,
    RollTick,
    StopKind,
    Trip,
    TripDrive,
    TripPromise,
    Unit,
)
from events.trips import convoy, drives, planning, readiness, roll_call, stops
from events.trips.gpx import Waypoint
from events.trips.refusals import NotInConvoy, StopInUse, TripRefused
from events.trips.stops import StopLine
from foundation.audit import AuditEntry
from members.models import MemberFacts, OrderKind, OrderLine, Ownership, ServiceOrder
from tests.conftest import Sessions
from tests.events import racing
from tests.events.travelling import gpx, make_car, make_trip, northwards, tick
from tests.making import KEYS, NOW, make_event, make_member, make_shop

START = NOW + timedelta(days=14)


def test_stops_lie_along_the_way_and_a_round_comes_home(db: Session, sessions: Sessions) -> None:
    """A stop's place is worked out from its coordinates, in the order of the stops; red when the
    end of a round is found at its start."""
    trip = make_trip(db, route=False)
    there = northwards()
    planning.set_route(db, trip, 1, gpx([*there, *there[::-1]]), "a.gpx", by=None, now=NOW)
    names = ("出发", "山顶", "回家")
    spots = ((30.0, 120.0), (30.449, 120.0), (30.0, 120.0))
    lines = [
        StopLine(1, StopKind.SIGHT, name, latitude=lat, longitude=lon)
        for name, (lat, lon) in zip(names, spots, strict=True)
    ]
    stops.set_stops(db, trip, lines, by=None, now=NOW)
    db.commit()
    with sessions() as fresh:
        again = fresh.get_one(Trip, trip.id)
        assert [round(one.metres or 0, -4) for one in again.stops] == [0, 50_000, 100_000]
        (plan,) = stops.day_plans(again, again.event)
        assert [round(halt.since or 0, -4) for halt in plan.halts] == [0, 50_000, 50_000]
        assert plan.profile is not None


def test_waypoints_become_stops_once_and_a_used_stop_stays(db: Session) -> None:
    """A stop where cars were ticked off keeps its id when it is renamed, and cannot go."""
    trip = make_trip(db, route=False)
    planning.set_route(db, trip, 2, gpx(northwards()), "b.gpx", by=None, now=NOW)
    found = [Waypoint(30.3, 120.0, "湖"), Waypoint(30.1, 120.0, "茶园")]
    assert stops.from_waypoints(db, trip, 2, found, by=None, now=NOW) == 2
    assert stops.from_waypoints(db, trip, 2, found, by=None, now=NOW) == 0
    db.commit()
    db.refresh(trip, ["stops"])
    assert [one.name_zh for one in trip.stops] == ["茶园", "湖"]
    made, first = make_car(db, trip), trip.stops[0]
    roll_call.take(db, trip, [tick(made, first)], by=None, now=START)
    with pytest.raises(StopInUse):
        stops.set_stops(db, trip, [], by=None, now=NOW)
    kept = StopLine(2, StopKind.REST, "茶园休整", id=first.id)
    stops.set_stops(db, trip, [kept], by=None, now=NOW)
    assert [(one.id, one.name_zh) for one in trip.stops] == [(first.id, "茶园休整")]
    with pytest.raises(TripRefused):
        stops.set_stops(db, trip, [StopLine(3, StopKind.REST, "第三天")], by=None, now=NOW)


def test_the_convoy_keeps_its_order_lead_and_sweep(db: Session) -> None:
    """Who signs up later stands before the sweep car; who gives the place back leaves the line;
    one car leads; the suggestion puts newcomers first."""
    trip = make_trip(db)
    a, b, c = (make_car(db, trip, name) for name in ("甲", "乙", "丙"))
    db.get_one(MemberFacts, b.owner_id).attended = 9
    convoy.give_role(db, trip, c.id, ConvoyRole.LEAD, by=None, now=NOW)
    convoy.give_role(db, trip, a.id, ConvoyRole.LEAD, by=None, now=NOW)
    convoy.give_role(db, trip, b.id, ConvoyRole.SWEEP, by=None, now=NOW)
    d = make_car(db, trip, "丁")

    def line() -> list[tuple[int, str]]:
        return [(one.registration.id, one.role.value) for one in convoy.line_of(db, trip)]

    assert line() == [(a.id, "lead"), (c.id, "car"), (d.id, "car"), (b.id, "sweep")]
    convoy.move(db, trip, d.id, -1, by=None, now=NOW)
    assert [one for one, _role in line()] == [a.id, d.id, c.id, b.id]
    db.get_one(MemberFacts, d.owner_id).attended = 3
    convoy.suggest(db, trip, by=None, now=NOW)
    assert [one for one, _role in line()] == [a.id, c.id, d.id, b.id]
    booking.cancel(db, c, by=None, now=NOW)
    assert [one for one, _role in line()] == [a.id, d.id, b.id]
    stranger = make_car(db, make_trip(db, route=False))
    with pytest.raises(NotInConvoy):
        convoy.move(db, trip, stranger.id, 1, by=None, now=NOW)


def test_the_same_batch_twice_is_one_roll_call(db: Session, sessions: Sessions) -> None:
    """R27: sent again or in another order it is the same; the newest tick by the phone's clock
    counts, not the one that came last. Red without the request id, or ordered by arrival."""
    trip = make_trip(db)
    a, b = make_car(db, trip, "甲"), make_car(db, trip, "乙")
    outsider = make_car(db, make_trip(db, route=False))
    stop = trip.stops[0]
    taken_back = tick(a, stop, here=False, minute=5)
    batch = [tick(a, stop), taken_back, tick(b, stop), tick(outsider, stop)]
    kept = roll_call.take(db, trip, batch, by=None, now=START + timedelta(hours=1))
    assert list(kept.values()) == [True, True, True, False]
    late = [*reversed(batch), tick(a, stop, minute=2)]
    roll_call.take(db, trip, late, by=None, now=START + timedelta(hours=2))
    db.commit()
    with sessions() as fresh:
        call = roll_call.call_of(fresh, trip, stop)
        assert (call.here, [one.registration.id for one in call.missing]) == ({b.id}, [a.id])
        assert fresh.scalar(select(func.count()).select_from(RollTick)) == 4


def send_batch(sessions: Sessions, trip_id: int, ticks: list[roll_call.Tick]) -> int:
    """One phone of several sends its batch."""
    with sessions() as db:
        trip = db.get_one(Trip, trip_id)
        kept = roll_call.take(db, trip, ticks, by=None, now=START)
        db.commit()
        return sum(kept.values())


def test_phones_that_send_at_once_make_no_second_tick(db: Session, sessions: Sessions) -> None:
    """R27: four processes send one batch; red without the insert that does nothing on conflict."""
    trip = make_trip(db)
    batch = [tick(make_car(db, trip, name), trip.stops[0]) for name in ("甲", "乙", "丙")]
    db.commit()
    url = str(sessions.engine.url.render_as_string(hide_password=False))
    assert racing.race(url, [(send_batch, (trip.id, batch))] * 4) == [3, 3, 3, 3]
    with sessions() as fresh:
        assert fresh.scalar(select(func.count()).select_from(RollTick)) == 3


def visit(
    db: Session, vehicle_id: int, owner_id: int, on: date, kind: OrderKind, content: str = ""
) -> None:
    order = ServiceOrder(
        shop_id=make_shop(db).id,
        source="dms",
        external_id=f"{vehicle_id}-{on}-{kind}",
        owner_id=owner_id,
        vehicle_id=vehicle_id,
        serviced_on=on,
        content=content,
        recorded_at=NOW,
    )
    order.lines.append(OrderLine(kind=kind, fen=100))
    db.add(order)
    db.flush()


def test_a_visit_or_a_tick_within_the_days_makes_a_car_ready(db: Session) -> None:
    """Before 14 March: a service on 28 February counts with 16 days, not with 15; a repair does
    not, but an inspection by its words does; so does a tick at the desk until it is taken back."""
    trip = make_trip(db)
    a, b, c = (make_car(db, trip, name) for name in ("甲", "乙", "丙"))
    for one, kind, content in (
        (a, OrderKind.SCHEDULED, ""),
        (b, OrderKind.MINOR_REPAIR, "更换雨刮"),
        (c, OrderKind.MINOR_REPAIR, "冬季安全检测"),
    ):
        assert one.vehicle_id is not None
        visit(db, one.vehicle_id, one.owner_id, date(2026, 2, 28), kind, content)

    def ready(days: int) -> list[bool]:
        wished = planning.Conditions(check_days=days)
        planning.set_conditions(db, trip, wished, by=None, now=NOW)
        found = readiness.standings_of(db, trip, [a, b, c])
        return [found[one.id].ready for one in (a, b, c)]

    assert (ready(15), ready(16)) == ([False] * 3, [True, False, True])
    with pytest.raises(TripRefused):
        readiness.note_check(db, trip, b, on=date(2026, 2, 27), name="方", by=None, now=NOW)
    noted = readiness.note_check(db, trip, b, on=date(2026, 3, 2), name="方", by=None, now=NOW)
    assert ready(16) == [True, True, True]
    readiness.undo_check(db, b, noted, by=None, now=NOW)
    assert ready(16) == [True, False, True]


def test_one_car_of_two_sign_ups_is_ready_for_both(db: Session) -> None:
    """Red when a car is looked up by one of its registrations."""
    trip = make_trip(db, unit=Unit.PERSON)
    planning.set_conditions(db, trip, planning.Conditions(check_days=16), by=None, now=NOW)
    mine = make_car(db, trip)
    assert mine.vehicle is not None
    company = make_member(db, "同车人")
    db.add(Ownership(owner_id=company.id, vehicle_id=mine.vehicle.id))
    db.flush()
    theirs = booking.register(
        db, trip.event, company, vehicle=mine.vehicle, keys=KEYS, by=None, now=NOW
    )
    visit(db, mine.vehicle.id, mine.owner_id, date(2026, 2, 28), OrderKind.SCHEDULED)
    found = readiness.standings_of(db, trip, [mine, theirs])
    assert [found[one.id].ready for one in (mine, theirs)] == [True, True]


def test_what_a_member_confirms_is_kept_with_its_words(db: Session, sessions: Sessions) -> None:
    """R64 in spirit: a tick is a row with date and wording; taken back, the row stays."""
    trip = make_trip(db)
    wished = planning.Conditions(asks_licence=True, asks_insurance=True)
    planning.set_conditions(db, trip, wished, by=None, now=NOW)
    made = make_car(db, trip)
    for _twice in range(2):
        readiness.promise(db, made, PromiseKind.LICENCE, "我有驾驶证", by=None, now=NOW)
    assert readiness.standings_of(db, trip, [made])[made.id].lacks == [readiness.INSURANCE]
    readiness.take_back(db, made, PromiseKind.LICENCE, by=None, now=START)
    db.commit()
    with sessions() as fresh:
        (row,) = fresh.scalars(select(TripPromise))
        assert (row.wording, row.given_at, row.taken_back_at) == ("我有驾驶证", NOW, START)
        lacks = readiness.standings_of(fresh, trip, [made])[made.id].lacks
        assert lacks == [readiness.LICENCE, readiness.INSURANCE]
        acts = fresh.scalars(
            select(AuditEntry.act).where(AuditEntry.act.startswith("trip-promise"))
        )
        assert sorted(acts) == ["trip-promise.give", "trip-promise.take-back"]


def test_who_came_has_the_way_in_the_record_once(db: Session, sessions: Sessions) -> None:
    """A tick on the road is coming; who was missing drove nothing; run twice it is one row, and
    a corrected route corrects it. Nothing before the trip is over."""
    trip = make_trip(db)
    a, _b = make_car(db, trip, "甲"), make_car(db, trip, "乙")
    roll_call.take(db, trip, [tick(a, trip.stops[0])], by=None, now=START)
    over = START + timedelta(days=2)
    assert drives.record(db, trip, by=None, now=START) == 0
    assert [drives.record_due(db, now=over) for _twice in range(2)] == [1, 0]
    planning.set_route(db, trip, 2, gpx(northwards(30.0)), "b.gpx", by=None, now=over)
    drives.record_due(db, now=over)
    db.commit()
    with sessions() as fresh:
        (row,) = fresh.scalars(select(TripDrive))
        assert (row.owner_id, row.vehicle_id) == (a.owner_id, a.vehicle_id)
        assert (round(row.metres, -3), str(row.driven_on)) == (80_000, "2026-03-16")
        assert drives.driven_by(fresh, a.owner_id).trips == 1


def test_a_signed_sheet_without_red_is_a_check(db: Session) -> None:
    """A seasonal check within the days counts once it is signed, unless something is red."""
    trip = make_trip(db)
    wished = planning.Conditions(check_days=16)
    planning.set_conditions(db, trip, wished, by=None, now=NOW)
    made = [make_car(db, trip, name) for name in ("甲", "乙", "丙")]
    for one, signed, colour in zip(
        made, (NOW, NOW, None), (Colour.AMBER, Colour.RED, Colour.GREEN), strict=True
    ):
        sheet = CheckSheet(
            registration_id=one.id,
            event_id=trip.event_id,
            owner_id=one.owner_id,
            vehicle_id=one.vehicle_id,
            started_at=NOW,
            finished_at=signed,
        )
        sheet.results.append(CheckResult(position=1, name_zh="胎压", colour=colour))
        db.add(sheet)
    db.flush()
    found = readiness.standings_of(db, trip, made)
    assert [found[one.id].ready for one in made] == [True, False, False]


def test_a_copied_event_takes_its_trip_along(db: Session, sessions: Sessions) -> None:
    """Routes, stops and conditions come again a year later; no car and no tick does."""
    trip = make_trip(db)
    wished = planning.Conditions(channel="439.5", contacts=[planning.Contact("沈", "120")])
    planning.set_conditions(db, trip, wished, by=None, now=NOW)
    make_car(db, trip)
    later = trip.event.starts_at + timedelta(days=364)
    made = copying.copy(db, trip.event, starts_at=later, by=None, now=NOW)
    db.commit()
    with sessions() as fresh:
        again = planning.trip_of(fresh, made.id)
        assert again is not None
        assert [one.metres for one in again.days] == [one.metres for one in trip.days]
        assert [one.name_zh for one in again.stops] == ["出发", "午餐"]
        assert (again.stops[0].arrives_at, again.contacts[0].phone) == (later, "120")
        assert convoy.line_of(fresh, again) == []


def test_a_cancelled_event_takes_no_route(db: Session) -> None:
    """The plan of a cancelled event stays as it was."""
    event = make_event(db)
    trip = planning.begin(db, event, by=None, now=NOW)
    assert planning.begin(db, event, by=None, now=NOW) is trip
    for day in (0, 2):
        with pytest.raises(TripRefused):
            planning.set_route(db, trip, day, gpx(northwards()), "", by=None, now=NOW)
