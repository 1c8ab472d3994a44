"""Whom a merged owner became."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from members.models import Owner


def who_stays(db: Session, owner_id: int) -> int:
    """The owner who has everything of this one now: themselves, unless they were merged."""
    stays = owner_id
    while onwards := db.scalar(select(Owner.merged_into_id).where(Owner.id == stays)):
        stays = onwards
    return stays
