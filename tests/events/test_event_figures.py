"""The figures of one event, each beside a count of its own; its cost; page and workbook."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, cancelling, check_in, costs
from events.figuring import answering, people, spending
from events.figuring.people import Absent, Steps
from events.figuring.spending import Spent
from events.models import (
    Event,
    EventCost,
    EventInvitee,
    NoShow,
    NoShowState,
    Question,
    QuestionKind,
    Registration,
)
from events.refusals import CostRefused
from foundation.audit import AuditEntry
from foundation.roles import Role
from members.models import Interest, InterestGroup, OrderKind, OwnerInterest, PaidBy
from tests.browsing import fresh, send
from tests.club.scene import line
from tests.entering import at_desk
from tests.events.at_the_desk import make_running, sign_up, stored
from tests.making import KEYS, NOW, make_event, make_member, make_vehicle

STARTS = NOW + timedelta(days=14)
AFTER = STARTS + timedelta(days=200)


@dataclass
class Scene:
    """An event with everybody there can be: `who` came, stayed away, cancelled, never signed up."""

    event: Event
    came: list[Registration]
    missing: Registration


def play(db: Session) -> Scene:
    """Invited: five, of whom two came, one cancelled, two never signed up. Uninvited: two came,
    one of them after a first sign-up that was cancelled; one kept a place and stayed away."""
    event = make_event(db, places=20)
    ask(db, event)
    names = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛")
    owners = [make_member(db, one, tier="gold" if one in "甲丁" else "general") for one in names]
    for one in owners[:5]:
        db.add(EventInvitee(event_id=event.id, owner_id=one.id, invited_at=NOW))
    make_vehicle(db, owners[3], model="S7")
    signed = [register(db, event, owners[n], size) for n, size in ((0, 3), (1, 1), (2, 1), (5, 1))]
    for gone in signed[2:]:
        cancelling.cancel(db, gone, by=None, now=NOW)
    signed[2:] = [register(db, event, owners[n], 1) for n in (5, 6, 7)]
    for one in signed[:4]:
        arrive(db, event, one)
    like(db, owners[0], owners[3], owners[7])
    return Scene(event, signed[:4], signed[4])


def ask(db: Session, event: Event) -> None:
    kinds = ((QuestionKind.CHOICE, "餐"), (QuestionKind.NUMBER, "公里"), (QuestionKind.TEXT, "说"))
    for position, (kind, text) in enumerate(kinds):
        choices = ["荤", "素"] if kind == QuestionKind.CHOICE else []
        event.questions.append(
            Question(position=position, kind=kind, text_zh=text, choices_zh=choices)
        )
    db.flush()


def register(db: Session, event: Event, owner: Any, size: int) -> Registration:
    meal, far, said = (one.id for one in event.questions)
    answers = {meal: "荤", far: str(10 * size + 1), said: "你好"}
    return booking.register(
        db, event, owner, party_size=size, answers=answers, keys=KEYS, by=None, now=NOW
    )


def arrive(db: Session, event: Event, one: Registration) -> None:
    check_in.check_in(db, event, one.ticket, request_id=f"r{one.id}", by=None, now=STARTS)


def like(db: Session, *owners: Any) -> None:
    group = InterestGroup(code="trips", name_zh="出行", position=1)
    group.items.append(Interest(code="hills", name_zh="山路", position=1))
    db.add(group)
    db.flush()
    db.add_all(
        OwnerInterest(owner_id=one.id, interest_id=group.items[0].id, since=NOW) for one in owners
    )
    db.flush()


def test_each_step_counts_a_member_once(db: Session) -> None:
    """Eight members. Red when registrations are counted instead of members, when who cancelled
    has a place, when who was seen and then cancelled has come, or when a car comes from the
    sign-up alone."""
    scene = play(db)
    event = scene.event
    assert people.steps(db, event) == Steps(invited=5, signed_up=6, placed=5, came=4)
    assert people.steps_of_invited(db, event) == Steps(invited=5, signed_up=3, placed=2, came=2)
    assert people.by_tier(db, event) == {"gold": Steps(2, 1, 1, 1), "general": Steps(3, 5, 4, 3)}
    assert people.by_model(db, event) == {"S7": Steps(1, 0, 0, 0), "": Steps(4, 6, 5, 4)}
    assert list(people.by_interest(db, event).values()) == [Steps(2, 2, 2, 1)]
    assert people.heads(db, event) == 6
    cancelling.cancel(db, scene.came[3], as_staff=True, by=None, now=STARTS)
    assert people.steps(db, event) == Steps(invited=5, signed_up=6, placed=4, came=3)


def test_who_did_not_come_is_known_after_the_end_where_the_door_was_used(db: Session) -> None:
    """R31: red without the question whether anybody was checked in at all."""
    scene = play(db)
    missing = NoShow(
        registration_id=scene.missing.id,
        missed_on=date(2026, 3, 16),
        grade=1,
        state=NoShowState.EXCUSED,
        noted_at=AFTER,
    )
    assert people.absent(db, scene.event, now=scene.event.ends_at) is None
    assert people.absent(db, scene.event, now=AFTER) == Absent(1, 0, 5)
    db.add(missing)
    db.flush()
    assert people.absent(db, scene.event, now=AFTER) == Absent(1, 1, 5)
    unused = make_event(db)
    booking.register(db, unused, make_member(db), keys=KEYS, by=None, now=NOW)
    assert people.absent(db, unused, now=AFTER) is None
    assert spending.compare(db, unused, now=AFTER) is None


def test_answers_are_counted_and_free_words_are_not_read(db: Session) -> None:
    """Of the five with a place: red when those of who cancelled count, or when an answer from
    before the question asked for a number stops the page."""
    event = play(db).event
    meal, far, said = answering.answered(db, event)
    assert (meal.answers, dict(meal.counts)) == (5, {"荤": 5, "素": 0})
    assert (far.answers, far.mean) == (5, Decimal("15.0"))
    assert (said.answers, dict(said.counts), said.mean) == (5, {}, None)
    said.question.kind = QuestionKind.NUMBER
    db.flush()
    assert answering.answered(db, event)[2].mean is None


def test_spending_is_compared_over_the_shops_days(db: Session) -> None:
    """Both ends of the 90 days count, the event's own day in neither; refunds are taken off; a
    car's price and what others paid never count. Red with the day after the 90th, with the
    event's day, or with all lines."""
    scene = play(db)
    day, owner = date(2026, 3, 16), scene.came[0].owner
    for off, fen in ((-91, 1), (-90, 200), (-1, 300), (0, 5), (1, 1000), (90, 4000), (91, 7)):
        line(db, owner, day + timedelta(days=off), fen)
    line(db, owner, day + timedelta(days=2), -500)
    line(db, owner, day + timedelta(days=2), 90_000_00, kind=OrderKind.DELIVERY)
    line(db, owner, day + timedelta(days=2), 800, paid_by=PaidBy.WARRANTY)
    invited = select(EventInvitee.owner_id).order_by(EventInvitee.id.desc())
    away = db.scalars(invited).first()
    line(db, scene.missing.owner, day + timedelta(days=3), 9)  # neither came nor was invited
    found = spending.compare(db, scene.event, now=AFTER)
    assert found is not None
    assert found.came == Spent(4, 500, 4500, 1, 1)
    assert found.came.each(4500) == 1125
    assert (found.stayed_away, away) == (Spent(3, 0, 0, 0, 0), away)


