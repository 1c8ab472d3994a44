"""A trip's pages: uploaded and planned at the desk, driven, and read by those who come."""

import json
import uuid
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from events.models import Event, RollTick, Trip, TripContact, TripPromise, TripStop, Unit
from events.trips import convoy, planning
from foundation.audit import AuditEntry
from foundation.roles import Role
from members.models import Account
from members.phones import display
from tests.browsing import fresh, send
from tests.entering import at_desk, visitor_of
from tests.events import at_the_desk
from tests.events.at_the_desk import act, open_form, stored
from tests.events.travelling import gpx, make_car, make_trip, northwards, rows_of
from tests.making import make_event

WAYPOINT = '<wpt lat="30.2" lon="120"><name>湖边</name></wpt>'


def drive(session: Session) -> Event:
    """An event of two days that is no trip yet."""
    starts = at_the_desk.now() + timedelta(days=10)
    return make_event(session, unit=Unit.CAR, starts_at=starts, ends_at=starts + timedelta(days=1))


def coming_trip(session: Session) -> Event:
    """A trip with a route, two stops and two cars, whose start lies ahead."""
    starts = at_the_desk.now() + timedelta(days=10)
    trip = make_trip(session, starts_at=starts, ends_at=starts + timedelta(days=1))
    asked = planning.Conditions(
        channel="439.500 MHz",
        tow_name="安达救援",
        tow_phone="400 810 0000",
        contacts=[planning.Contact("沈知予", "+8613800138000", "领队")],
        check_days=20,
        asks_licence=True,
    )
    planning.set_conditions(session, trip, asked, by=None, now=at_the_desk.now())
    make_car(session, trip, "欧阳雪梅", plate="京A12345")
    make_car(session, trip, "林晓", plate="京A54321")
    return trip.event


def upload(client: FlaskClient, event_id: int, content: bytes, **fields: str) -> TestResponse:
    url = f"/desk/events/{event_id}/trip"
    file = (BytesIO(content), "day.gpx")
    return send(client, f"{url}/days/1/route", page=url, file=file, **fields)


def test_a_route_is_uploaded_and_drawn_for_all(app: Flask) -> None:
    """From the file to the event's page: the drawing has a name, the stops are a list, and a file
    that is none comes back with a sentence and keeps nothing."""
    event_id, client = stored(app, drive), at_desk(app)
    refused = upload(client, event_id, b"<!DOCTYPE gpx><gpx/>")
    assert (refused.status_code, "DOCTYPE" in refused.text) == (422, True)
    assert rows_of(app, select(Trip)) == []
    taken = upload(client, event_id, gpx(northwards(), inside=WAYPOINT), waypoints="1")
    assert taken.status_code == 303
    read = app.test_client().get(f"/events/{event_id}").text
    for words in ('aria-label="第 1 天路线图"', "50.0 公里", "湖边", "海拔剖面：0 至 500 米"):
        assert words in read
    assert client.get(f"/desk/events/{event_id}/trip").status_code == 200


def test_stops_are_typed_in_rows(app: Flask) -> None:
    """Ordered by their times, found on the route by kilometre; what is no place is said beside
    its field and nothing is lost."""
    event_id, client = stored(app, drive), at_desk(app)
    upload(client, event_id, gpx(northwards()))
    url = f"/desk/events/{event_id}/trip/stops"
    rows = [("午餐", "12:00", "25 km"), ("看湖", "", "湖边"), ("集合", "08:00", "30, 120")]
    typed: dict[str, Any] = dict(open_form(client, url))
    for place, (name, at, spot) in enumerate(rows):
        typed |= {f"stops-{place}-{key}": "" for key in ("id", "name_en", "note_zh", "note_en")}
        typed |= {
            f"stops-{place}-name_zh": name,
            f"stops-{place}-at": at,
            f"stops-{place}-place": spot,
            f"stops-{place}-day": "1",
            f"stops-{place}-stay": "",
            f"stops-{place}-kind": "rest",
        }
    wrong = client.post(url, data=typed)
    assert (wrong.status_code, 'value="湖边"' in wrong.text) == (422, True)
    typed["stops-1-place"] = "40 公里"
    assert client.post(url, data=typed).status_code == 303
    kept = rows_of(app, select(TripStop).order_by(TripStop.position))
    assert [one.name_zh for one in kept] == ["集合", "午餐", "看湖"]
    assert [round((one.metres or 0) / 1000) for one in kept] == [0, 25, 40]


