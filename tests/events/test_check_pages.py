"""The workshop's pages: bays, the day, the sheet at the car, the owner's report and answer."""

import io
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from events.models import Bay, BayJob, CheckPhoto, CheckResult, CheckSheet, Event, Registration
from foundation.roles import Role
from members.models import Account, StoredTyres
from tests import making
from tests.browsing import fresh, send
from tests.entering import at_desk, visitor_of
from tests.events.at_the_desk import stored
from tests.events.workshop import (
    MORNING,
    book,
    make_bays,
    make_check,
    photo_with_place,
    reported,
)

AT = f"{MORNING:%Y-%m-%d}T11:15"


def booked(session: Session) -> Registration:
    """A car in the first of two bays at nine; slots until noon."""
    return book(session, make_check(session, make_bays(session, 2), slots=3))


def where(app: Flask) -> list[tuple[int, str]]:
    with fresh(app) as session:
        return [(one.bay_id, f"{one.starts_at:%H:%M}") for one in session.scalars(select(BayJob))]


def paths(app: Flask, registration_id: int) -> tuple[str, str, list[int]]:
    """The day of the event, the form of the car, the bays."""
    with fresh(app) as session:
        event_id = session.get_one(Registration, registration_id).event_id
        base = f"/desk/events/{event_id}/workshop"
        bays = list(session.scalars(select(Bay.id).order_by(Bay.id)))
        return base, f"{base}/{registration_id}", bays


def test_bays_are_added_and_serve_an_event(app: Flask) -> None:
    staff = at_desk(app)
    event_id = stored(app, lambda session: make_check(session, []))
    assert send(staff, "/desk/workshop/bays", name_zh="").status_code == 422
    send(staff, "/desk/workshop/bays", name_zh="举升机 1", does=["tyres", "no such work"])
    plan = f"/desk/events/{event_id}/workshop/plan"
    wrong = send(staff, plan, bay_id="1", job_minutes="7", buffer_minutes="x")
    assert (wrong.status_code, "举升机 1" in wrong.text) == (422, True)
    send(staff, plan, bay_id="1", job_minutes="45", buffer_minutes="15")
    assert "举升机 1" in staff.get(f"/desk/events/{event_id}/workshop").text


def test_a_car_is_moved_by_the_form_and_by_the_calendar(app: Flask) -> None:
    registration_id = stored(app, booked)
    base, form, bays = paths(app, registration_id)
    staff = at_desk(app, Role.SERVICE_ADVISOR)
    assert send(staff, form, bay_id=bays[1], at=AT).status_code == 303
    assert where(app) == [(bays[1], "03:15")]
    calendar = {"from_calendar": "1", "bay_id": bays[0], "at": MORNING.isoformat()}
    assert send(staff, form, page=base, **calendar).status_code == 303
    assert where(app) == [(bays[0], "01:00")]


def test_a_clash_or_nonsense_comes_back_with_a_sentence(app: Flask) -> None:
    registration_id = stored(app, booked)
    base, form, bays = paths(app, registration_id)
    with fresh(app) as session:
        book(session, session.get_one(Registration, registration_id).event)
        session.commit()
    staff = at_desk(app, Role.SERVICE_ADVISOR)
    taken = send(staff, form, bay_id=bays[1], at=MORNING.isoformat())
    assert (taken.status_code, "该工位在这个时间已有车辆" in taken.text) == (422, True)
    for fields in ({"at": "gestern"}, {"bay_id": "99", "at": AT}, {"at": "0001-01-01T00:00"}):
        assert send(staff, form, page=base, **{"bay_id": bays[0], **fields}).status_code == 422


def test_whoever_only_looks_after_members_moves_no_car(app: Flask) -> None:
    _base, form, _bays = paths(app, stored(app, booked))
    assert at_desk(app, Role.CARE_ASSISTANT).get(form).status_code == 403


def sheet(app: Flask, staff: FlaskClient) -> tuple[str, list[CheckResult]]:
    """A sheet that was begun at the desk, and its rows."""
    _base, form, _bays = paths(app, stored(app, booked))
    send(staff, f"{form}/check", page=form)
    with fresh(app) as session:
        check = session.scalars(select(CheckSheet)).one()
        return f"/desk/checks/{check.id}", list(check.results)


def rows_of(app: Flask) -> list[tuple[str | None, dict[str, Any]]]:
    with fresh(app) as session:
        found = session.scalars(select(CheckResult).order_by(CheckResult.position))
        return [(row.colour, row.measured) for row in found]


def test_a_group_is_saved_whole_or_not_at_all(app: Flask) -> None:
    staff = at_desk(app, Role.SERVICE_ADVISOR)
    url, (pads, tread, lights, _scent) = sheet(app, staff)
    said = {"point": [pads.id, lights.id], f"colour-{lights.id}": "amber"}
    wrong = send(
        staff, f"{url}/points", page=url, **said, **{f"value-{pads.id}-front-left": "vier"}
    )
    assert (wrong.status_code, 'value="vier"' in wrong.text) == (422, True)
    assert rows_of(app) == [(None, {})] * 4
    send(staff, f"{url}/points", page=url, **said, **{f"value-{pads.id}-front-left": "4.2"})
    assert rows_of(app) == [("amber", {"front-left": 420}), (None, {}), ("amber", {}), (None, {})]
    assert tread.position == 2