def test_while_the_90_days_run_as_many_are_taken_before(db: Session) -> None:
    """Red when ten days after are held against ninety before."""
    scene = play(db)
    day, owner = date(2026, 3, 16), scene.came[1].owner
    line(db, owner, day - timedelta(days=11), 70)
    line(db, owner, day - timedelta(days=10), 30)
    line(db, owner, day + timedelta(days=10), 40)
    line(db, owner, day + timedelta(days=11), 90)  # today is not over
    found = spending.compare(db, scene.event, now=STARTS + timedelta(days=11))
    assert found is not None
    assert (found.spans.days, found.came) == (10, Spent(4, 30, 40, 1, 1))
    assert spending.compare(db, scene.event, now=STARTS + timedelta(days=1)) is None


def test_a_cost_is_noted_once_and_corrected(db: Session) -> None:
    """R67: one row, an entry each time; an empty amount is not ¥0."""
    event = make_event(db)
    given: dict[str, Any] = {"words": "场地", "by": None, "now": NOW}
    costs.note(db, event, planned_fen=5000_00, actual_fen=None, **given)
    costs.note(db, event, planned_fen=5000_00, actual_fen=0, **given)
    for wrong in (-1, costs.MOST_FEN + 1):
        with pytest.raises(CostRefused):
            costs.note(db, event, planned_fen=None, actual_fen=wrong, **given)
    (kept,) = db.scalars(select(EventCost)).all()
    assert (kept.planned_fen, kept.actual_fen, kept.note) == (5000_00, 0, "场地")
    noted = db.scalars(select(AuditEntry).where(AuditEntry.act == "event.cost")).all()
    assert [one.details["actual_fen"] for one in noted] == [None, 0]


def test_the_page_and_its_workbook(app: Flask) -> None:
    """R61, R67: red without the entry of who took the figures, or when what is typed wrongly is
    stored or lost; a coming event that nobody knows of has a page too."""
    event_id = stored(app, lambda session: make_running(session, title_en=None))
    client, here = at_desk(app), f"/desk/events/{event_id}/figures"
    assert "尚无人受邀或报名" in client.get(here).text
    empty = load_workbook(io.BytesIO(send(client, f"{here}/workbook", page=here).data)).worksheets
    assert [one.title for one in empty] == ["数据"]
    sign_up(app, event_id, "林晓")
    cost = f"/desk/events/{event_id}/cost"
    wrong = send(client, cost, here, planned_fen="很多", actual_fen="", note="场地")
    assert (wrong.status_code, 'value="很多"' in wrong.text) == (422, True)
    kept = send(client, cost, here, planned_fen="1,200.50", actual_fen="", note="场地")
    assert kept.status_code == 303
    shown = client.get(here).text
    assert ("-¥1,200" in shown, "林晓" in shown) == (True, False)
    answer = send(client, f"{here}/workbook", page=here)
    sheets = load_workbook(io.BytesIO(answer.data)).worksheets
    cells = {one.title: list(one.values)[1:] for one in sheets}
    assert ("收入减费用", -1200.5) in cells["数据"]
    assert cells["全部报名会员"] == [("报名", 1), ("有名额", 1)]
    assert ("计划费用", 1200.5) in cells["收入与费用"]
    with fresh(app) as db:
        acts = db.scalars(select(AuditEntry.act).where(AuditEntry.act.like("event.%"))).all()
        assert [one for one in acts if one in ("event.cost", "event.figures")] == [
            "event.figures",
            "event.cost",
            "event.figures",
        ]
    advisor = at_desk(app, Role.SERVICE_MANAGER)
    assert (advisor.get(here).status_code, 'name="planned_fen"' in advisor.get(here).text) == (
        200,
        False,
    )
    assert send(at_desk(app, Role.MARKETING), cost, "/desk").status_code == 403
