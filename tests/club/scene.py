"""Owners, orders and moments to test the club's rules with."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import earning, facts, rule_turns, tiers
from club.models import TierCode
from foundation.shop import Shop
from members.models import MemberFacts, Membership, OrderLine, Owner, PaidBy, ServiceOrder

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 1)
_numbers = count(1)


def owner(db: Session, *, member: bool = True, name: str = "王建国") -> Owner:
    made = Owner(name=name, created_at=NOW, email=f"o{next(_numbers)}@example.com")
    db.add(made)
    db.flush()
    if member:
        db.add(Membership(owner_id=made.id, number=f"M{made.id}", joined_on=TODAY))
        db.flush()
    return made


def shop(db: Session) -> Shop:
    made = db.get(Shop, 1) or Shop(
        id=1,
        name_zh="店",
        club_name_zh="会",
        address_zh="路",
        phone="+8675500000000",
        footer_zh="",
        hours={},
    )
    db.add(made)
    db.flush()
    return made


def line(db: Session, who: Owner, on: date, fen: int, **facts: Any) -> OrderLine:
    """An order of one line; nothing is earned yet. `no` is its number, else the next, `source`
    its system. Of a number known there it is the next line."""
    number, source = facts.pop("no", None) or f"W{next(_numbers):05d}", facts.pop("source", "dms")
    known = db.scalar(
        select(ServiceOrder).where(
            ServiceOrder.source == source, ServiceOrder.external_id == number
        )
    )
    order = known or ServiceOrder(
        shop_id=shop(db).id,
        source=source,
        external_id=number,
        owner_id=who.id,
        serviced_on=on,
        recorded_at=NOW,
    )
    facts.setdefault("paid_by", PaidBy.OWNER)
    made = OrderLine(order=order, line_no=len(order.lines) + 1, fen=fen, **facts)
    db.add_all([order, made])
    db.flush()
    return made


def buy(db: Session, who: Owner, on: date, fen: int, **facts: Any) -> OrderLine:
    """An order of one line, settled on its day."""
    made = line(db, who, on, fen, **facts)
    settle(db, made)
    return made


def settle(db: Session, *lines: OrderLine, today: date | None = None) -> None:
    """Settle lines as on the last of their days, or on a later day."""
    day = today or max(each.order.serviced_on for each in lines)
    earning.settle(db, lines, until=day, today=day, now=moment(day))


def moment(day: date) -> datetime:
    """Noon of a shop day."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def brought_up_to(db: Session, who: Owner, day: date) -> facts.ClubFacts:
    """What the night's reviews of everybody leave as the owner's facts."""
    for look in (tiers.review_due, rule_turns.look_again):
        while look(db, today=day, now=moment(day)):
            pass
    row = db.get_one(MemberFacts, who.id)
    assert row.spend_as_of is not None
    return facts.ClubFacts(
        TierCode(row.tier), row.points, row.spend_fen, row.spend_as_of, row.next_change_on
    )