def test_conditions_want_a_number_in_each_line(app: Flask) -> None:
    event_id, client = stored(app, drive), at_desk(app)
    url = f"/desk/events/{event_id}/trip"
    wrong = send(client, f"{url}/conditions", page=url, contacts="沈知予 领队", channel="439.5")
    assert (wrong.status_code, "沈知予 领队" in wrong.text) == (422, True)
    lines = "沈知予 138 领队\n120"
    assert send(client, f"{url}/conditions", page=url, contacts=lines).status_code == 303
    kept = rows_of(app, select(TripContact).order_by(TripContact.position))
    found = [(one.name, one.phone, one.part) for one in kept]
    assert found == [("沈知予", "138", "领队"), ("", "120", "")]


def cars_of(app: Flask) -> list[tuple[int, int]]:
    """(registration, account) of each car of the trip, in the order of the convoy."""
    with fresh(app) as session:
        (trip,) = session.scalars(select(Trip))
        line = [one.registration for one in convoy.line_of(session, trip)]
        accounts = {one.owner_id: one.id for one in session.scalars(select(Account))}
        return [(one.id, accounts[one.owner_id]) for one in line]


def test_the_order_is_changed_by_buttons_and_the_leader_alone_has_numbers(app: Flask) -> None:
    """Phones stand on the leader's sheet, whose reading is noted, and on no other."""
    event_id, client = stored(app, coming_trip), at_desk(app)
    base = f"/desk/events/{event_id}/trip"
    first, second = (registration for registration, _account in cars_of(app))
    act(client, f"{base}/convoy/{second}/move", do="up")
    act(client, f"{base}/convoy/{second}/move", do="lead")
    assert [one for one, _account in cars_of(app)] == [second, first]
    assert act(client, f"{base}/convoy/999/move", do="up").status_code == 422
    sheet, leaders = (
        client.get(f"{base}/convoy-sheet").text,
        client.get(f"{base}/leader-sheet").text,
    )
    number = display(str(rows_of(app, select(Account.phone).where(Account.owner_id > 0))[0]))
    assert ("京A12345" in sheet, number in sheet, number in leaders) == (True, False, True)
    assert "convoy.read" in rows_of(app, select(AuditEntry.act))
    assert at_desk(app, Role.MARKETING).get(f"{base}/leader-sheet").status_code == 403


def test_a_check_at_the_desk_and_a_tick_of_the_member_make_the_car_ready(app: Flask) -> None:
    """The member reads what is still needed; with both there is nothing, and the convoy says so."""
    event_id = stored(app, coming_trip)
    registration, account = cars_of(app)[0]
    member, url = visitor_of(app, account), f"/me/registrations/{registration}/trip"
    assert "还需：车辆检测、驾驶证确认" in member.get(url).text
    base = f"/desk/events/{event_id}/trip/convoy"
    assert act(at_desk(app), f"{base}/{registration}/check", name="方启明").status_code == 303
    assert send(member, f"{url}/promises", page=url, kind="licence", given="1").status_code == 303
    read = member.get(url).text
    assert "您已准备就绪" in read
    (row,) = rows_of(app, select(TripPromise))
    assert row.wording in read
    assert "2 辆中 1 辆" in at_desk(app).get(base).text


def test_those_who_come_see_channel_and_calls_and_nobody_else(app: Flask) -> None:
    """R60: the convoy, the channel and the numbers stand on no page that others can open."""
    event_id = stored(app, coming_trip)
    registration, account = cars_of(app)[0]
    mine = visitor_of(app, account).get(f"/me/registrations/{registration}/trip").text
    public = app.test_client().get(f"/events/{event_id}").text
    for secret in ("439.500 MHz", "tel:4008100000", "tel:+8613800138000", "54321"):
        assert (secret in mine, secret in public) == (True, False)
    for link in ("coordinate=wgs84", "coord_type=wgs84", "coord_type=1", "geo:30.000000,120.0"):
        assert link in mine
    stranger = visitor_of(app, cars_of(app)[1][1])
    assert stranger.get(f"/me/registrations/{registration}/trip").status_code == 404
    place = f"/me/registrations/{registration}"
    member = visitor_of(app, account)
    assert send(member, f"{place}/cancel", page=place).status_code == 303
    assert member.get(f"{place}/trip").status_code == 404


