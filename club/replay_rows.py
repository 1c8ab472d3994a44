"""Reads the orders of many owners as plain rows, part by part, for going through them again."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, literal, null, select, type_coerce
from sqlalchemy.types import NullType, String

from club.models import Earning, EarningCut, TierGrant
from club.replay import Cut, Line, Orders, Told
from club.tier_path import Grant
from members.models import Membership, OrderLine, ServiceOrder, Vehicle

PART = 1000
"""Owners in a part."""


def parts(db: Connection) -> list[tuple[int, int, int]]:
    """First and last owner and how many, for each part; together all owners with orders, and
    those who were given a tier."""
    given = select(TierGrant.owner_id).where(TierGrant.ended_at.is_(None))
    ids = sorted(db.scalars(select(Earning.owner_id).union(given)))
    chunks = [ids[at : at + PART] for at in range(0, len(ids), PART)]
    return [(chunk[0], chunk[-1], len(chunk)) for chunk in chunks]


def orders_of(db: Connection, first: int, last: int, *, energy: bool) -> Iterator[Orders]:
    """What counts of each owner from one id to another, each sorted as it came in.

    A line that counts no longer at all, because it was corrected so, is left out (R7). Who was
    given a tier and has no line that counts comes after all others.
    """
    members = set(db.scalars(_members(first, last)))
    cuts, grants = _cuts(db, first, last), _grants(db, first, last)
    found: Orders | None = None
    for row in db.execute(_lines(first, last, energy)):
        if found is None or found.owner_id != row[0]:
            if found is not None:
                yield _sorted(found)
            found = Orders(row[0], row[0] in members, grants.pop(row[0], ()))
            found.cuts = cuts.get(row[0], [])
        on = _day(row[3])
        told = Told(row[2], on, False, *row[4:7])
        found.lines.append(Line(told, row[1], *row[7:]))
    if found is not None:
        yield _sorted(found)
    for owner_id, given in grants.items():
        yield Orders(owner_id, owner_id in members, given)


def _sorted(orders: Orders) -> Orders:
    orders.lines.sort(key=lambda line: line.told)
    return orders


def _lines(first: int, last: int, energy: bool) -> Select[Any]:
    query: Any = (
        select(
            Earning.owner_id,
            Earning.order_line_id,
            type_coerce(ServiceOrder.recorded_at, NullType),
            type_coerce(Earning.earned_on, NullType),
            ServiceOrder.external_id,
            ServiceOrder.source,
            OrderLine.line_no,
            Earning.fen,
            Earning.fen_left,
            type_coerce(OrderLine.kind, String),
            type_coerce(Vehicle.energy, String) if energy else null(),
            Earning.multiplier,
            Earning.points,
        )
        .join(OrderLine, OrderLine.id == Earning.order_line_id)
        .join(ServiceOrder, ServiceOrder.id == OrderLine.order_id)
        .where(Earning.owner_id.between(first, last), Earning.left_out.is_(None))
        .order_by(Earning.owner_id)
    )
    joined: Select[Any] = query
    if energy:
        joined = query.outerjoin(Vehicle, Vehicle.id == ServiceOrder.vehicle_id)
    return joined


def _cuts(db: Connection, first: int, last: int) -> dict[int, list[Cut]]:
    rows: Sequence[Any] = db.execute(
        select(
            Earning.owner_id,
            EarningCut.order_line_id,
            EarningCut.fen,
            type_coerce(ServiceOrder.recorded_at, NullType),
            EarningCut.effective_on,
            literal(True),
            ServiceOrder.external_id,
            ServiceOrder.source,
            OrderLine.line_no,
        )
        .join(EarningCut, EarningCut.order_line_id == Earning.order_line_id)
        .join(OrderLine, OrderLine.id == EarningCut.refund_line_id)
        .join(ServiceOrder, ServiceOrder.id == OrderLine.order_id)
        .where(Earning.owner_id.between(first, last), Earning.left_out.is_(None))
    ).all()
    found: dict[int, list[Cut]] = {}
    for owner_id, line_id, fen, *told in rows:
        found.setdefault(owner_id, []).append(Cut(Told(*told), line_id, fen))
    return found


def _grants(db: Connection, first: int, last: int) -> dict[int, list[Grant]]:
    """The tiers that were given to these owners and not taken back."""
    columns = (TierGrant.starts_on, TierGrant.tier, TierGrant.kept_until, TierGrant.why)
    rows = db.execute(
        select(TierGrant.owner_id, *columns)
        .where(TierGrant.owner_id.between(first, last), TierGrant.ended_at.is_(None))
        .order_by(TierGrant.starts_on, TierGrant.id)
    )
    found: dict[int, list[Grant]] = {}
    for owner_id, on, tier, kept_until, why in rows:
        found.setdefault(owner_id, []).append(Grant(on, tier, kept_until, why.value))
    return found


def _members(first: int, last: int) -> Select[int]:
    return select(Membership.owner_id).where(
        Membership.owner_id.between(first, last), Membership.left_on.is_(None)
    )


_DAYS: dict[Any, date] = {}


def _day(stored: Any) -> date:
    """A day as the driver gives it; SQLite's texts are read once each."""
    if not isinstance(stored, str):
        return stored  # type: ignore[no-any-return]
    day = _DAYS.get(stored)
    if day is None:
        day = _DAYS[stored] = date.fromisoformat(stored)
    return day
