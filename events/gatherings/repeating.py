"""A gathering again at another time: its ballots and what is for sale; no vote, nothing sold."""

from sqlalchemy.orm import Session

from events.gatherings.ballots import ballots_of
from events.gatherings.sales import items_of
from events.models import Ballot, BallotOption, Event, SaleItem


def copy_day(db: Session, event: Event, made: Event) -> None:
    """The copy of an event gets the ballots and the price list; times keep their distance."""
    shift = made.starts_at - event.starts_at
    for ballot in ballots_of(db, event.id):
        again = Ballot(
            event_id=made.id,
            position=ballot.position,
            title_zh=ballot.title_zh,
            title_en=ballot.title_en,
            opens_at=ballot.opens_at + shift,
            closes_at=ballot.closes_at + shift,
        )
        again.options = [
            BallotOption(position=one.position, name_zh=one.name_zh, name_en=one.name_en)
            for one in ballot.options
        ]
        db.add(again)
    for item in items_of(db, event.id):
        db.add(
            SaleItem(
                event_id=made.id,
                position=item.position,
                name_zh=item.name_zh,
                name_en=item.name_en,
                price_fen=item.price_fen,
                stock=item.stock,
                sold=0,
            )
        )
    db.flush()