def test_the_leader_ticks_cars_off_by_form_and_by_batch(app: Flask) -> None:
    """R27: a batch that a phone sends twice is kept once; one of another stop is refused."""
    event_id, leader = stored(app, coming_trip), at_desk(app, Role.CARE_SPECIALIST)
    first, second = (registration for registration, _account in cars_of(app))
    url = f"/desk/events/{event_id}/trip/roll-call"
    stop = rows_of(app, select(TripStop).order_by(TripStop.position))[0]
    act(leader, f"{url}/{stop.id}", registration_id=str(first), here="1")
    page = leader.get(f"{url}?stop={stop.id}").text
    assert ("data-roll-here>1<" in page, "京A54321" in page) == (True, True)
    moment = at_the_desk.now().isoformat()
    mark = {"request_id": str(uuid.uuid4()), "here": True, "happened_at": moment}
    mark |= {"stop_id": stop.id, "registration_id": second}
    token = leader.get(f"{url}/state.json").get_json()["token"]
    for marks in ([mark], [mark, mark | {"request_id": str(uuid.uuid4()), "stop_id": 999}]):
        body = json.dumps({"sent_at": moment, "marks": marks})
        headers = {"Content-Type": "application/json", "X-CSRFToken": token}
        answer = leader.post(f"{url}/marks", data=body, headers=headers)
        outcomes = [one["outcome"] for one in answer.get_json()["results"]]
        assert outcomes == ["kept", "refused"][: len(marks)]
    here = leader.get(f"{url}/state.json").get_json()["here"]
    assert here[str(stop.id)] == sorted([first, second])
    assert len(rows_of(app, select(RollTick))) == 2
    assert leader.get(f"{url}?stop=999").status_code == 404


def test_a_phone_takes_the_roll_call_along(app: Flask) -> None:
    """R67: who took it is noted; the cars in their order and whom to call, and no member's number.
    Red when the version stays as the line of cars changes."""
    event_id, leader = stored(app, coming_trip), at_desk(app, Role.CARE_SPECIALIST)
    url = f"/desk/events/{event_id}/trip/roll-call"
    state = leader.get(f"{url}/state.json").get_json()
    headers = {"X-CSRFToken": state["token"]}
    answer = leader.post(f"{url}/list.json", headers=headers)
    taken = answer.get_json()
    assert [(one["number"], one["plate"], one["name"]) for one in taken["cars"]] == [
        (1, "京A12345", "欧阳雪梅"),
        (2, "京A54321", "林晓"),
    ]
    assert [one["number"] for one in taken["calls"]] == ["4008100000", "+8613800138000"]
    phones = rows_of(app, select(Account.phone).where(Account.owner_id > 0))
    assert not [number for number in phones if str(number)[-8:] in answer.text]
    assert answer.headers["Cache-Control"] == "no-store"
    assert rows_of(app, select(AuditEntry.act).where(AuditEntry.act == "trip.offline-list"))
    assert state["version"] == taken["version"]
    act(at_desk(app), f"/desk/events/{event_id}/trip/convoy/{taken['cars'][1]['id']}/move", do="up")
    assert leader.get(f"{url}/state.json").get_json()["version"] != taken["version"]


def test_the_door_says_what_a_car_still_needs(app: Flask) -> None:
    """At the desk and in the list for offline, which is a newer one as soon as less is needed."""
    event_id = stored(app, coming_trip)
    registration, account = cars_of(app)[0]
    door, client = f"/desk/events/{event_id}/check-in", at_desk(app)
    found = client.get(f"{door}?q=欧阳").text
    assert "还需：车辆检测、驾驶证确认" in found
    state = client.get(f"{door}/state.json").get_json()
    taken = client.post(f"{door}/list.json", headers={"X-CSRFToken": state["token"]}).get_json()
    needs = {row["id"]: row["needs"] for row in taken["rows"]}
    assert needs[registration] == ["车辆检测", "驾驶证确认"]
    member, url = visitor_of(app, account), f"/me/registrations/{registration}/trip"
    send(member, f"{url}/promises", page=url, kind="licence", given="1")
    assert client.get(f"{door}/state.json").get_json()["version"] != state["version"]
    assert "还需：车辆检测<" in client.get(f"{door}?q=欧阳").text
