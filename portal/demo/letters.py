"""Letters of the demo's past: sent long ago, so that none of them goes out today."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, update
from sqlalchemy.orm import Session

from foundation.outbox import Channel, Letter, LetterState

_ON_THE_WAY = timedelta(days=3)
_LONGEST_TASK = timedelta(days=30)


def put_away(db: Session, *, now: datetime) -> None:
    """What was written days ago counts as sent then. What is younger goes out by the worker, and
    WeChat messages of the last weeks wait for their advisor as long as they make sense."""
    db.execute(
        update(Letter)
        .where(
            Letter.state == LetterState.QUEUED,
            or_(
                Letter.not_after < now,
                Letter.created_at < now - _LONGEST_TASK,
                and_(Letter.channel != Channel.WECHAT, Letter.created_at < now - _ON_THE_WAY),
            ),
        )
        .values(state=LetterState.SENT, sent_at=Letter.created_at)
        .execution_options(synchronize_session=False)
    )
