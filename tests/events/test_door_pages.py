"""The door as staff use it: codes, secrets, names, refusals with their reason, undo."""

import uuid

from flask import Flask
from sqlalchemy import select

from events import tickets
from events.models import CheckIn, Event, Registration
from events.tickets import TicketKeys
from foundation.roles import Role
from tests.browsing import fresh
from tests.entering import at_desk
from tests.events.at_the_desk import act, make_running, sign_up, stored


def door_of(app: Flask, **fields: object) -> tuple[int, str]:
    """An event whose door is open, and the address of its door."""
    event_id = stored(app, lambda session: make_running(session, **fields))  # type: ignore[arg-type]
    return event_id, f"/desk/events/{event_id}/check-in"


def arrivals(app: Flask) -> list[CheckIn]:
    with fresh(app) as session:
        return list(session.scalars(select(CheckIn).order_by(CheckIn.id)))


def code_of(registration: Registration) -> str:
    assert registration.ticket is not None
    return registration.ticket.code


def test_a_typed_code_lets_somebody_in(app: Flask) -> None:
    """Small letters and a dash are the same code; the answer says who it is."""
    event_id, door = door_of(app)
    made = sign_up(app, event_id, "欧阳雪梅", party=3)
    code = code_of(made).lower()
    client = at_desk(app, Role.CARE_SPECIALIST)
    answer = act(client, door, code=f"{code[:4]}-{code[4:]}", request_id=str(uuid.uuid4()))
    assert answer.status_code == 303
    assert [one.registration_id for one in arrivals(app)] == [made.id]
    assert "欧阳雪梅" in client.get(answer.location).get_data(as_text=True)


def test_a_scanned_secret_lets_somebody_in(app: Flask) -> None:
    """R28: the QR code holds the ticket's secret, also as the last part of an address."""
    event_id, door = door_of(app)
    made = sign_up(app, event_id, "林晓")
    assert made.ticket is not None
    keys = TicketKeys.of(app.extensions["club_settings"])
    scanned = f"https://club.example/t/{tickets.secret_of(made.ticket, keys)}"
    assert act(at_desk(app), door, code=scanned).status_code == 303
    assert [one.registration_id for one in arrivals(app)] == [made.id]


def test_a_name_from_the_list_lets_somebody_in(app: Flask) -> None:
    event_id, door = door_of(app)
    made = sign_up(app, event_id, "赵国强")
    client = at_desk(app)
    assert "赵国强" in client.get(f"{door}?q=赵国").get_data(as_text=True)
    assert act(client, door, registration_id=str(made.id)).status_code == 303
    assert [one.registration_id for one in arrivals(app)] == [made.id]


def test_the_same_request_twice_is_one_arrival(app: Flask) -> None:
    """R27: the form's number is the request; red when the page makes up its own each time."""
    event_id, door = door_of(app)
    made = sign_up(app, event_id, "林晓")
    client, request = at_desk(app), str(uuid.uuid4())
    for _time in range(2):
        assert act(client, door, code=code_of(made), request_id=request).status_code == 303
    assert len(arrivals(app)) == 1


def test_a_second_arrival_is_kept_and_said(app: Flask) -> None:
    """R27: another device, the same ticket: both kept, the second flagged; its button takes back
    that scan and says so."""
    event_id, door = door_of(app)
    made = sign_up(app, event_id, "林晓")
    client, other = at_desk(app), at_desk(app)
    act(client, door, code=code_of(made))
    again = act(other, door, code=code_of(made))
    assert [one.flagged for one in arrivals(app)] == [False, True]
    html = other.get(again.location).get_data(as_text=True)
    assert "door-again" in html
    assert "撤销这次重复扫描" in html
    undone = act(other, f"{door}/{arrivals(app)[1].id}/undo")
    assert "仍为已签到" in other.get(undone.location).get_data(as_text=True)


def test_a_repeat_at_the_same_desk_is_no_case(app: Flask) -> None:
    """R27: one arrival, nothing to settle, and taking it back takes the person out."""
    event_id, door = door_of(app)
    made, client = sign_up(app, event_id, "林晓"), at_desk(app)
    act(client, door, code=code_of(made))
    again = act(client, door, code=code_of(made))
    (only,) = arrivals(app)
    html = client.get(again.location).get_data(as_text=True)
    assert ("door-again" in html, "撤销签到" in html, f"{door}/doubts" in html) == (
        True,
        True,
        False,
    )
    act(client, f"{door}/{only.id}/undo")
    assert arrivals(app)[0].undone_at is not None


