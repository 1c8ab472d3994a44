"""A device at the door: what it may keep, what it is told, what it sends (R27, R28)."""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from events import booking, tickets
from events.door_lists import fingerprint
from events.models import Registration
from events.tickets import TicketKeys
from events.views.door_app import FILES, ROLL_SHELL, SHELL
from foundation.audit import AuditEntry
from foundation.roles import Role
from foundation.web.assets import OURS
from tests.browsing import fresh
from tests.entering import at_desk
from tests.events.at_the_desk import now, sign_up
from tests.events.test_door_pages import arrivals, code_of, door_of

MODULE = re.compile(r"""(?:from|import) "\./([a-z-]+\.js)\"""")


def post(client: FlaskClient, url: str, body: Any = None) -> TestResponse:
    """As the device does it: with the token that the door's state gave."""
    token = client.get(re.sub(r"[a-z.]+$", "state.json", url)).get_json()["token"]
    return client.post(url, json=body, headers={"X-CSRFToken": token})


def sent(*marks: dict[str, Any], at: datetime | None = None) -> dict[str, Any]:
    return {"sent_at": (at or now()).isoformat(), "device": "东门", "marks": list(marks)}


def arrival(made: Registration, at: datetime) -> dict[str, Any]:
    number, code = str(uuid.uuid4()), code_of(made)
    said = {"registration_id": made.id, "step_id": None, "code": code}
    return {"request_id": number, "happened_at": at.isoformat(), **said}


def test_the_list_holds_no_secret_and_no_phone_number(app: Flask) -> None:
    """R28: what is known of a person is named here; red when the row holds anything more."""
    event_id, door = door_of(app, places=2)
    made, gone, _third = (sign_up(app, event_id, name, party=1) for name in ("欧阳", "卫", "陈"))
    waiting = sign_up(app, event_id, "候", party=2)
    with fresh(app) as session:
        booking.cancel(session, session.get_one(Registration, gone.id), by=None, now=now())
        session.commit()
    answer = post(at_desk(app, Role.CARE_SPECIALIST), f"{door}/list.json")
    text, taken = answer.get_data(as_text=True), answer.get_json()
    keys = TicketKeys.of(app.extensions["club_settings"])
    assert made.ticket is not None
    secret = tickets.secret_of(made.ticket, keys)
    rows = {row["id"]: row for row in taken["rows"]}
    of_person = {"name", "party", "plate", "slot", "number", "needs"}
    known = {"id", "state", "seen", "code", "print"} | of_person
    assert set(rows[made.id]) == known
    assert rows[made.id]["print"] == fingerprint(taken["salt"], secret)
    assert rows[waiting.id]["state"] == "waiting"
    assert set(rows[gone.id]) == known - of_person
    phone = made.owner.phone or ""
    assert phone
    for never in (secret, made.ticket.secret_index, phone, phone[-8:], "卫"):
        assert never not in text
    assert answer.headers["Cache-Control"] == "no-store"


def test_taking_the_list_is_in_the_trail(app: Flask) -> None:
    """R67: who took it and how many stood on it, not who."""
    event_id, door = door_of(app)
    sign_up(app, event_id, "林晓")
    post(at_desk(app), f"{door}/list.json")
    with fresh(app) as session:
        noted = select(AuditEntry).where(AuditEntry.act == "event.offline-list")
        entry = session.scalars(noted).one()
        assert (entry.thing_id, entry.details, entry.account_id is None) == (
            event_id,
            {"rows": 1},
            False,
        )


def test_the_state_names_nobody_and_says_when_the_list_is_old(app: Flask) -> None:
    event_id, door = door_of(app)
    made, client = sign_up(app, event_id, "欧阳雪梅"), at_desk(app)
    before = client.get(f"{door}/state.json")
    post(client, f"{door}/marks", sent(arrival(made, now())))
    after = client.get(f"{door}/state.json").get_json()
    assert after["version"] == before.get_json()["version"]
    assert [one["door"] for one in after["seen"][str(made.id)]] == ["东门"]
    sign_up(app, event_id, "林晓")
    newer = client.get(f"{door}/state.json")
    assert newer.get_json()["version"] != after["version"]
    assert "欧阳" not in newer.get_data(as_text=True)
    assert made.ticket is not None
    assert made.ticket.code not in newer.get_data(as_text=True)


