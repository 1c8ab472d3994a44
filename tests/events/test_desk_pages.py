"""The programme and the lists at the desk: publish, cancel, copy, sign up, queue, export."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from events.models import Event, EventState, Registration, RegistrationState, Ticket
from foundation.audit import AuditEntry
from foundation.roles import Role
from tests.browsing import fresh
from tests.entering import at_desk, visitor
from tests.events.at_the_desk import (
    act,
    event_of,
    make_running,
    newest_event,
    now,
    open_form,
    sign_up,
    stored,
)
from tests.making import make_account, make_event, make_member


def draft(session: Any) -> Event:
    event = make_event(session, state=EventState.DRAFT, published_at=None)
    event.starts_at += timedelta(days=900)
    event.ends_at += timedelta(days=900)
    return event


def running(session: Any) -> Event:
    return make_running(session, places=1)


def states(app: Flask) -> dict[str, RegistrationState]:
    with fresh(app) as session:
        return {one.owner.name: one.state for one in session.scalars(select(Registration))}


def test_a_draft_is_published(app: Flask) -> None:
    event_id = stored(app, draft)
    assert app.test_client().get(f"/events/{event_id}").status_code == 404
    assert act(at_desk(app), f"/desk/events/{event_id}/publish").status_code == 303
    assert app.test_client().get(f"/events/{event_id}").status_code == 200


def test_whoever_only_plans_does_not_publish(app: Flask) -> None:
    """Marketing plans, the club manager publishes; nor may they edit what is published."""
    event_id = stored(app, draft)
    planner = at_desk(app, Role.MARKETING)
    assert act(planner, f"/desk/events/{event_id}/publish").status_code == 403
    assert planner.get(f"/desk/events/{event_id}/edit").status_code == 200
    act(at_desk(app), f"/desk/events/{event_id}/publish")
    assert planner.get(f"/desk/events/{event_id}/edit").status_code == 403


def test_an_event_is_cancelled_with_a_reason(app: Flask) -> None:
    """Without a reason 422 and nothing is done; with one everybody's place ends."""
    event_id = stored(app, running)
    sign_up(app, event_id, "林晓")
    client, url = at_desk(app), f"/desk/events/{event_id}/cancel"
    assert act(client, url, reason=" ").status_code == 422
    assert states(app) == {"林晓": RegistrationState.CONFIRMED}
    assert act(client, url, reason="台风").status_code == 303
    assert states(app) == {"林晓": RegistrationState.CANCELLED}


def test_a_draft_that_is_given_up_stays_unseen(app: Flask) -> None:
    """No reason is asked, and neither a stranger nor a member finds it; red where a cancelled
    event counts as one that was published."""
    event_id = stored(app, draft)
    reader = visitor(app, lambda session: make_account(session, make_member(session, login=False)))
    client, url = at_desk(app), f"/desk/events/{event_id}"
    assert "放弃这份草稿" in client.get(url).get_data(as_text=True)
    assert act(client, f"{url}/cancel", reason="场地太贵").status_code == 303
    html = client.get(url).get_data(as_text=True)
    assert ("场地太贵" in html, "草稿已放弃" in html) == (True, True)
    for address in (f"/events/{event_id}", f"/events/{event_id}/calendar.ics"):
        for other in (app.test_client(), app.test_client(use_cookies=False), reader):
            assert other.get(address).status_code == 404
    with fresh(app) as session:
        assert event_of(session, event_id).state == EventState.CANCELLED


def test_a_cancelled_event_stays_readable(app: Flask) -> None:
    event_id = stored(app, running)
    act(at_desk(app), f"/desk/events/{event_id}/cancel", reason="台风")
    assert "台风" in app.test_client().get(f"/events/{event_id}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("act_name", "field", "typed"), [("cancel", "reason", " "), ("copy", "starts_at", "x")]
)
def test_what_was_not_said_is_asked_at_its_field(
    app: Flask, act_name: str, field: str, typed: str
) -> None:
    """The panel stands open, the field names its error, and the summary leads there."""
    event_id = stored(app, running)
    url = f"/desk/events/{event_id}/{act_name}"
    html = act(at_desk(app), url, **{field: typed}).get_data(as_text=True)
    (place,) = re.findall(r'<h2>.*?<a href="#([\w-]+)">', html, re.DOTALL)
    form = re.search(
        rf'<details class="fold" open>(?:(?!</details>).)*id="{place}"', html, re.DOTALL
    )
    assert form
    assert f'aria-describedby="{place}-error"' in html
    assert f'id="{place}-error"' in html


