"""Beside the door: formation, badges, tickets seen twice, the second screen, walk-ins."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import badges, booking, check_in, door_counts, door_doubts, formation
from events.models import CheckIn, Companion, Event, Registration, Unit
from events.refusals import DoorRefusal
from tests.browsing import fresh
from tests.entering import at_desk
from tests.events.at_the_desk import act, make_running, sign_up, stored
from tests.events.test_door_pages import arrivals, code_of
from tests.making import KEYS, NOW, make_event, make_member, make_session, make_vehicle

DOORS = NOW + timedelta(days=14)


def sign_up_car(db: Session, event: Event, plate: str, minute: int = 0) -> Registration:
    owner = make_member(db)
    car = make_vehicle(db, owner, plate=plate)
    now = NOW + timedelta(minutes=minute)
    return booking.register(db, event, owner, vehicle=car, keys=KEYS, by=None, now=now)


def arrive(db: Session, event: Event, one: Registration, request: str) -> CheckIn:
    return check_in.check_in(db, event, one.ticket, request_id=request, by=None, now=DOORS)


def test_a_place_in_the_formation_is_kept(db: Session) -> None:
    """First come first; who cancels leaves a gap, who comes later stands behind; red when the
    numbers are counted through again."""
    event = make_event(db, unit=Unit.CAR)
    plates = ("京C00001", "京B00001", "京A00001")
    first, second, third = (sign_up_car(db, event, one, at) for at, one in enumerate(plates))
    assert formation.give_numbers(db, event, by=None, now=NOW) == 3
    booking.cancel(db, third, by=None, now=NOW)
    late = sign_up_car(db, event, "京A00002", 9)
    assert formation.without_place(db, event.id) == 1
    assert formation.give_numbers(db, event, by=None, now=NOW) == 1
    assert formation.give_numbers(db, event, by=None, now=NOW) == 0
    numbers = [(one.id, one.formation_number) for one in formation.sheet(db, event.id)]
    assert numbers == [(first.id, 1), (second.id, 2), (late.id, 4)]
    by_plate = formation.sheet(db, event.id, by_plate=True)
    assert [one.id for one in by_plate] == [late.id, second.id, first.id]


def test_each_person_has_a_badge_and_the_sheet_is_filled_up(db: Session) -> None:
    event = make_event(db)
    made = booking.register(
        db, event, make_member(db, "林晓"), party_size=3, keys=KEYS, by=None, now=NOW
    )
    made.companions.append(Companion(name="林小满"))
    (sheet,) = badges.sheets([made])
    assert [(one.name, one.guest_of) for one in sheet[:3]] == [
        ("林晓", ""),
        ("林小满", ""),
        ("", "林晓"),
    ]
    assert sheet[3:] == [badges.Badge()] * 7


def test_a_ticket_seen_twice_is_settled_once(db: Session) -> None:
    """R27: struck out it counts no more, kept it has a word; red when a settled one stays open."""
    event = make_event(db)
    one = booking.register(db, event, make_member(db), keys=KEYS, by=None, now=NOW)
    first, again, third = (arrive(db, event, one, request) for request in "abc")
    assert [each.id for each in db.scalars(door_doubts.open_query(event.id))] == [
        again.id,
        third.id,
    ]
    with pytest.raises(DoorRefusal, match="found out"):
        door_doubts.keep(db, again, "  ", by=None, now=DOORS)
    door_doubts.keep(db, again, "儿子持票", by=None, now=DOORS)
    door_doubts.strike_out(db, third, by=None, now=DOORS)
    assert (again.undone_at, again.settled_note, third.undone_at) == (None, "儿子持票", DOORS)
    assert door_doubts.open_count(db, event.id) == 0
    for settled in (first, again, third):
        with pytest.raises(DoorRefusal, match="settled already"):
            door_doubts.keep(db, settled, "x", by=None, now=DOORS)


def test_slots_count_who_is_expected_and_who_is_here(db: Session) -> None:
    event = make_event(db, places=None)
    slots = [make_session(db, event, hours=hours) for hours in (0, 2)]
    made = [
        booking.register(db, event, make_member(db), session=slot, keys=KEYS, by=None, now=NOW)
        for slot in (slots[0], slots[0], slots[1])
    ]
    for request in "ab":
        arrive(db, event, made[0], request)
    found = {
        one: (each.expected, each.here) for one, each in door_counts.slots_of(db, event.id).items()
    }
    assert found == {slots[0].id: (2, 1), slots[1].id: (1, 0)}


def test_the_desk_settles_and_the_screen_counts(app: Flask) -> None:
    """R60: an arrival of another event is not there; the screen holds no name."""
    event_id = stored(app, make_running)
    other = stored(app, make_running)
    made, client = sign_up(app, event_id, "欧阳雪梅"), at_desk(app)
    door = f"/desk/events/{event_id}/check-in"
    for each in (client, at_desk(app)):
        act(each, door, code=code_of(made))
    screen = client.get(f"{door}/screen").get_data(as_text=True)
    assert "<strong>1</strong>" in screen
    assert "欧阳" not in screen
    assert "欧阳雪梅" in client.get(f"{door}/doubts").get_data(as_text=True)
    again = arrivals(app)[1].id
    elsewhere = f"/desk/events/{other}/check-in/{again}/strike-out"
    assert act(client, elsewhere).status_code == 404
    assert act(client, f"{door}/{again}/keep", note="").status_code == 422
    assert act(client, f"{door}/{again}/strike-out").status_code == 303
    assert [one.undone_at is None for one in arrivals(app)] == [True, False]


def test_the_papers_are_there(app: Flask) -> None:
    event_id = stored(app, lambda session: make_running(session, unit=Unit.PERSON))
    sign_up(app, event_id, "欧阳雪梅", party=2)
    client = at_desk(app)
    badges_page = client.get(f"/desk/events/{event_id}/badges").get_data(as_text=True)
    assert badges_page.count('class="name-badge"') == 10
    assert "欧阳雪梅" in badges_page
    with fresh(app) as session:
        one = session.scalars(select(Registration)).one()
        one.vehicle_id = make_vehicle(session, one.owner, plate="京A88888").id
        session.commit()
    sheet = f"/desk/events/{event_id}/formation"
    assert "京A88888" not in client.get(sheet).get_data(as_text=True)
    assert act(client, sheet).status_code == 303
    assert "京A88888" in client.get(f"{sheet}?by=plate").get_data(as_text=True)


def test_who_signs_up_at_the_door_is_back_at_the_door(app: Flask) -> None:
    """Two taps from the door to the form, and one more to be in."""
    event_id = stored(app, make_running)
    owner = stored(app, lambda session: make_member(session, "林晓"))
    client, base = at_desk(app), f"/desk/events/{event_id}"
    link = f"{base}/registrations/new?door=1"
    assert link in client.get(f"{base}/check-in").get_data(as_text=True)
    form = f"{base}/registrations/new?owner={owner}&amp;door=1"
    assert form in client.get(f"{link}&q=林晓").get_data(as_text=True)
    answer = act(client, form.replace("&amp;", "&"), party_size="1")
    assert answer.status_code == 303
    assert answer.location.startswith(f"{base}/check-in?q=")
    assert 'name="registration_id"' in client.get(answer.location).get_data(as_text=True)
