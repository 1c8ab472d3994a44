"""What an owner may have on an order at the till: tier and points are for members only.

Points and tier are worked out for every owner; an agreed price is the company's, member or not.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from club import agreements
from club.benefits import discounts_of
from club.models import ServiceDiscount
from club.standing import standing_of
from club.till_prices import Rights
from members.memberships import is_member


def of(db: Session, owner_id: int, *, today: date) -> Rights:
    """What the owner has on each kind of work today."""
    percents = {one.kind: one.percent for one in discounts(db, owner_id, today=today)}
    return Rights(percents, agreements.in_force(db, owner_id, today=today))


def discounts(db: Session, owner_id: int, *, today: date) -> Sequence[ServiceDiscount]:
    """The discounts of a member's tier; who is not in the club has none."""
    if not is_member(db, owner_id):
        return []
    return discounts_of(db, standing_of(db, owner_id, today=today).tier)


def usable_points(db: Session, owner_id: int, *, today: date) -> int:
    """The points that the owner can spend today; who is not in the club spends none."""
    return standing_of(db, owner_id, today=today).usable if is_member(db, owner_id) else 0
