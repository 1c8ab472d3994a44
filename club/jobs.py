"""The club's nightly work: points and vouchers that end, and tiers that are due."""

from datetime import datetime

from sqlalchemy.orm import Session

from club import tiers, vouchers
from foundation import clock
from foundation.settings import Settings


def review_due(db: Session, settings: Settings, now: datetime) -> str:
    """Bring everybody who is due up to the shop's day, some hundred owners to a transaction."""
    reviewed, today = 0, clock.shop_day(now, settings.zone)
    while count := tiers.review_due(db, today=today, now=now):
        db.commit()
        reviewed += count
    return f"{reviewed} owners reviewed"


def expire_vouchers(db: Session, settings: Settings, now: datetime) -> str:
    """Mark the vouchers whose last day is over, some hundred to a transaction."""
    expired, today = 0, clock.shop_day(now, settings.zone)
    while count := vouchers.expire_due(db, today=today, now=now):
        db.commit()
        expired += count
    db.commit()
    return f"{expired} vouchers expired"
