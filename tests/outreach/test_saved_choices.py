"""Choices of members that are kept under a name."""

from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from foundation.audit import AuditEntry
from outreach import choosing, saved_choices
from outreach.models import Segment, Topic
from outreach.rules import Agrees, Attended, Either, Every, InTier, Likes, Visited, WrongRule
from tests.browsing import fresh, send
from tests.conftest import Sessions
from tests.entering import visitor_of
from tests.making import NOW, make_member, make_staff
from tests.outreach.makers import agreeing

GOLD = Every((InTier(("gold",)),))
ALL = Every(
    (
        Likes(("tea", "golf"), all=True),
        InTier(("gold", "silver")),
        Agrees(Topic.OFFERS.value),
        Visited(6, within=False),
        Attended(2),
    )
)


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    with fresh(app) as session:
        account = make_staff(session)
        session.commit()
    return visitor_of(app, account.id)


def test_a_choice_is_ticked_again_as_it_was_kept() -> None:
    """R42: red when a condition has no boxes of its own"""
    assert choosing.rule_of(MultiDict(choosing.ticked_of(ALL))) == ALL


def test_a_tree_that_no_boxes_make_is_not_bent_into_one() -> None:
    with pytest.raises(WrongRule):
        choosing.ticked_of(Every((Either((Attended(1), Attended(2))),)))


def test_the_same_name_again_replaces_the_choice(db: Session, sessions: Sessions) -> None:
    """Red without the look for the name"""
    saved_choices.keep(db, "老朋友", GOLD, by=None, now=NOW)
    saved_choices.keep(db, " 老朋友 ", ALL, by=None, now=NOW)
    db.commit()
    with sessions() as read:
        assert [one.rule["every"][-1] for one in read.scalars(select(Segment))] == [{"attended": 2}]
        acts = read.scalars(select(AuditEntry.act)).all()
        assert acts == ["segment.keep", "segment.keep"]


@pytest.mark.parametrize(("name", "rule"), [("  ", GOLD), ("全体", Every())])
def test_a_choice_needs_a_name_and_a_condition(db: Session, name: str, rule: Every) -> None:
    with pytest.raises(saved_choices.ChoiceNotKept):
        saved_choices.keep(db, name, rule, by=None, now=NOW)


def test_staff_keep_a_choice_and_start_from_it(app: Flask, staff: FlaskClient) -> None:
    page = "/desk/invitations/new"
    query = urlencode({"tier": "gold", "attended": "2"})
    answer = send(staff, "/desk/invitations/segments", page, name="老朋友", query=query)
    assert answer.status_code == 303
    html = staff.get(page).get_data(as_text=True)
    assert 'href="/desk/invitations/new?tier=gold&amp;attended=2"' in html
    with fresh(app) as session:
        kept = session.scalars(select(Segment)).one()
    assert send(staff, f"/desk/invitations/segments/{kept.id}/forget", page).status_code == 303
    assert "老朋友" not in staff.get(page).get_data(as_text=True)


def test_a_choice_without_a_name_comes_back_as_ticked(app: Flask, staff: FlaskClient) -> None:
    page = "/desk/invitations/new"
    answer = send(staff, "/desk/invitations/segments", page, name="", query="tier=gold")
    assert answer.status_code == 422
    assert 'value="gold" checked' in answer.get_data(as_text=True)
    with fresh(app) as session:
        assert session.scalars(select(Segment)).all() == []


def test_who_agreed_to_a_topic_can_be_chosen(app: Flask, staff: FlaskClient) -> None:
    """Red without `agrees` among the boxes: both would be chosen"""
    with fresh(app) as session:
        agreeing(session, "林书怡", Topic.OFFERS)
        make_member(session, "赵不要")
        session.commit()
    html = staff.get("/desk/invitations/new?agrees=offers").get_data(as_text=True)
    assert ("林书怡" in html, "赵不要" in html) == (True, False)
