"""The hand-over of a new car: points and silver for a year, once; its price never counts.

A delivery is an order line of that kind, from whatever file it came. A car that is given back
takes with it what it brought.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from club import ledger, taking_back
from club.models import GrantWhy, TierCode, TierGrant
from foundation import clock, tunables
from foundation.words import N_
from members.models import OrderKind, OrderLine, ServiceOrder

CAUSE = "delivery"
REASON = N_("For the hand-over of your new car")
POINTS = tunables.declare(
    "club.delivery_points",
    500,
    N_("Points for the delivery of a new car"),
    N_("points"),
    0,
    100_000,
)
MONTHS = tunables.declare(
    "club.delivery_months", 12, N_("Silver after the delivery of a new car"), N_("months"), 0, 60
)


def settle(db: Session, lines: Iterable[OrderLine], *, now: datetime) -> None:
    """Give what each delivery among these lines brings, or take it back; twice changes nothing.

    It comes before the lines are settled, so that the path through the tiers knows of it.
    """
    touched = {line.id: line for line in lines}
    for line in touched.values():
        _name_what_came_back(db, line)
    for line in list(touched.values()):
        if line.refund_of_id is not None and line.refund_of_id not in touched:
            touched[line.refund_of_id] = db.get_one(OrderLine, line.refund_of_id)
    for line in sorted(touched.values(), key=lambda one: (one.order.serviced_on, one.id)):
        held, back_on = _held(db, line), _returned_on(db, line)
        stands = line.kind is OrderKind.DELIVERY and line.fen >= 0 and back_on is None
        if stands and held is None:
            _welcome(db, line, now)
        elif held is not None and not stands:
            _take_back(db, held, back_on or line.order.serviced_on, now)
    db.flush()


def _name_what_came_back(db: Session, line: OrderLine) -> None:
    """A return that names no order is that of the owner's newest car of exactly its price."""
    if line.kind is not OrderKind.DELIVERY or line.fen >= 0 or line.refund_of_id is not None:
        return
    back = aliased(OrderLine)
    line.refund_of_id = db.scalar(
        select(OrderLine.id)
        .join(OrderLine.order)
        .where(
            ServiceOrder.owner_id == line.order.owner_id,
            ServiceOrder.serviced_on <= line.order.serviced_on,
            OrderLine.kind == OrderKind.DELIVERY,
            OrderLine.fen == -line.fen,
            ~exists().where(back.refund_of_id == OrderLine.id),
        )
        .order_by(ServiceOrder.serviced_on.desc(), OrderLine.id.desc())
        .limit(1)
    )
    db.flush()


def _held(db: Session, line: OrderLine) -> TierGrant | None:
    """What the line gave and nobody took back."""
    return db.scalar(
        select(TierGrant).where(
            TierGrant.why == GrantWhy.DELIVERY,
            TierGrant.owner_id == line.order.owner_id,
            or_(TierGrant.cause_id == str(line.id), TierGrant.cause_id.startswith(f"{line.id}:")),
            TierGrant.ended_at.is_(None),
        )
    )


def _returned_on(db: Session, line: OrderLine) -> date | None:
    """The day on which refunds of this line had given its whole price back."""
    back = (
        select(func.sum(OrderLine.fen), func.max(ServiceOrder.serviced_on))
        .join(OrderLine.order)
        .where(OrderLine.refund_of_id == line.id)
    )
    fen, day = db.execute(back).one()
    return day if fen is not None and line.fen + int(fen) <= 0 else None


def _welcome(db: Session, line: OrderLine, now: datetime) -> None:
    owner_id, on = line.order.owner_id, line.order.serviced_on
    cause_id = taking_back.turn_of(db, owner_id, CAUSE, str(line.id))
    months = tunables.value(db, MONTHS)
    grant = TierGrant(
        owner_id=owner_id,
        tier=TierCode.SILVER,
        starts_on=on,
        kept_until=clock.add_months(on, months),
        why=GrantWhy.DELIVERY,
        cause_id=cause_id,
        made_at=now,
    )
    db.add(grant)
    points = tunables.value(db, POINTS)
    if points:
        ledger.give_bonus(
            db,
            owner_id,
            points,
            cause_kind=CAUSE,
            cause_id=cause_id,
            reason=REASON,
            on=on,
            by=None,
            now=now,
        )


def _take_back(db: Session, held: TierGrant, on: date, now: datetime) -> None:
    held.ended_at = now
    taking_back.take_back(
        db,
        held.owner_id,
        cause_kind=CAUSE,
        cause_id=held.cause_id,
        on=on,
        by=None,
        now=now,
    )
