"""What members agreed to hear of: every answer is kept, the newest one counts (R38, R64)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation import audit
from members.models import Account
from outreach import suppression
from outreach.models import Consent, ConsentNow, Topic

WORDING = "2026-11"  # the version of the texts that a member agrees to


def answer(
    db: Session,
    owner_id: int,
    topic: Topic,
    given: bool,
    *,
    wording: str,
    source: str,
    by: int | None,
    now: datetime,
) -> None:
    """Keep a yes or a no with its evidence: when, to which wording, where it was said.

    The same answer to the same wording twice is one row.
    """
    newest = _newest(db, owner_id, topic)
    if newest is not None and (newest.given, newest.wording) == (given, wording):
        return
    _keep_current(db, owner_id, topic, given)
    db.add(
        Consent(
            owner_id=owner_id,
            topic=topic,
            given=given,
            at=now,
            wording=wording,
            source=source,
            account_id=by,
        )
    )
    act = "consent.give" if given else "consent.withdraw"
    audit.record(db, act, "owner", owner_id, by=by, now=now, topic=topic.value, source=source)
    db.flush()


def agreed(db: Session, owner_id: int, topic: Topic) -> bool:
    """Whether the member's newest answer is yes. Silence is no."""
    current = select(ConsentNow.given).where(
        ConsentNow.owner_id == owner_id, ConsentNow.topic == topic
    )
    return bool(db.scalar(current))


def answers_of(db: Session, owner_id: int) -> Mapping[Topic, bool]:
    """The member's answer to each topic, False where none was given."""
    rows = db.scalars(select(ConsentNow).where(ConsentNow.owner_id == owner_id))
    given = {row.topic: row.given for row in rows}
    return {topic: given.get(topic, False) for topic in Topic}


def withdraw_all(
    db: Session, owner_id: int, *, wording: str, source: str, by: int | None, now: datetime
) -> int:
    """No to all marketing in one step; how many topics were yes. Service letters stay (R37)."""
    before = answers_of(db, owner_id)
    for topic in Topic:
        answer(db, owner_id, topic, False, wording=wording, source=source, by=by, now=now)
    return sum(before.values())


def _newest(db: Session, owner_id: int, topic: Topic) -> Consent | None:
    return db.scalar(
        select(Consent)
        .where(Consent.owner_id == owner_id, Consent.topic == topic)
        .order_by(Consent.id.desc())
        .limit(1)
    )


def _keep_current(db: Session, owner_id: int, topic: Topic, given: bool) -> None:
    """The current row first: its lock puts two answers at once into one order."""
    insert: Any = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(ConsentNow).values(owner_id=owner_id, topic=topic, given=given)
    keys = [ConsentNow.owner_id, ConsentNow.topic]
    db.execute(row.on_conflict_do_update(index_elements=keys, set_={"given": given}))


def answer_all(
    db: Session,
    owner_id: int,
    ticked: Collection[str],
    *,
    source: str,
    by: int | None,
    hash_key: str,
    now: datetime,
) -> None:
    """Each topic as ticked: taken back in the same one step as it was given (R64).

    A new yes from a signed-in member lifts the silence that the same person once asked for.
    """
    before = answers_of(db, owner_id)
    if any(topic.value in ticked and not before[topic] for topic in Topic):
        login = select(Account.phone, Account.email).where(Account.owner_id == owner_id)
        contacts = [contact for row in db.execute(login) for contact in row if contact]
        suppression.take_back(db, hash_key, contacts)
    for topic in Topic:
        given = topic.value in ticked
        answer(db, owner_id, topic, given, wording=WORDING, source=source, by=by, now=now)
