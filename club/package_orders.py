"""The orders that packages write by themselves: one line each, at the sale, the refund, a use."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from club.models import Package
from foundation.shop import the_shop
from members.models import OrderLine, ServiceOrder


def write(
    db: Session,
    package: Package,
    line: OrderLine,
    source: str,
    number: str,
    *,
    today: date,
    now: datetime,
) -> OrderLine:
    """An order of this one line in the history of the package's owner and car; the line."""
    line.line_no = 1
    line.order = ServiceOrder(
        shop_id=the_shop(db).id,
        source=source,
        external_id=number,
        owner_id=package.owner_id,
        vehicle_id=package.vehicle_id,
        serviced_on=today,
        recorded_at=now,
    )
    db.add(line)
    db.flush()
    return line
