"""Ending letters by their own link, or by answering R to a text (R36, R37, R44)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from foundation.outbox import WAITING, Letter, LetterState, Purpose
from foundation.words import N_
from members.merged import who_stays
from members.models import Account, Owner
from outreach import consents, suppression
from outreach.models import Topic
from outreach.suppression import Reach, Why

BY_LINK, BY_REPLY = "unsubscribe link", "text reply"


def end_topic(db: Session, owner_id: int, topic: Topic, *, now: datetime) -> None:
    """No more letters of this topic, also none that wait already; the others stay."""
    owner_id = who_stays(db, owner_id)
    consents.answer(
        db, owner_id, topic, False, wording=consents.WORDING, source=BY_LINK, by=None, now=now
    )
    _drop_waiting(db, owner_id, [topic])


def end_all(db: Session, owner_id: int, *, source: str = BY_LINK, now: datetime) -> None:
    """No more marketing of any kind; service letters stay."""
    owner_id = who_stays(db, owner_id)
    consents.withdraw_all(db, owner_id, wording=consents.WORDING, source=source, by=None, now=now)
    _drop_waiting(db, owner_id, list(Topic))


def reply(db: Session, hash_key: str, phone: str, words: str, *, now: datetime) -> bool:
    """A text came back. R stops all marketing to the number at once; False for other words."""
    if words.strip().upper() not in ("R", "Ｒ", "TD", "退订"):
        return False
    suppression.suppress(db, hash_key, phone, Reach.MARKETING, Why.WISH, now=now)
    account_owner = select(Account.owner_id).where(Account.phone == phone)
    owners = select(Owner.id).where(or_(Owner.phone == phone, Owner.id.in_(account_owner)))
    for owner_id in db.scalars(owners).all():
        end_all(db, owner_id, source=BY_REPLY, now=now)
    return True


def _drop_waiting(db: Session, owner_id: int, topics: Sequence[Topic]) -> None:
    """Letters and advisors' tasks that were on their way do not go out."""
    db.execute(
        update(Letter)
        .where(
            Letter.recipient_kind == "owner",
            Letter.recipient_id == owner_id,
            Letter.purpose == Purpose.MARKETING,
            Letter.topic.in_([topic.value for topic in topics]),
            Letter.state.in_([*WAITING, LetterState.UNKNOWN]),
        )
        .values(state=LetterState.SKIPPED, why=N_("The member ended these letters."))
        .execution_options(synchronize_session=False)
    )
