"""Eight processes at one gathering: one draw, no more sold than there is, one vote a car."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.gatherings import ballots, gift_draw, sales
from events.gatherings.refusals import NoDraw, SaleRefused
from events.models import Ballot, BallotOption, GiftDraw, GiftPair, Registration, SaleItem, Vote
from tests.conftest import Sessions
from tests.events.racing import once_free, race
from tests.events.test_gatherings import a_ballot, an_event, handed_in, here
from tests.making import NOW

RACERS = 8


def draw(sessions: Sessions, event_id: int) -> str:
    return once_free(sessions, _draw, event_id)


def sell(sessions: Sessions, item_id: int, registration_id: int, number: int) -> str:
    return once_free(sessions, _sell, item_id, registration_id, number)


def vote(sessions: Sessions, ballot_id: int, registration_id: int, option_id: int) -> str:
    return once_free(sessions, _vote, ballot_id, registration_id, option_id)


def _draw(db: Session, event_id: int) -> str:
    found = db.scalars(select(GiftDraw).where(GiftDraw.event_id == event_id)).one()
    try:
        gift_draw.draw_now(db, found, by=None, now=NOW)
    except NoDraw:
        return "drawn already"
    return "drawn"


def _sell(db: Session, item_id: int, registration_id: int, number: int) -> str:
    item, who = db.get_one(SaleItem, item_id), db.get_one(Registration, registration_id)
    try:
        sales.sell(db, item, who, 1, request_id=f"r{number}", by=None, now=NOW)
    except SaleRefused:
        return "none left"
    return "sold"


def _vote(db: Session, ballot_id: int, registration_id: int, option_id: int) -> str:
    who = db.get_one(Registration, registration_id)
    ballots.vote(db, db.get_one(Ballot, ballot_id), who, option_id, by=None, now=NOW)
    return "voted"


def test_eight_at_once(sessions: Sessions, database_url: str) -> None:
    """Red without the condition on `drawn_at`, on the stock, or without the key of a vote."""
    with sessions() as db:
        event = an_event(db)
        gave = handed_in(db, event, 4)
        gift_draw.prepare(db, event, event.steps[0], by=None, now=NOW - timedelta(hours=1))
        sales.set_items(db, event, [sales.ItemLine("车标", 2000, 3)], by=None, now=NOW)
        item, (who,), ballot = (
            sales.items_of(db, event.id)[0].id,
            here(db, event),
            a_ballot(db, event),
        )
        options = [option.id for option in ballot.options]
        event_id, ballot_id, who_id = event.id, ballot.id, who.id
        db.commit()
    drawn = race(database_url, [(draw, (event_id,))] * RACERS)
    sold = race(database_url, [(sell, (item, who_id, n)) for n in range(RACERS)])
    voted = race(database_url, [(vote, (ballot_id, who_id, options[n % 3])) for n in range(RACERS)])
    assert (drawn.count("drawn"), sold.count("sold"), voted.count("voted")) == (1, 3, RACERS)
    with sessions() as read:
        assert read.scalar(select(func.count()).select_from(GiftPair)) == len(gave)
        assert read.get_one(SaleItem, item).sold == 3
        assert read.scalar(select(func.count()).select_from(Vote)) == 1
        assert read.scalar(select(func.count()).select_from(BallotOption)) == 3