def test_a_wrong_check_in_is_corrected_in_the_lists(app: Flask) -> None:
    """At the door's own list and among the sign-ups; a cashier may not, and of another event
    nobody is found (R60)."""
    event_id, door = door_of(app)
    other_id, _other = door_of(app)
    made, client = sign_up(app, event_id, "欧阳雪梅"), at_desk(app)
    out = f"/desk/events/{event_id}/registrations/{made.id}/not-here"
    for where, fields in ((f"{door}?q=欧阳", {"door": "1", "step": "", "q": "欧阳"}), ("", {})):
        act(client, door, code=code_of(made))
        lists = where or f"/desk/events/{event_id}/registrations"
        assert f'action="{out}"' in client.get(lists).get_data(as_text=True)
        assert act(at_desk(app, Role.CASHIER), out, **fields).status_code == 403
        assert act(client, out.replace(str(event_id), str(other_id), 1)).status_code == 404
        assert arrivals(app)[-1].undone_at is None
        assert act(client, out, **fields).status_code == 303
        assert arrivals(app)[-1].undone_at is not None


def test_an_unknown_code_is_refused_with_its_reason(app: Flask) -> None:
    """R28: 422, the reason in words, the code still in the field, nobody checked in."""
    event_id, door = door_of(app)
    sign_up(app, event_id, "林晓")
    answer = act(at_desk(app), door, code="0000-0000")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "door-no" in html
    assert 'value="0000-0000"' in html
    assert arrivals(app) == []


def test_a_ticket_of_another_event_is_refused(app: Flask) -> None:
    """R28: the list's own button does not take a registration of another event either."""
    _event_id, door = door_of(app)
    other_id, _other = door_of(app)
    stranger = sign_up(app, other_id, "林晓")
    answer = act(at_desk(app), door, registration_id=str(stranger.id))
    assert answer.status_code == 422
    assert arrivals(app) == []


def test_a_code_of_another_event_names_that_event(app: Flask) -> None:
    """R28: red when a typed code is looked for in this event alone."""
    _event_id, door = door_of(app)
    other_id, _other = door_of(app, title_zh="秋游")
    answer = act(at_desk(app), door, code=code_of(sign_up(app, other_id, "林晓")))
    assert answer.status_code == 422
    assert "秋游" in answer.get_data(as_text=True)
    assert arrivals(app) == []


def test_whoever_waits_is_not_let_in(app: Flask) -> None:
    event_id, door = door_of(app, places=1)
    sign_up(app, event_id, "林晓")
    waiting = sign_up(app, event_id, "陈思")
    answer = act(at_desk(app), door, registration_id=str(waiting.id))
    assert answer.status_code == 422
    assert arrivals(app) == []


def test_an_arrival_is_taken_back(app: Flask) -> None:
    event_id, door = door_of(app)
    made = sign_up(app, event_id, "林晓")
    client = at_desk(app)
    act(client, door, code=code_of(made))
    arrival = arrivals(app)[0]
    assert act(client, f"{door}/{arrival.id}/undo").status_code == 303
    assert arrivals(app)[0].undone_at is not None


def test_an_arrival_is_taken_back_at_its_own_event_only(app: Flask) -> None:
    """R60: 404 for the arrival of another event; red without the event in the query."""
    event_id, door = door_of(app)
    _other_id, other = door_of(app)
    client = at_desk(app)
    act(client, door, code=code_of(sign_up(app, event_id, "林晓")))
    arrival = arrivals(app)[0]
    assert act(client, f"{other}/{arrival.id}/undo").status_code == 404
    assert arrivals(app)[0].undone_at is None


def test_the_marketing_desk_reads_no_arrivals_without_the_right(app: Flask) -> None:
    """A cashier has no door: 403, and the attendee's name is not on the page."""
    event_id, door = door_of(app)
    sign_up(app, event_id, "欧阳雪梅")
    answer = at_desk(app, Role.CASHIER).get(f"{door}?q=欧阳")
    assert answer.status_code == 403
    assert "欧阳雪梅" not in answer.get_data(as_text=True)


def test_wrong_codes_slow_down_one_device(app: Flask) -> None:
    """R28: after thirty wrong codes in a minute the device waits; another is not held up."""
    event_id, door = door_of(app)
    made = sign_up(app, event_id, "林晓")
    client = at_desk(app)
    answers = [act(client, door, code="ZZZZZZZZ").status_code for _try in range(32)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert act(at_desk(app), door, code=code_of(made)).status_code == 303


def test_the_doors_of_today_come_first(app: Flask) -> None:
    door_of(app, title_zh="今天的活动")
    html = at_desk(app).get("/desk/check-in").get_data(as_text=True)
    with fresh(app) as session:
        assert session.scalars(select(Event)).one().title_zh in html
