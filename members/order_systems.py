"""The systems that number orders: one number may stand in two of them for two orders (R8)."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from members.models import PACKAGE_SALE, PACKAGE_USE, ServiceOrder

HOUSE = (PACKAGE_SALE, PACKAGE_USE)
"""What the club numbers itself; nobody types these numbers at a till."""


def order_systems(db: Session) -> Sequence[str]:
    """The names of the systems that orders came from, that of the newest order first.

    It leaps from one name to the next, so that a million orders of one system are one step.
    """
    name = select(func.min(ServiceOrder.source).label("name")).cte("name", recursive=True)
    after = select(func.min(ServiceOrder.source)).where(ServiceOrder.source > name.c.name)
    name = name.union_all(select(after.scalar_subquery()).where(name.c.name.is_not(None)))
    found = db.scalars(select(name.c.name).where(name.c.name.is_not(None)).order_by(name.c.name))
    systems = [one for one in found if one not in HOUSE]
    newest = _newest(db) if len(systems) > 1 else None
    return sorted(systems, key=lambda one: one != newest)


def _newest(db: Session) -> str | None:
    told = select(ServiceOrder.source).where(ServiceOrder.source.not_in(HOUSE))
    return db.scalar(told.order_by(ServiceOrder.id.desc()).limit(1))