def test_an_event_is_copied_to_another_day(app: Flask) -> None:
    event_id = stored(app, draft)
    answer = act(at_desk(app), f"/desk/events/{event_id}/copy", starts_at="2030-05-01T09:30")
    copy = newest_event(app)
    assert answer.location == f"/desk/events/{copy.id}"
    assert (copy.copied_from_id, copy.state) == (event_id, EventState.DRAFT)
    assert copy.starts_at.isoformat() == "2030-05-01T01:30:00+00:00"


@pytest.mark.parametrize("start", ["0001-01-01T00:00", "9999-12-31T23:59", "x", ""])
def test_a_copy_to_no_day_that_can_be_meant_is_refused(app: Flask, start: str) -> None:
    """Red without is_meant: the times of the copy would run out of the calendar"""
    event_id = stored(app, draft)
    answer = act(at_desk(app), f"/desk/events/{event_id}/copy", starts_at=start)
    assert (answer.status_code, newest_event(app).id) == (422, event_id)


def test_a_preview_shows_the_draft_in_both_languages(app: Flask) -> None:
    event_id = stored(app, draft)
    client, url = at_desk(app), f"/desk/events/{event_id}/preview"
    assert "春季自驾游" in client.get(url).get_data(as_text=True)
    english = client.get(f"{url}?language=en").get_data(as_text=True)
    assert "Spring drive" in english
    assert "春季自驾游" not in english


def test_the_list_says_what_is_overbooked(app: Flask) -> None:
    """R17: lowering the capacity cancels nobody, and the desk says by how many it is over."""
    event_id = stored(app, lambda session: make_running(session, places=3))
    for name in ("林晓", "陈思", "赵国强"):
        sign_up(app, event_id, name)
    client, url = at_desk(app), f"/desk/events/{event_id}/edit"
    fields = open_form(client, url)
    fields.setlist("places", ["1"])
    fields.setlist("do", ["save"])
    assert client.post(url, data=fields).status_code == 303
    assert set(states(app).values()) == {RegistrationState.CONFIRMED}
    assert "seats-over" in client.get("/desk/events").get_data(as_text=True)


def test_staff_sign_a_member_up(app: Flask) -> None:
    event_id = stored(app, running)
    owner_id = stored(app, lambda session: make_member(session, "欧阳雪梅"))
    client = at_desk(app, Role.CARE_SPECIALIST)
    base = f"/desk/events/{event_id}/registrations/new"
    assert "欧阳雪梅" in client.get(f"{base}?q=欧阳").get_data(as_text=True)
    answer = act(client, f"{base}?owner={owner_id}", party_size="1", vehicle_id="0")
    assert answer.status_code == 303
    assert states(app) == {"欧阳雪梅": RegistrationState.CONFIRMED}


def test_staff_sign_up_on_site_after_the_deadline(app: Flask) -> None:
    """R26: the deadline is the members'; red when staff are held to it too."""
    closed = {"register_until": now() - timedelta(days=1)}
    event_id = stored(app, lambda session: make_running(session, **closed))
    owner_id = stored(app, lambda session: make_member(session, "欧阳雪梅"))
    url = f"/desk/events/{event_id}/registrations/new?owner={owner_id}"
    assert act(at_desk(app), url, party_size="1", vehicle_id="0").status_code == 303
    assert states(app) == {"欧阳雪梅": RegistrationState.CONFIRMED}


def test_a_cancelled_place_goes_to_the_queue(app: Flask) -> None:
    """R20: staff cancel one, the first in line is offered the place in the same moment."""
    event_id = stored(app, running)
    first = sign_up(app, event_id, "林晓")
    sign_up(app, event_id, "陈思")
    base = f"/desk/events/{event_id}/registrations"
    assert act(at_desk(app), f"{base}/{first.id}/cancel").status_code == 303
    assert states(app) == {"林晓": RegistrationState.CANCELLED, "陈思": RegistrationState.OFFERED}