def test_marks_come_in_at_the_devices_moment(app: Flask) -> None:
    """R27: of a clock that is two hours slow, by the club's; the answer in the reader's words."""
    event_id, door = door_of(app)
    made, other = sign_up(app, event_id, "林晓"), sign_up(app, event_id, "陈思")
    client, moment, slow = at_desk(app), now() - timedelta(minutes=20), timedelta(hours=2)
    answer = post(client, f"{door}/marks", sent(arrival(made, moment)))
    assert answer.get_json()["results"][0]["outcome"] == "kept"
    bad = {**arrival(other, moment - slow), "code": "00000000"}
    marks = sent(arrival(other, moment - slow), bad, at=now() - slow)
    results = post(client, f"{door}/marks", marks).get_json()["results"]
    assert [one["outcome"] for one in results] == ["kept", "refused"]
    assert results[1]["words"] == "此票已作废或已换发新票。"
    rows = arrivals(app)
    assert rows[0].happened_at == moment
    assert abs(rows[1].happened_at - moment) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"marks": []},
        {"sent_at": "today", "marks": []},
        {"sent_at": "2026-01-01T00:00:00", "marks": []},
        {"sent_at": "0001-01-01T00:00:00+14:00", "marks": []},
        sent({"request_id": "7", "happened_at": "2026-01-01T00:00:00Z"}),
        sent({"request_id": str(uuid.uuid4()), "happened_at": 7}),
        sent(*[{}] * 201),
    ],
)
def test_a_body_that_is_none_is_refused(app: Flask, body: Any) -> None:
    """400 and nothing stored, never a 500."""
    _event_id, door = door_of(app)
    assert post(at_desk(app), f"{door}/marks", body).status_code == 400
    assert arrivals(app) == []


def test_marks_that_name_nonsense_are_refused_one_by_one(app: Flask) -> None:
    event_id, door = door_of(app)
    made = sign_up(app, event_id, "林晓")
    odd = ({"registration_id": 2**70}, {"registration_id": True}, {"code": ["\0"]}, {"undoes": {}})
    marks = [{**arrival(made, now()), "registration_id": "x", **one} for one in odd]
    results = post(at_desk(app), f"{door}/marks", sent(*marks)).get_json()["results"]
    assert [one["outcome"] for one in results] == ["refused"] * 4
    assert arrivals(app) == []


def test_the_page_that_a_browser_keeps_names_nobody(app: Flask) -> None:
    """The same for a stranger and for the desk: no name, no token, no event."""
    event_id, _door = door_of(app)
    sign_up(app, event_id, "林晓")
    client = at_desk(app)
    assert client.get(f"/desk/check-in/device?event={event_id}").status_code == 200
    pages = [
        re.sub(r'nonce="[^"]+"', "", one.get(shell).get_data(as_text=True))
        for shell in (SHELL, ROLL_SHELL)
        for one in (client, app.test_client())
    ]
    assert pages[::2] == pages[1::2]
    for never in ("csrf", "李经理"):
        assert never not in pages[0] + pages[2]


def test_the_worker_keeps_the_files_of_the_page_and_nothing_else(app: Flask) -> None:
    """Red when a module that the page imports is not among the files: it would not open offline."""
    client = app.test_client()
    answer = client.get("/check-in/worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/desk/"
    listed = re.findall(r'"(/static/[^"]+)"', answer.get_data(as_text=True))
    files = {path.split("/", 3)[3] for path in listed}
    assert files == set(FILES)
    modules = [(OURS / name).read_text() for name in files if name.endswith(".js")]
    wanted = {f"js/{name}" for text in modules for name in MODULE.findall(text)}
    page = "".join(client.get(one).get_data(as_text=True) for one in (SHELL, ROLL_SHELL))
    wanted |= set(re.findall(r'(?:src|href)="/static/[^/]+/([^"]+\.(?:js|css))"', page))
    assert wanted - files == set()
