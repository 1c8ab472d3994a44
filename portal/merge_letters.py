"""What waits to be told of their tiers when two archives become one, and when they part again.

One reader has one tier: what waited of both is theirs, so that the review which follows withdraws
it and tells what stands then; what it leaves is sent only where it says the tier that stands.
Where only the one who goes was a member, the reader knows their tier and not that of the archive.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Update, update
from sqlalchemy.orm import Session

from club import tier_news
from club.models import TierStanding
from foundation import outbox
from foundation.outbox import WAITING, Letter, LetterState
from foundation.words import N_
from members.models import Membership
from portal.merge_rows import Frozen

PARTED = N_("The two archives were parted again.")


def only_the_other_heard(db: Session, kept_id: int, gone_id: int) -> bool:
    """Whether something waits to be told of the tier of the one who goes, and the one who stays is
    nobody who was ever told of theirs."""
    waiting = tier_news.written([gone_id]).where(Letter.state.in_(WAITING))
    waits = db.scalar(waiting.with_only_columns(Letter.id).limit(1))
    return waits is not None and db.get(Membership, kept_id) is None


def give(db: Session, kept_id: int, gone_id: int) -> list[Frozen]:
    """Let what is not sent of both be of the one who stays; whose it was, and how it waited."""
    letters = _unsent(db, kept_id, gone_id)
    before = [
        {
            "id": one.id,
            "owner": one.cause_id,
            "state": one.state.value,
            "withdrawn": one.withdrawn,
        }
        for one in letters
    ]
    for letter in letters:
        letter.cause_id = kept_id
    db.flush()
    return before


def keep_true(db: Session, kept_id: int) -> None:
    """Withdraw what says another tier than the one that stands, and all but the newest that waits;
    what is in a worker's hands, or was, would else wait again."""
    standing = db.get(TierStanding, kept_id)
    letters = _unsent(db, kept_id)
    true = [one for one in letters if standing and one.details["tier"] == standing.tier.value]
    newest = [one for one in true if one.state in WAITING][-1:]
    for letter in letters:
        if letter not in (newest or true):
            outbox.withdraw_one(letter, why=tier_news.CHANGED)
    db.flush()


def give_back(db: Session, before: Sequence[Frozen], kept_id: int, *, since: datetime) -> None:
    """Withdraw what was written since then; let each of those before be of its owner again, and
    wait again where only the merge withdrew it."""
    tier_news.take_back(db, kept_id, why=PARTED, since=since)
    for row in before:
        mine = update(Letter).where(Letter.id == row["id"])
        db.execute(mine.values(cause_id=row["owner"]))
        if row.get("withdrawn") is None:
            _let_wait_again(db, mine, LetterState(row["state"]))


def _let_wait_again(db: Session, mine: Update, state: LetterState) -> None:
    """As before the merge that withdrew it; what a worker held and brought back is queued."""
    merged = (tier_news.CHANGED, PARTED)
    skipped = mine.where(Letter.state == LetterState.SKIPPED, Letter.why.in_(merged))
    waits = state if state in WAITING else LetterState.QUEUED
    db.execute(skipped.values(state=waits, why=None))
    db.execute(mine.where(Letter.withdrawn.in_(merged)).values(withdrawn=None))


def _unsent(db: Session, *owner_ids: int) -> Sequence[Letter]:
    unsent = tier_news.written(owner_ids).where(Letter.state != LetterState.SENT)
    return tier_news.held(db, unsent)
