"""What owners like to do: chosen from the groups of the taxonomy."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from foundation import audit
from members.models import Interest, InterestGroup, OwnerInterest


def groups(db: Session) -> Sequence[InterestGroup]:
    """All groups with their items, in order; at most some dozens of items in all."""
    return db.scalars(
        select(InterestGroup)
        .order_by(InterestGroup.position)
        .options(selectinload(InterestGroup.items))
    ).all()


def named(db: Session, codes: Collection[str]) -> Sequence[Interest]:
    """The items of these codes, in the order of the taxonomy."""
    if not codes:
        return ()
    found = select(Interest).join(InterestGroup).where(Interest.code.in_(codes))
    return db.scalars(found.order_by(InterestGroup.position, Interest.id)).all()


def chosen(db: Session, owner_id: int) -> set[int]:
    """The ids of the items that the owner chose."""
    return set(
        db.scalars(select(OwnerInterest.interest_id).where(OwnerInterest.owner_id == owner_id))
    )


def choose(
    db: Session, owner_id: int, wanted: Collection[int], *, by: int | None, now: datetime
) -> None:
    """Make `wanted` the owner's interests; unknown and retired items are passed over.

    What was chosen before keeps its day.
    """
    offered = set(db.scalars(select(Interest.id).where(Interest.retired.is_(False))))
    before = chosen(db, owner_id)
    after = set(wanted) & (offered | before)
    db.execute(
        delete(OwnerInterest).where(
            OwnerInterest.owner_id == owner_id, OwnerInterest.interest_id.in_(before - after)
        )
    )
    db.add_all(
        OwnerInterest(owner_id=owner_id, interest_id=item, since=now)
        for item in sorted(after - before)
    )
    if after != before:
        audit.record(db, "interests.choose", "owner", owner_id, by=by, now=now, count=len(after))
    db.flush()
