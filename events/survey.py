"""Three questions after an event, answered once through the link in the letter of thanks (R58).

Scores are only counted, five answers at a time, so none can be tied to a person even in the
database or from the difference between two looks; until then they wait sealed. Words are kept
under a name or not at all.
"""

import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from club import bonuses, ledger
from club.models import BonusKind
from events.came import came
from events.models import Registration, SurveyTally, SurveyUse, SurveyWaiting, SurveyWords
from events.refusals import SurveyRefused
from events.tickets import TicketKeys
from foundation import clock, tokens
from foundation.labels import Labelled
from foundation.tokens import LinkAltered
from foundation.words import N_, InBoth

PURPOSE, VALID_FOR = "event-survey", timedelta(days=60)
SHOWN_FROM, LONGEST = 5, 1000


class Question(Labelled):
    """What is asked after every event."""

    WELCOME = "welcome", N_("How were you received and looked after?")
    PROGRAMME = "programme", N_("How did you like the event itself?")
    ORDER = "order", N_("How well was it organised: information, time, place?")


class Score(enum.IntEnum):
    """What an answer counts (domain, section 9)."""

    FINE = 40
    SATISFIED = 60
    VERY_SATISFIED = 100


@dataclass(frozen=True, slots=True)
class Results:
    """How many answers are counted, and how many wait until they are five; the means of the
    questions from five answers on."""

    counted: int
    waiting: int = 0
    means: Mapping[Question, int] = field(default_factory=dict)
    counts: Mapping[Question, Mapping[Score, int]] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        return self.counted + self.waiting


def path_of(link_keys: Sequence[str], registration_id: int) -> str:
    """The address at which one registration answers."""
    return f"/survey/{tokens.sign(link_keys, PURPOSE, registration_id)}"


def read_link(db: Session, link_keys: Sequence[str], token: str) -> Registration:
    """Whose link it is."""
    ident = tokens.read_signed(link_keys, PURPOSE, token, valid_for=VALID_FOR)
    found = db.scalar(
        select(Registration)
        .where(Registration.id == (ident if isinstance(ident, int) else 0))
        .options(joinedload(Registration.event), joinedload(Registration.owner))
    )
    if found is None:
        raise LinkAltered(N_("This link is not complete. Please copy the whole of it."))
    return found


def is_answered(db: Session, registration: Registration, *, hash_key: str) -> bool:
    """Whether the link was used."""
    return db.get(SurveyUse, _mark(registration, hash_key)) is not None


def answer(
    db: Session,
    registration: Registration,
    scores: Mapping[Question, Score],
    *,
    words: str = "",
    keys: TicketKeys,
    now: datetime,
) -> int:
    """Take the scores once per registration, keep `words` under the member's name; the points
    that it brought."""
    if set(scores) != set(Question):
        raise SurveyRefused(N_("Please answer all three questions."))
    there = select(Registration.id).where(Registration.id == registration.id, came())
    if db.scalar(there) is None:
        raise SurveyRefused(N_("These questions are for those who were there."))
    use = _insert(db, SurveyUse).values(key=_mark(registration, keys.hash))
    made = db.scalars(use.on_conflict_do_nothing().returning(SurveyUse.key)).one_or_none()
    if made is None:
        raise SurveyRefused(N_("You have answered already. Thank you."))
    _take(db, registration.event_id, scores, keys)
    if words.strip():
        db.add(
            SurveyWords(
                registration_id=registration.id,
                event_id=registration.event_id,
                words=words.strip()[:LONGEST],
            )
        )
    db.flush()
    return _reward(db, registration, now)


def _take(db: Session, event_id: int, scores: Mapping[Question, Score], keys: TicketKeys) -> None:
    """Put the scores to those that wait; the fifth lets all five be counted."""
    fresh = {"event_id": event_id, "number": 0, "sealed": tokens.seal(keys.data, "[]")}
    db.execute(_insert(db, SurveyWaiting).values(fresh).on_conflict_do_nothing())
    row = db.get_one(SurveyWaiting, event_id, with_for_update=True, populate_existing=True)
    given = [int(scores[question]) for question in Question]
    waiting = [*json.loads(tokens.unseal(keys.data, row.sealed)), given]
    if len(waiting) >= SHOWN_FROM:
        _count(db, event_id, waiting)
        waiting = []
    row.number, row.sealed = len(waiting), tokens.seal(keys.data, json.dumps(waiting))
    db.flush()


def _count(db: Session, event_id: int, answers: Sequence[Sequence[int]]) -> None:
    rows = [
        {"event_id": event_id, "question": question.value, "score": int(score), "number": 0}
        for question in Question
        for score in Score
    ]
    db.execute(_insert(db, SurveyTally).values(rows).on_conflict_do_nothing())
    places = {question.value: place for place, question in enumerate(Question)}
    for row in db.scalars(select(SurveyTally).where(SurveyTally.event_id == event_id)):
        row.number += sum(answer[places[row.question]] == row.score for answer in answers)


def _reward(db: Session, registration: Registration, now: datetime) -> int:
    membership = registration.owner.membership
    day = clock.shop_day(now, registration.event.shop.zone)
    points = bonuses.points_for(db, BonusKind.SURVEY, on=day)
    if not points or membership is None or membership.left_on is not None:
        return 0
    ledger.give_bonus(
        db,
        registration.owner_id,
        points,
        cause_kind=BonusKind.SURVEY.value,
        cause_id=f"event-{registration.id}",
        reason=InBoth.of(registration.event, "title"),
        on=day,
        by=None,
        now=now,
    )
    return points


def results(db: Session, event_id: int) -> Results:
    """What was answered, without any figure before there are five answers, and without those that
    came since the last five (R58)."""
    rows = db.scalars(select(SurveyTally).where(SurveyTally.event_id == event_id)).all()
    counts = {
        question: {
            score: sum(
                row.number for row in rows if (row.question, row.score) == (question.value, score)
            )
            for score in Score
        }
        for question in Question
    }
    counted = sum(counts[Question.WELCOME].values())
    waits = select(SurveyWaiting.number).where(SurveyWaiting.event_id == event_id)
    waiting = db.scalar(waits) or 0
    if counted < SHOWN_FROM:
        return Results(counted, waiting)
    means = {
        question: round(sum(score * number for score, number in given.items()) / counted)
        for question, given in counts.items()
    }
    return Results(counted, waiting, means, counts)


def words_of(db: Session, event_id: int) -> list[tuple[Registration, str]]:
    """What was written, with who wrote it."""
    rows = db.execute(
        select(Registration, SurveyWords.words)
        .join(SurveyWords, SurveyWords.registration_id == Registration.id)
        .where(SurveyWords.event_id == event_id)
        .options(joinedload(Registration.owner))
        .order_by(Registration.id)
    )
    return [(row[0], row[1]) for row in rows]


def _mark(registration: Registration, hash_key: str) -> str:
    return tokens.blind_index(hash_key, f"{PURPOSE}:{registration.id}")


def _insert(
    db: Session, table: type[SurveyUse | SurveyTally | SurveyWaiting]
) -> sqlite.Insert | postgresql.Insert:
    made = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    return made(table)
