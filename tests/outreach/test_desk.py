"""The desk's pages of this room."""

import dataclasses
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from events.models import Event
from foundation.outbox import Letter, LetterState
from outreach.models import Campaign, CampaignState, Newsletter
from tests.browsing import fresh, send
from tests.entering import visitor_of
from tests.making import make_event, make_member, make_staff, make_vehicle
from tests.outreach.makers import agreeing, post_letter


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """A club manager's browser, and one member who agreed to invitations."""
    with fresh(app) as session:
        account = make_staff(session)
        agreeing(session, "林书怡", phone="+8613812345678", email=None)
        session.commit()
    return visitor_of(app, account.id)


def coming_event(app: Flask) -> int:
    with fresh(app) as session:
        event = make_event(session)
        event.starts_at = event.starts_at.replace(year=2099)
        event.ends_at = event.ends_at.replace(year=2099)
        session.commit()
        return event.id


def test_staff_choose_write_look_and_send(app: Flask, staff: FlaskClient) -> None:
    event_id = coming_event(app)
    chosen = f"/desk/invitations/new?event_id={event_id}&tier=general"
    assert "林书怡" in staff.get(chosen).get_data(as_text=True)
    words = f"/desk/invitations/words?event_id={event_id}&tier=general"
    rule = '{"every": [{"tier": ["general"]}]}'
    answer = send(staff, "/desk/invitations", words, event_id=event_id, rule=rule, words_zh="欢迎")
    assert answer.status_code == 303
    sent = send(staff, f"{answer.location}/send", answer.location)
    assert sent.status_code == 303
    with fresh(app) as session:
        assert session.scalars(select(Campaign.state)).all() == [CampaignState.SENDING]
        assert session.scalars(select(Letter.state)).all() == [LetterState.QUEUED]


def test_who_cannot_come_is_counted_before_inviting(app: Flask, staff: FlaskClient) -> None:
    """The event is for one model: two of three do not drive it, and one link leaves them out; red
    when the choice alone is counted."""
    event_id = coming_event(app)
    with fresh(app) as session:
        session.get_one(Event, event_id).for_models = ["鹿鸣"]
        make_vehicle(session, make_member(session, "赵国强"), model="鹿鸣")
        make_vehicle(session, make_member(session, "陈思"), model="云雀")
        session.commit()
    html = staff.get(f"/desk/invitations/new?event_id={event_id}").get_data(as_text=True)
    assert "其中 2 人无法报名" in html
    (fitting,) = re.findall(r'href="(/desk/invitations/new\?event_id=[^"]*model[^"]*)"', html)
    chosen = staff.get(unescape(fitting)).get_data(as_text=True)
    assert ("赵国强" in chosen, "陈思" in chosen, "无法报名" in chosen) == (True, False, False)
    desk = unescape(staff.get(f"/desk/events/{event_id}").get_data(as_text=True))
    assert f'"{unescape(fitting)}"' in desk


@pytest.mark.parametrize("query", ["tier=platinum", "energy=steam", "visit=none:0"])
def test_a_choice_of_unknown_names_is_refused(staff: FlaskClient, query: str) -> None:
    assert staff.get(f"/desk/invitations/new?{query}").status_code == 422


def test_numbers_are_hidden_in_the_list(app: Flask, staff: FlaskClient) -> None:
    """Red when the list shows the address as it is."""
    with fresh(app) as session:
        owner = agreeing(session)
        post_letter(session, owner, "hidden").address = "long.name@example.com"
        session.commit()
    page = staff.get("/desk/letters").get_data(as_text=True)
    assert "long.name@example.com" not in page


def test_a_code_that_leaves_the_house_is_not_read_at_the_desk(
    app: Flask, staff: FlaskClient
) -> None:
    """Red without _is_secret: whoever reads letters could sign in as the administrator"""
    with fresh(app) as session:
        details = {"code": "314159", "minutes": 15, "purpose": "sign_in"}
        posted = post_letter(session, agreeing(session), "c", template="code", details=details)
        session.commit()
    url = f"/desk/letters/{posted.id}"
    in_a_demo = staff.get(url).get_data(as_text=True)
    settings = app.extensions["club_settings"]
    app.extensions["club_settings"] = dataclasses.replace(settings, mail_server="mail.example")
    hidden = staff.get(url).get_data(as_text=True)
    assert ("314159" in in_a_demo, "314159" in hidden) == (True, False)
    assert staff.get(f"{url}/html").status_code == 404


def test_staff_write_an_issue_and_write_it_again(app: Flask, staff: FlaskClient) -> None:
    """What is typed is kept; while the issue goes out the form comes back with what was typed."""
    said = {"title_zh": "春", "body_zh": "您好", "title_en": ""}
    issue = send(staff, "/desk/newsletters", "/desk/newsletters/new", **said).location
    send(staff, f"{issue}/publish", issue)
    edit = f"{issue}/edit"
    assert send(staff, edit, edit, **said, summary_zh="短").status_code == 303
    send(staff, f"{issue}/send", issue)
    refused = send(staff, edit, edit, **said, summary_zh="长")
    assert refused.status_code == 422
    assert "正在" in refused.text
    assert 'rows="2">长</textarea>' in refused.text.replace("\r\n", "")
    with fresh(app) as session:
        kept = session.scalars(select(Newsletter)).one()
        assert (kept.title_zh, kept.title_en, kept.summary_zh) == ("春", None, "短")
