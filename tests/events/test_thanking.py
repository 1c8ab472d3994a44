"""Helpers of an event are thanked with points, once, and large thanks by two people (R8, R12)."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import adjusting, checking, ledger
from club.models import LedgerEntry, PointsAdjustment
from events import thanking
from events.models import Event
from foundation.clock import shop_day
from members.models import Account, Owner
from tests.browsing import fresh
from tests.conftest import Sessions
from tests.entering import at_desk, visitor_of
from tests.events.at_the_desk import act, make_running, sign_up, stored
from tests.events.racing import once_free, race
from tests.making import NOW, make_event, make_member, make_staff

LATER = NOW + timedelta(days=15)


def thank(db: Session, event: Event, owner: Owner, points: int = 80, **more: Any) -> Any:
    facts: dict[str, Any] = {"by": 1, "request_id": f"r{points}", "now": LATER, **more}
    what = facts.pop("reason", "头车领队")
    return thanking.thank(
        db, event, owner, points, what, on=shop_day(LATER, event.shop.zone), **facts
    )


def take_back(db: Session, event: Event, entry: LedgerEntry, by: int = 1) -> None:
    day = shop_day(LATER, event.shop.zone)
    thanking.take_back(db, event, entry, reason="认错人了", on=day, by=by, now=LATER)


def test_a_helper_is_thanked_once_and_reads_why(db: Session, sessions: Sessions) -> None:
    """R8: pressed twice it is one entry, another amount is refused; red without what stands."""
    event, who, by = make_event(db), make_member(db), make_staff(db).id
    for _time in range(2):
        entry = thank(db, event, who, by=by)
    with pytest.raises(thanking.ThankedAlready):
        thank(db, event, who, 500, by=by)
    db.commit()
    with sessions() as read:
        (found,) = read.scalars(select(LedgerEntry)).all()
        assert (found.id, found.points, found.reason) == (entry.id, 80, "春季自驾游 · 头车领队")
        assert (found.cause_kind, found.cause_id) == ("helping", str(event.id))
        assert ledger.balance(read, who.id) == 80
        assert list(checking.differences(read)) == []


def test_taken_back_the_points_go_once_and_they_can_be_thanked_anew(db: Session) -> None:
    """R1: red when the second taking back draws again, and when the next thanks find the first."""
    event, who, by = make_event(db), make_member(db), make_staff(db).id
    first = thank(db, event, who, by=by)
    for _time in range(2):
        take_back(db, event, first, by)
    assert (ledger.balance(db, who.id), thanking.thanks_of(db, event)) == (0, [])
    again = thank(db, event, who, 60, by=by)
    assert (again.cause_id, ledger.balance(db, who.id)) == (f"{event.id}:2", 60)
    assert [one.points for one in thanking.thanks_of(db, event)] == [60]


def test_a_large_thanks_waits_for_another_person(db: Session) -> None:
    """R12: once, as a bonus of the event; red when confirming forgets what it was for."""
    event, who = make_event(db), make_member(db)
    one, other = make_staff(db).id, make_staff(db).id
    wish = thank(db, event, who, 1_000, by=one)
    assert isinstance(wish, PointsAdjustment)
    assert ledger.balance(db, who.id) == 0
    assert thank(db, event, who, 1_000, by=one) is wish
    with pytest.raises(thanking.ThankedAlready):
        thank(db, event, who, 10, by=one)
    day = shop_day(LATER, event.shop.zone)
    entry = adjusting.confirm(db, wish, on=day, by=other, now=LATER)
    assert (entry.kind.value, entry.cause_kind, entry.second_account_id) == (
        "bonus",
        "helping",
        other,
    )
    assert [(given.points, given.reason) for given in thanking.thanks_of(db, event)] == [
        (1_000, "头车领队")
    ]


def test_what_cannot_be_is_refused(db: Session) -> None:
    """R12: one's own points, an event to come, no reason, no points."""
    event, who, by = make_event(db), make_member(db, login=False), make_staff(db).id
    with pytest.raises(thanking.NotYet):
        thank(db, event, who, by=by, now=event.starts_at - timedelta(seconds=1))
    for points, reason in ((0, "x"), (10, "  ")):
        with pytest.raises(thanking.WhatFor):
            thank(db, event, who, points, by=by, reason=reason)
    own = make_staff(db, owner_id=who.id).id
    with pytest.raises(adjusting.OwnAccount):
        thank(db, event, who, by=own)
    given = thank(db, event, who, by=by)
    with pytest.raises(adjusting.OwnAccount):
        take_back(db, event, given, own)


def press(sessions: Sessions, event_id: int, owner_id: int, by: int, points: int) -> str:
    return once_free(sessions, _press, event_id, owner_id, by, points)


def _press(db: Session, event_id: int, owner_id: int, by: int, points: int) -> str:
    try:
        thank(db, db.get_one(Event, event_id), db.get_one(Owner, owner_id), points, by=by)
    except thanking.ThankedAlready:
        return "already"
    return "thanked"


def test_two_desks_thank_once(sessions: Sessions, database_url: str) -> None:
    """R8: real processes with two amounts; red without holding the purse first."""
    with sessions() as db:
        event, who, by = make_event(db), make_member(db), make_staff(db).id
        ids = (event.id, who.id, by)
        db.commit()
    said = race(database_url, [(press, (*ids, 80 + turn % 2)) for turn in range(4)])
    with sessions() as read:
        (entry,) = read.scalars(select(LedgerEntry)).all()
        assert said.count("thanked") == 2
        assert ledger.balance(read, ids[1]) == entry.points


def begin(db: Session, event_id: int) -> Event:
    """The event began an hour ago."""
    event = db.get_one(Event, event_id)
    event.starts_at -= timedelta(hours=2)
    return event


def test_the_desk_thanks_and_the_member_reads_it(app: Flask) -> None:
    """Who may not adjust points has no such page; an entry of another event does not exist."""
    event_id = stored(app, lambda session: make_running(session))
    mine = sign_up(app, event_id, "林晓")
    stored(app, lambda session: begin(session, event_id))
    client, base = at_desk(app), f"/desk/events/{event_id}/helpers"
    form = client.get(f"{base}?owner={mine.owner_id}&reason=签到台").get_data(as_text=True)
    assert ('value="签到台"' in form, 'value="100"' in form) == (True, True)
    wrong = act(client, base, owner=str(mine.owner_id), points="很多", reason="签到台")
    assert (wrong.status_code, 'value="很多"' in wrong.get_data(as_text=True)) == (422, True)
    for _time in range(2):
        done = act(client, base, owner=str(mine.owner_id), points="100", reason="签到台")
        assert (done.status_code, done.location) == (303, base)
    with fresh(app) as session:
        login = session.scalars(select(Account.id).where(Account.owner_id == mine.owner_id)).one()
    owner = visitor_of(app, login)
    assert "春季自驾游 · 签到台" in owner.get("/me/points").get_data(as_text=True)
    with fresh(app) as session:
        (entry,) = session.scalars(select(LedgerEntry)).all()
    other = stored(app, lambda session: make_running(session))
    gone = f"/helpers/{entry.id}/take-back"
    assert act(client, f"/desk/events/{other}{gone}", reason="x").status_code == 404
    assert act(client, f"/desk/events/{event_id}{gone}", reason="").status_code == 422
    assert act(client, f"/desk/events/{event_id}{gone}", reason="认错人").status_code == 303
    with fresh(app) as session:
        assert ledger.balance(session, mine.owner_id) == 0
