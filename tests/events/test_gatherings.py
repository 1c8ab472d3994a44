"""Ballots, the gift exchange, saving contests and sales at an event."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events import booking, check_in
from events.gatherings import ballots, gift_draw, present
from events.gatherings.ballots import Name, Wish
from events.gatherings.refusals import (
    BallotUnclear,
    NoDraw,
    NoVote,
    VotesAreIn,
)
from events.models import (
    Ballot,
    CheckIn,
    CheckInStep,
    Event,
    GiftPair,
    Registration,
    Vote,
)
from foundation.audit import AuditEntry
from tests.conftest import Sessions
from tests.making import KEYS, NOW, make_event, make_member, make_vehicle

NOW_IN = {"by": None, "now": NOW}


def an_event(db: Session) -> Event:
    """A gathering of cars that began an hour ago."""
    event = make_event(db, unit="car", starts_at=NOW + timedelta(minutes=30))
    event.steps.append(CheckInStep(position=0, name_zh="交换礼物"))
    db.flush()
    return event


def coming(db: Session, event: Event, **car: object) -> Registration:
    """Somebody with a place and a car."""
    owner = make_member(db)
    vehicle = make_vehicle(db, owner, **car)
    return booking.register(
        db, event, owner, vehicle=vehicle, keys=KEYS, by=None, now=NOW - timedelta(days=1)
    )


def arrive(db: Session, one: Registration, step: CheckInStep | None = None) -> Registration:
    check_in.check_in(
        db, one.event, one.ticket, request_id=f"{one.id}-{step and step.id}", step=step, **NOW_IN
    )
    return one


def here(db: Session, event: Event, number: int = 1) -> list[Registration]:
    return [arrive(db, coming(db, event)) for _one in range(number)]


def a_ballot(db: Session, event: Event, **hours: float) -> Ballot:
    wish = Wish(
        Name("最美座驾", "Finest car"),
        [Name("白鹭"), Name("青雀"), Name("玄豹")],
        NOW - timedelta(hours=hours.get("since", 1)),
        NOW + timedelta(hours=hours.get("left", 2)),
    )
    return ballots.keep(db, event, None, wish, **NOW_IN)


def test_one_vote_a_car_and_the_result_at_its_time(db: Session, sessions: Sessions) -> None:
    """A changed vote takes the place of the first; red without the key of (ballot, voter), and
    when the result is told before its time."""
    event = an_event(db)
    ballot, voters = a_ballot(db, event), here(db, event, 3)
    first, second = (option.id for option in ballot.options[:2])
    for voter, option in zip(voters, (first, second, second), strict=True):
        ballots.vote(db, ballot, voter, option, **NOW_IN)
    ballots.vote(db, ballot, voters[0], second, **NOW_IN)
    db.commit()
    with sessions() as read:
        kept = read.get_one(Ballot, ballot.id)
        assert ballots.votes_in(read, kept.id) == 3
        assert ballots.result(read, kept, now=NOW) is None
        told = ballots.result(read, kept, now=kept.closes_at)
        assert told is not None
        assert [(one.option.name_zh, one.votes, one.rank) for one in told] == [
            ("青雀", 3, 1),
            ("白鹭", 0, 2),
            ("玄豹", 0, 2),
        ]


def test_another_car_brings_no_second_vote(db: Session) -> None:
    """Red when only the car is looked at: votes, changes the car, votes again"""
    event = an_event(db)
    ballot, (voter,) = a_ballot(db, event), here(db, event)
    ballots.vote(db, ballot, voter, ballot.options[0].id, **NOW_IN)
    voter.vehicle_id = make_vehicle(db, voter.owner).id
    ballots.vote(db, ballot, voter, ballot.options[1].id, **NOW_IN)
    assert db.scalars(select(Vote.option_id)).all() == [ballot.options[1].id]


def test_the_trail_does_not_say_for_what_somebody_voted(db: Session) -> None:
    """Red when the option is among the details"""
    event = an_event(db)
    ballot, (voter,) = a_ballot(db, event), here(db, event)
    ballots.vote(db, ballot, voter, ballot.options[0].id, **NOW_IN)
    entry = db.scalars(select(AuditEntry).where(AuditEntry.act == "ballot.vote")).one()
    assert entry.details == {}


@pytest.mark.parametrize("case", ["absent", "early", "late", "other-event", "no-option"])
def test_who_may_not_vote_leaves_no_vote(db: Session, case: str) -> None:
    """Red without each of the five checks"""
    event = an_event(db)
    voter = coming(db, event) if case == "absent" else here(db, event)[0]
    ballot = a_ballot(
        db,
        an_event(db) if case == "other-event" else event,
        since=-1 if case == "early" else 3,
        left=-1 if case == "late" else 2,
    )
    option = 0 if case == "no-option" else ballot.options[0].id
    with pytest.raises(NoVote):
        ballots.vote(db, ballot, voter, option, **NOW_IN)
    assert db.scalar(select(func.count()).select_from(Vote)) == 0


def test_options_stay_once_somebody_voted(db: Session) -> None:
    """Red without the look at the votes: theirs would be for something else"""
    event = an_event(db)
    ballot, (voter,) = a_ballot(db, event), here(db, event)
    ballots.vote(db, ballot, voter, ballot.options[0].id, **NOW_IN)
    longer = Wish(
        Name("最美座驾"),
        [Name(one.name_zh, one.name_en) for one in ballot.options],
        ballot.opens_at,
        ballot.closes_at + timedelta(hours=1),
    )
    ballots.keep(db, event, ballot, longer, **NOW_IN)
    other = Wish(longer.title, [Name("甲"), Name("乙")], longer.opens_at, longer.closes_at)
    with pytest.raises(VotesAreIn):
        ballots.keep(db, event, ballot, other, **NOW_IN)
    with pytest.raises(VotesAreIn):
        ballots.drop(db, ballot, **NOW_IN)


@pytest.mark.parametrize(
    ("title", "options", "hours"), [("", 2, 1), ("车", 1, 1), ("车", 61, 1), ("车", 2, 0)]
)
def test_an_unclear_ballot_is_refused(db: Session, title: str, options: int, hours: int) -> None:
    names = [Name(f"选项{number}") for number in range(options)]
    with pytest.raises(BallotUnclear):
        ballots.keep(
            db, an_event(db), None, Wish(Name(title), names, NOW, NOW + timedelta(hours=hours)),
            **NOW_IN,
        )  # fmt: skip


def handed_in(db: Session, event: Event, number: int) -> list[Registration]:
    return [arrive(db, coming(db, event), event.steps[0]) for _one in range(number)]


def test_everybody_draws_one_and_nobody_their_own(db: Session, sessions: Sessions) -> None:
    """Red when a gift goes to the one before and after it in no ring"""
    event = an_event(db)
    gave = handed_in(db, event, 7)
    arrive(db, coming(db, event))  # without a gift, without a draw
    draw = gift_draw.prepare(db, event, event.steps[0], **NOW_IN)
    gift_draw.draw_now(db, draw, **NOW_IN)
    db.commit()
    with sessions() as read:
        pairs = read.scalars(select(GiftPair).order_by(GiftPair.number)).all()
        assert [pair.giver_id for pair in pairs] == [one.id for one in gave]
        assert sorted(pair.receiver_id for pair in pairs) == sorted(one.id for one in gave)
        assert all(pair.giver_id != pair.receiver_id for pair in pairs)


def worked_out_again(seed: str, gifts: int) -> list[int]:
    """What the page tells everybody to do, done by hand."""
    order = sorted(
        range(1, gifts + 1), key=lambda n: hashlib.sha256(f"{seed}:{n}".encode()).hexdigest()
    )
    return [order[(order.index(n) + 1) % gifts] for n in range(1, gifts + 1)]


def test_the_seed_is_settled_before_and_anybody_can_check_the_draw(db: Session) -> None:
    """Red when the seed changes after its hash was shown, or the draw follows anything else"""
    event = an_event(db)
    gave = handed_in(db, event, 5)
    shown = gift_draw.prepare(db, event, event.steps[0], **NOW_IN).seed_hash
    draw = gift_draw.prepare(db, event, event.steps[0], **NOW_IN)
    gift_draw.draw_now(db, draw, **NOW_IN)
    assert hashlib.sha256(draw.seed.encode()).hexdigest() == shown
    numbers = {one.id: number for number, one in enumerate(gave, start=1)}
    drawn = [numbers[pair.receiver_id] for pair in draw.pairs]
    assert drawn == worked_out_again(draw.seed, 5)


def test_it_is_drawn_once(db: Session) -> None:
    """Red without the condition in the update"""
    event = an_event(db)
    handed_in(db, event, 2)
    draw = gift_draw.prepare(db, event, event.steps[0], **NOW_IN)
    gift_draw.draw_now(db, draw, **NOW_IN)
    for act in (
        lambda: gift_draw.draw_now(db, draw, **NOW_IN),
        lambda: gift_draw.prepare(db, event, None, **NOW_IN),
    ):
        with pytest.raises(NoDraw):
            act()
    assert db.scalar(select(func.count()).select_from(GiftPair)) == 2


def test_one_gift_alone_is_not_drawn(db: Session) -> None:
    event = an_event(db)
    handed_in(db, event, 1)
    draw = gift_draw.prepare(db, event, event.steps[0], **NOW_IN)
    with pytest.raises(NoDraw):
        gift_draw.draw_now(db, draw, **NOW_IN)
    assert draw.drawn_at is None


def test_who_is_here(db: Session) -> None:
    """Red when a struck-out arrival counts"""
    event = an_event(db)
    came, gone = here(db, event, 2)
    coming(db, event)
    last = db.scalars(select(CheckIn).where(CheckIn.registration_id == gone.id)).one()
    check_in.undo(db, last, **NOW_IN)
    assert [one.id for one in db.scalars(present.here_query(event.id))] == [came.id]
    assert (present.is_here(db, came), present.is_here(db, gone)) == (True, False)