def test_a_lost_ticket_is_replaced(app: Flask) -> None:
    """R28: by one button; red when the button gives the same code again."""
    event_id = stored(app, running)
    mine = sign_up(app, event_id, "林晓")
    url = f"/desk/events/{event_id}/registrations"
    client = at_desk(app)
    assert f'action="{url}/{mine.id}/new-ticket"' in client.get(url).text
    assert act(client, f"{url}/{mine.id}/new-ticket").status_code == 303
    with fresh(app) as session:
        ticket = session.scalars(select(Ticket)).one()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "ticket.reissue")).one()
        assert mine.ticket is not None
        assert ticket.code != mine.ticket.code
        assert (entry.thing_id, ticket.revoked_at) == (mine.id, None)


def test_the_desk_says_why_nobody_was_offered_a_place(app: Flask) -> None:
    """R24: a party of two waits for one free place; the page names it; letting pass serves."""
    event_id = stored(app, lambda session: make_running(session, places=2))
    sign_up(app, event_id, "林晓")
    large = sign_up(app, event_id, "赵国强", party=2)
    sign_up(app, event_id, "陈思")
    client, base = at_desk(app), f"/desk/events/{event_id}/registrations"
    assert "赵国强需要2个名额" in client.get(base).get_data(as_text=True).replace(" ", "")
    act(client, f"{base}/{large.id}/skip", reason="电话约定")
    assert states(app)["陈思"] == RegistrationState.OFFERED
    assert states(app)["赵国强"] == RegistrationState.WAITING


def test_staff_change_the_order_of_the_queue(app: Flask) -> None:
    event_id = stored(app, running)
    sign_up(app, event_id, "林晓")
    sign_up(app, event_id, "陈思")
    last = sign_up(app, event_id, "赵国强")
    base = f"/desk/events/{event_id}/registrations"
    client, move = at_desk(app), f"{base}/{last.id}/move"
    assert act(client, move, place="1", reason=" ").status_code == 422
    assert act(client, move, place="1", reason="说好的").status_code == 303
    assert "移到此位：说好的" in client.get(base).get_data(as_text=True)
    with fresh(app) as session:
        line = session.scalars(
            select(Registration)
            .where(Registration.state == RegistrationState.WAITING)
            .order_by(Registration.queued_at)
        )
        assert [one.owner.name for one in line] == ["赵国强", "陈思"]


def test_a_registration_of_another_event_is_not_there(app: Flask) -> None:
    """R60: its id under another event is 404, and nothing happens to it."""
    event_id, other_id = stored(app, running), stored(app, running)
    mine = sign_up(app, event_id, "林晓")
    url = f"/desk/events/{other_id}/registrations/{mine.id}/cancel"
    assert act(at_desk(app), url).status_code == 404
    assert states(app) == {"林晓": RegistrationState.CONFIRMED}


def test_an_export_needs_a_reason_and_is_noted(app: Flask) -> None:
    """R67: who took the list and why stands in the audit trail; R61: no cell becomes a formula."""
    event_id = stored(app, running)
    sign_up(app, event_id, "=1+1")
    client, url = at_desk(app), f"/desk/events/{event_id}/export"
    assert act(client, url, reason="", form="csv").status_code == 422
    answer = act(client, url, reason="门口核对", form="csv")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert rows[1][1] == "'=1+1"
    with fresh(app) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "event.export")).one()
        assert (entry.thing_id, entry.details["reason"]) == (event_id, "门口核对")


def test_phones_are_masked_for_who_may_not_see_them(app: Flask) -> None:
    event_id = stored(app, running)
    phone = sign_up(app, event_id, "林晓").owner.phone or ""
    html = at_desk(app).get(f"/desk/events/{event_id}/registrations").get_data(as_text=True)
    found = at_desk(app).get(f"/desk/events/{event_id}/registrations/new?q=林晓")
    assert phone[3:] not in html
    assert phone[3:] not in found.get_data(as_text=True)


def test_the_door_list_holds_who_has_a_place(app: Flask) -> None:
    event_id = stored(app, running)
    placed = sign_up(app, event_id, "林晓")
    sign_up(app, event_id, "陈思")
    html = at_desk(app).get(f"/desk/events/{event_id}/door-list").get_data(as_text=True)
    assert placed.ticket is not None
    assert placed.ticket.code[:4] in html
    assert "陈思" not in html
    with fresh(app) as session:
        assert event_of(session, event_id).title_zh in html
