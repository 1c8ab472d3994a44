"""Which order a number noted at the till means: that of its system, and of no other (R7, R8).

Where nobody said the system, as before the first file came, it is the owner's order of that
number that came first.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from members.models import ServiceOrder
from members.order_systems import HOUSE


@dataclass(frozen=True, slots=True)
class Noted:
    """A number as noted. `owner_id` is whose order it is where that binds or no system is told."""

    number: str
    system: str
    owner_id: int
    any_owner: bool = False


def meant(db: Session, noted: Noted) -> ServiceOrder | None:
    """The order, once a file brought it."""
    query = select(ServiceOrder).where(
        ServiceOrder.external_id == noted.number, ServiceOrder.source.not_in(HOUSE)
    )
    if noted.system:
        query = query.where(ServiceOrder.source == noted.system)
    if not (noted.system and noted.any_owner):
        query = query.where(ServiceOrder.owner_id == noted.owner_id)
    return db.scalar(query.order_by(ServiceOrder.id).limit(1))


def means(db: Session, noted: Noted, order: ServiceOrder) -> bool:
    """Whether it is this order."""
    if order.source in HOUSE or order.external_id != noted.number:
        return False
    if not noted.system:
        found = meant(db, noted)
        return found is not None and found.id == order.id
    mine = noted.any_owner or order.owner_id == noted.owner_id
    return mine and order.source == noted.system
