"""What belongs to an event goes along when it moves, is copied, or has its steps changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from events import copying, parts, programme
from events.gatherings import ballots, gift_draw, sales
from events.gatherings.sales import ItemLine
from events.lines import StepLine
from events.models import Ballot, Trip
from events.planning import Plan
from events.refusals import PlanRefused
from events.trips import planning, stops
from tests.conftest import Sessions
from tests.events.test_gatherings import NOW_IN, a_ballot, an_event, here
from tests.events.travelling import gpx, make_trip, northwards
from tests.making import NOW, make_event

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = NOW + 14 * DAY


def test_the_step_of_the_gifts_stays(db: Session) -> None:
    """It can be renamed; red (a broken foreign key) without the question about the draw."""
    event = an_event(db)
    step = event.steps[0]
    gift_draw.prepare(db, event, step, **NOW_IN)
    with pytest.raises(PlanRefused):
        parts.set_steps(db, event, [StepLine("签到")], **NOW_IN)
    parts.set_steps(db, event, [StepLine("交礼物", id=step.id)], **NOW_IN)
    assert [(one.id, one.name_zh) for one in event.steps] == [(step.id, "交礼物")]


def test_ballots_go_along_with_the_start_until_they_open(db: Session, sessions: Sessions) -> None:
    """Red without the shift in the change of the plan, and when an open ballot moves."""
    event = make_event(db)
    open_now, comes = a_ballot(db, event), a_ballot(db, event, since=-3, left=5)
    plan = Plan.of(event)
    later = {"starts_at": plan.starts_at + DAY, "ends_at": plan.ends_at + DAY}
    programme.change(db, event, replace(plan, **later), **NOW_IN)
    db.commit()
    with sessions() as fresh:
        found = [fresh.get_one(Ballot, one.id) for one in (open_now, comes)]
        assert [(one.opens_at - NOW, one.closes_at - NOW) for one in found] == [
            (-1 * HOUR, 2 * HOUR),
            (DAY + 3 * HOUR, DAY + 5 * HOUR),
        ]


def test_next_years_edition_takes_ballots_and_the_price_list_along(
    db: Session, sessions: Sessions
) -> None:
    """Times keep their distance, nothing is voted and nothing sold; red without the copying."""
    event = an_event(db)
    ballot, (voter,) = a_ballot(db, event), here(db, event)
    ballots.vote(db, ballot, voter, ballot.options[0].id, **NOW_IN)
    sales.set_items(db, event, [ItemLine("车标", 12800, 3, "Emblem")], **NOW_IN)
    (item,) = sales.items_of(db, event.id)
    sales.sell(db, item, voter, 2, request_id="s", **NOW_IN)
    made = copying.repeat(db, event, **NOW_IN)
    db.commit()
    with sessions() as fresh:
        (again,) = ballots.ballots_of(fresh, made.id)
        told = (again.title_zh, again.opens_at - made.starts_at, again.closes_at - made.starts_at)
        assert told == ("最美座驾", -1.5 * HOUR, 1.5 * HOUR)
        assert [one.name_zh for one in again.options] == ["白鹭", "青雀", "玄豹"]
        assert ballots.votes_in(fresh, again.id) == 0
        assert [
            (one.name_zh, one.name_en, one.price_fen, one.stock, one.sold)
            for one in sales.items_of(fresh, made.id)
        ] == [("车标", "Emblem", 12800, 3, 0)]
        assert len(ballots.ballots_of(fresh, event.id)) == 1


def test_stops_go_along_with_the_start_and_a_lost_day_is_not_driven(
    db: Session, sessions: Sessions
) -> None:
    """Moved by two hours and cut to one day; red without the shift, and when the route of the
    second day still counts."""
    trip = make_trip(db)
    planning.set_route(db, trip, 2, gpx(northwards(20.0)), "b.gpx", by=None, now=NOW)
    first, both = trip.days[0].metres, stops.metres_of(trip)
    later = START + timedelta(hours=2)
    plan = replace(Plan.of(trip.event), starts_at=later, ends_at=later + timedelta(hours=4))
    programme.change(db, trip.event, plan, by=None, now=NOW)
    db.commit()
    with sessions() as fresh:
        again = fresh.get_one(Trip, trip.id)
        assert [one.arrives_at for one in again.stops] == [later, None]
        assert (both > first + 15_000, stops.metres_of(again)) == (True, first)
