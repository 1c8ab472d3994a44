"""How much marketing a member gets: so many messages in any 7 days, whatever the channel (R39)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from foundation import tunables
from foundation.outbox import Letter, LetterState, Purpose
from foundation.words import N_
from members.models import Account, Owner

MOST = tunables.declare(
    "outreach.marketing_a_week", 2, N_("Marketing to a member in any 7 days"), N_("messages"), 1, 14
)
WEEK = timedelta(days=7)


def free_from(db: Session, owner_id: int, now: datetime) -> datetime | None:
    """When the next marketing message may go to the member; None for at once.

    Holds the member's row until the commit, so that two workers count one after the other. What
    is just being sent counts, and what may have gone out.
    """
    db.execute(select(Owner.id).where(Owner.id == owner_id).with_for_update(key_share=True))
    most = tunables.value(db, MOST)
    newest = sorted(_gone(db, owner_id, now), reverse=True)
    return newest[most - 1] + WEEK if len(newest) >= most else None


def had_enough(db: Session, owner_ids: Collection[int], now: datetime) -> set[int]:
    """Those of many members whose next marketing message would have to wait now."""
    counted = (
        select(Letter.recipient_id)
        .where(
            Letter.recipient_kind == "owner",
            Letter.recipient_id.in_(owner_ids),
            Letter.purpose == Purpose.MARKETING,
            _in_the_week(now),
        )
        .group_by(Letter.recipient_id)
        .having(func.count() >= tunables.value(db, MOST))
    )
    return set(db.scalars(counted))


def _gone(db: Session, owner_id: int, now: datetime) -> list[datetime]:
    """When each message of the last 7 days went out, or was taken to be sent."""
    login = select(Account.id).where(Account.owner_id == owner_id)
    found = select(func.coalesce(Letter.sent_at, Letter.claimed_at)).where(
        or_(
            and_(Letter.recipient_kind == "owner", Letter.recipient_id == owner_id),
            and_(Letter.recipient_kind == "account", Letter.recipient_id.in_(login)),
        ),
        Letter.purpose == Purpose.MARKETING,
        _in_the_week(now),
    )
    return list(db.scalars(found))


def _in_the_week(now: datetime) -> ColumnElement[bool]:
    on_the_way = Letter.state.in_([LetterState.CLAIMED, LetterState.UNKNOWN])
    return or_(
        and_(Letter.state == LetterState.SENT, Letter.sent_at > now - WEEK),
        and_(on_the_way, Letter.claimed_at > now - WEEK),
    )
