"""Ballots: one vote for each car that came, counted for all to see at a set time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, selectinload

from events.gatherings import present
from events.gatherings.refusals import BallotUnclear, NoVote, VotesAreIn
from events.models import Ballot, BallotOption, Event, EventState, Registration, Vote
from foundation import audit
from foundation.words import N_

MOST_OPTIONS = 60


@dataclass(frozen=True, slots=True)
class Name:
    """A name in Chinese, and in English where there is one."""

    zh: str
    en: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A ballot as staff want it."""

    title: Name
    options: Sequence[Name]
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """An option with its votes and its rank; the same number of votes is the same rank."""

    option: BallotOption
    votes: int
    rank: int


def ballots_of(db: Session, event_id: int) -> Sequence[Ballot]:
    """The ballots of an event, in their order."""
    return db.scalars(
        select(Ballot)
        .where(Ballot.event_id == event_id)
        .options(selectinload(Ballot.options))
        .order_by(Ballot.position, Ballot.id)
    ).all()


def keep(
    db: Session, event: Event, ballot: Ballot | None, wish: Wish, *, by: int | None, now: datetime
) -> Ballot:
    """A new ballot, or one that is changed. Once somebody voted its options stay as they are."""
    if not wish.title.zh:
        raise BallotUnclear(N_("What is this ballot about, in Chinese?"))
    if not 2 <= len(wish.options) <= MOST_OPTIONS:
        raise BallotUnclear(N_("Please write from 2 to %(most)s options."), most=MOST_OPTIONS)
    if wish.closes_at <= wish.opens_at:
        raise BallotUnclear(N_("A ballot closes after it opens."))
    if ballot is None:
        position = db.scalar(select(func.count()).where(Ballot.event_id == event.id)) or 0
        ballot = Ballot(event_id=event.id, position=position)
        db.add(ballot)
    ballot.title_zh, ballot.title_en = wish.title.zh, wish.title.en
    ballot.opens_at, ballot.closes_at = wish.opens_at, wish.closes_at
    _set_options(db, ballot, wish.options)
    db.flush()
    audit.record(db, "ballot.keep", "ballot", ballot.id, by=by, now=now, event=event.id)
    db.flush()
    return ballot


def _set_options(db: Session, ballot: Ballot, names: Sequence[Name]) -> None:
    stands = [(one.name_zh, one.name_en) for one in ballot.options]
    if stands == [(name.zh, name.en) for name in names]:
        return
    if ballot.id is not None and votes_in(db, ballot.id):
        raise VotesAreIn(N_("Somebody has voted already: the options stay as they are."))
    ballot.options.clear()
    db.flush()
    for position, name in enumerate(names):
        ballot.options.append(BallotOption(position=position, name_zh=name.zh, name_en=name.en))


def drop(db: Session, ballot: Ballot, *, by: int | None, now: datetime) -> None:
    """Take a ballot away that nobody has voted in."""
    if votes_in(db, ballot.id):
        raise VotesAreIn(N_("Somebody has voted already: the ballot stays."))
    audit.record(db, "ballot.drop", "ballot", ballot.id, by=by, now=now, event=ballot.event_id)
    db.delete(ballot)
    db.flush()


def vote(
    db: Session,
    ballot: Ballot,
    registration: Registration,
    option_id: int,
    *,
    by: int | None,
    now: datetime,
) -> None:
    """The car's vote; until the ballot closes a later one takes its place. One a car, whoever of
    it votes and however many do so at once: the key of the row says so."""
    check_may_vote(db, ballot, registration, now=now)
    if option_id not in {one.id for one in ballot.options}:
        raise NoVote(N_("This is not on the ballot. Please choose one of the options."))
    voter = present.voter_of(registration)
    db.execute(  # their vote of before, when they came with another car
        delete(Vote).where(
            Vote.ballot_id == ballot.id,
            Vote.registration_id == registration.id,
            Vote.voter != voter,
        )
    )
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    given = {"option_id": option_id, "registration_id": registration.id, "voted_at": now}
    statement = insert(Vote).values(ballot_id=ballot.id, voter=voter, **given)
    db.execute(statement.on_conflict_do_update(index_elements=["ballot_id", "voter"], set_=given))
    audit.record(db, "ballot.vote", "ballot", ballot.id, by=by, now=now)  # that, not for what
    db.flush()


def check_may_vote(
    db: Session, ballot: Ballot, registration: Registration, *, now: datetime
) -> None:
    """The ballot is open, and the car is here."""
    if registration.event_id != ballot.event_id or registration.event.state != EventState.PUBLISHED:
        raise NoVote(N_("This ballot belongs to another event."))
    if now < ballot.opens_at:
        raise NoVote(N_("This ballot is not open yet."))
    if now >= ballot.closes_at:
        raise NoVote(N_("This ballot is closed."))
    if not present.is_here(db, registration):
        raise NoVote(N_("You can vote once you are checked in."))


def votes_in(db: Session, ballot_id: int) -> int:
    """How many have voted."""
    return db.scalar(select(func.count()).where(Vote.ballot_id == ballot_id)) or 0


def choice_of(db: Session, registration: Registration) -> dict[int, int]:
    """What this car voted for: option by ballot."""
    mine = select(Vote.ballot_id, Vote.option_id).where(
        Vote.voter == present.voter_of(registration),
        Vote.ballot_id.in_(select(Ballot.id).where(Ballot.event_id == registration.event_id)),
    )
    return {row.ballot_id: row.option_id for row in db.execute(mine)}


def result(db: Session, ballot: Ballot, *, now: datetime) -> list[Counted] | None:
    """The options by votes, most first; None while the ballot is not closed, for staff too."""
    if now < ballot.closes_at:
        return None
    query = select(Vote.option_id, func.count()).where(Vote.ballot_id == ballot.id)
    votes = {row[0]: row[1] for row in db.execute(query.group_by(Vote.option_id))}
    ordered = sorted(ballot.options, key=lambda one: (-votes.get(one.id, 0), one.position))
    numbers = [votes.get(one.id, 0) for one in ordered]
    return [
        Counted(option, number, numbers.index(number) + 1)
        for option, number in zip(ordered, numbers, strict=True)
    ]
