"""What waits to be told of their tiers when two archives become one, and when they part again.

One reader has one tier: what waited of both is theirs, so that the review which follows withdraws
it and tells what stands then; what it leaves is sent only where it says the tier that stands.
Where only the one who goes was a member, the reader knows their tier and not that of the archive.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from club import tier_news
from club.models import TierStanding
from foundation.outbox import Letter, LetterState
from foundation.words import N_
from members.models import Membership
from portal.merge_rows import Frozen

PARTED = N_("The two archives were parted again.")


def only_the_other_heard(db: Session, kept_id: int, gone_id: int) -> bool:
    """Whether something waits to be told of the tier of the one who goes, and the one who stays is
    nobody who was ever told of theirs."""
    waits = db.scalar(tier_news.waiting([gone_id]).with_only_columns(Letter.id).limit(1))
    return waits is not None and db.get(Membership, kept_id) is None


def give(db: Session, kept_id: int, gone_id: int) -> list[Frozen]:
    """Let what waits of both be of the one who stays; whose it was, and how it waited."""
    letters = db.scalars(tier_news.waiting([kept_id, gone_id]).with_for_update()).all()
    before = [{"id": one.id, "owner": one.cause_id, "state": one.state.value} for one in letters]
    for letter in letters:
        letter.cause_id = kept_id
    db.flush()
    return before


def keep_true(db: Session, kept_id: int) -> None:
    """Withdraw what says another tier than the one that stands, and all but the newest."""
    standing = db.get(TierStanding, kept_id)
    letters = db.scalars(tier_news.waiting([kept_id]).with_for_update()).all()
    true = [one for one in letters if standing and one.details["tier"] == standing.tier.value]
    for letter in letters:
        if letter not in true[-1:]:
            letter.state, letter.why = LetterState.SKIPPED, tier_news.CHANGED
    db.flush()


def give_back(db: Session, before: Sequence[Frozen], kept_id: int, *, since: datetime) -> None:
    """Withdraw what was written since then; let each of those before be of its owner again, and
    wait again where only the merge withdrew it."""
    tier_news.take_back(db, kept_id, why=PARTED, since=since)
    for row in before:
        mine = update(Letter).where(Letter.id == row["id"])
        db.execute(mine.values(cause_id=row["owner"]))
        withdrawn = mine.where(
            Letter.state == LetterState.SKIPPED, Letter.why.in_((tier_news.CHANGED, PARTED))
        )
        db.execute(withdrawn.values(state=LetterState(row["state"]), why=None))