def test_a_point_saves_itself_and_hears_the_proposed_colour(app: Flask) -> None:
    staff = at_desk(app, Role.SERVICE_ADVISOR)
    url, (pads, *_others) = sheet(app, staff)
    page = staff.get(url).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    body = {"csrf_token": token, "point": pads.id, f"value-{pads.id}-front-left": "2.9"}
    answer = staff.post(f"{url}/points", data=body, headers={"Accept": "application/json"})
    assert answer.get_json() == {"saved": {str(pads.id): "red"}, "left": 3}
    body[f"value-{pads.id}-front-left"] = "?"
    answer = staff.post(f"{url}/points", data=body, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["refused"][:1]) == (422, "“")


def test_a_picture_keeps_nothing_of_its_camera(app: Flask) -> None:
    """Red when the upload is stored as it came: place and device would be in it."""
    staff = at_desk(app, Role.SERVICE_ADVISOR)
    url, (pads, *_others) = sheet(app, staff)
    photo = (io.BytesIO(photo_with_place()), "p.jpg")
    assert send(staff, f"{url}/photos/{pads.id}", page=url, photo=photo).status_code == 303
    with fresh(app) as session:
        kept = session.scalars(select(CheckPhoto).options(undefer(CheckPhoto.jpeg))).one()
    with Image.open(io.BytesIO(kept.jpeg)) as picture:
        assert (dict(picture.getexif()), picture.size) == ({}, (720, 1280))
    assert b"SecretPhone" not in kept.jpeg
    text = (io.BytesIO(b"no picture"), "p.jpg")
    assert send(staff, f"{url}/photos/{pads.id}", page=url, photo=text).status_code == 422


def owner_with_report(app: Flask) -> tuple[FlaskClient, str, int]:
    """Signed in as the owner of a report; its address and its first point."""

    def make(session: Session) -> Account:
        owner = making.make_member(session, login=False)
        reported(session, owner)
        return making.make_account(session, owner)

    client = visitor_of(app, stored(app, make))
    with fresh(app) as session:
        check = session.scalars(select(CheckSheet)).one()
        return client, f"/me/registrations/{check.registration_id}/check", check.results[0].id


def test_the_owner_reads_the_report_and_asks_for_a_call(app: Flask) -> None:
    client, report, result_id = owner_with_report(app)
    text = client.get(report).text
    assert ("周师傅" in text, "6.2 mm" in text) == (True, True)
    assert client.get(f"{report}/print").status_code == 200
    assert send(client, report, result_id=result_id, answer="call").status_code == 303
    assert send(client, report, result_id="99", answer="call").status_code == 422
    assert send(client, report, result_id=result_id, answer="maybe").status_code == 422
    staff = at_desk(app, Role.SERVICE_ADVISOR)
    assert "请致电联系我" in staff.get("/desk/workshop").text
    done = f"/desk/workshop/advice/{result_id}"
    assert send(staff, done, page="/desk/workshop", note="周六来换").status_code == 303
    assert "服务顾问已处理" in client.get(report).text


def test_a_report_that_is_opened_again_is_not_shown(app: Flask) -> None:
    client, report, _result_id = owner_with_report(app)
    with fresh(app) as session:
        check_id = session.scalars(select(CheckSheet.id)).one()
    staff = at_desk(app, Role.SERVICE_ADVISOR)
    send(staff, f"/desk/checks/{check_id}/reopen", page=f"/desk/checks/{check_id}")
    assert "6.2 mm" not in client.get(report).text


def test_the_list_of_points_is_edited_and_taken_over(app: Flask) -> None:
    event_id = stored(app, lambda session: make_check(session, []))
    staff, url = at_desk(app), f"/desk/events/{event_id}/checklist"
    assert send(staff, url, take="announced").status_code == 303
    assert "前制动片厚度" in staff.get(url).text
    wrong = {"row": "1", "name_zh-1": "制动片", "unit-1": "mm"}
    wrong |= {"red_below-1": "5", "amber_below-1": "3"}
    refused = send(staff, url, **wrong)
    assert (refused.status_code, "须由低到高" in refused.text) == (422, True)
    send(staff, url, **{**wrong, "red_below-1": "3", "amber_below-1": "5"})
    with fresh(app) as session:
        event = session.get_one(Event, event_id)
        assert len(event.checklist) == 4
    assert "前制动片厚度" not in staff.get(url).text


def test_tyres_are_put_on_a_shelf_and_given_back(app: Flask) -> None:
    client, _report, _result_id = owner_with_report(app)
    with fresh(app) as session:
        check = session.scalars(select(CheckSheet)).one()
        car, plate = check.vehicle_id, check.vehicle.plate
    staff = at_desk(app, Role.SERVICE_ADVISOR)
    said = {"plate": plate, "brand": "米其林", "size": "225/45 R17", "count": "4", "shelf": "B-12"}
    assert send(staff, "/desk/tyres", **said, until_on="nie").status_code == 422
    assert send(staff, "/desk/tyres", **said, until_on="2099-03-31").status_code == 303
    assert "B-12" in client.get(f"/me/vehicles/{car}").text
    with fresh(app) as session:
        tyres = session.scalars(select(StoredTyres.id)).one()
    send(staff, f"/desk/tyres/{tyres}/return", page="/desk/tyres")
    assert "B-12" not in client.get(f"/me/vehicles/{car}").text
