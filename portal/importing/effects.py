"""What recorded orders do to points: settled, and told row by row and in sum.

The trial and the application share it, so that the sums seen before are the sums that come in.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import deliveries, earning, refunded
from club.earning import left_out
from club.models import LedgerEntry
from portal.importing.recording import Part
from portal.models import RowOutcome

OWNERS = 100


class Told(Protocol):
    """A row of a report, kept or not yet kept."""

    @property
    def outcome(self) -> RowOutcome: ...

    @property
    def details(self) -> dict[str, Any]: ...


def settle(db: Session, part: Part, *, until: date, today: date, now: datetime) -> None:
    """Earn and take back for the lines of a part, and say at each row what came of it."""
    before = db.scalar(select(func.max(LedgerEntry.id))) or 0
    deliveries.settle(db, part.touched, now=now)
    earning.settle(db, part.priced, until=until, today=today, now=now)
    _tell(db, part, before)


def foresee(db: Session, tried: Sequence[Part], *, today: date, now: datetime) -> Iterator[None]:
    """Say at each row of a trial what would come of it; yields after some hundred owners.

    Their books are held for the length of one step and no longer: others wait for them.
    """
    owners: dict[int, Part] = defaultdict(Part)
    for part in tried:
        for line in part.touched:
            owners[line.order.owner_id].touched.append(line)
        for line, outcome in part.told:
            owners[line.order.owner_id].told.append((line, outcome))
    ids = sorted(owners)
    for start in range(0, len(ids), OWNERS):
        some = [owners[owner_id] for owner_id in ids[start : start + OWNERS]]
        held = db.begin_nested()
        part = Part(
            touched=[line for one in some for line in one.touched],
            told=[pair for one in some for pair in one.told],
        )
        part.priced = [line for line, _ in part.told]
        last = max((line.order.serviced_on for line in part.touched), default=today)
        settle(db, part, until=min(last, today), today=today, now=now)
        held.rollback()
        yield


def sums_of(rows: Iterable[Told]) -> dict[str, Any]:
    """What new and corrected rows bring in all: orders, owners, money, refunds and points."""
    orders: set[str] = set()
    sums = dict.fromkeys((*COUNTED, *LEFT_OUT, *DOUBTS), 0)
    for row in rows:
        details = row.details
        if row.outcome not in _COMES_IN:
            sums["erased"] += "erased_fen" in details
            sums["erased_fen"] += details.get("erased_fen", 0)
            continue
        if "was_fen" not in details:
            orders.add(details["order"])
        fen, points = details["fen"], details.get("points", 0)
        kind = "refunds_fen" if fen < 0 else "paid_fen"
        sums[kind] += details.get("brings_fen", 0)
        sums["owners"] += bool(details["new_owner"])
        sums["earned" if points > 0 else "taken"] += points
        sums["refunds"] += fen < 0
        for what in DOUBTS:
            sums[what] += bool(details.get(what))
    return sums | {"orders": len(orders)}


COUNTED = ("owners", "paid_fen", "refunds", "refunds_fen", "earned", "taken")
LEFT_OUT = ("erased", "erased_fen")
"""What stays out because its owner was erased: rows, and their money."""
DOUBTS = ("unnamed", "unfound", "as_paid")
"""What a report says of refunds that a person may want to look at."""
_COMES_IN = (RowOutcome.CREATED, RowOutcome.CHANGED)


def _tell(db: Session, part: Part, before: int) -> None:
    points = _points(db, part, before)
    refunds = {line.id for line, _ in part.told if line.fen < 0 and left_out(line) is None}
    taken = refunded.taken_by(db, refunds)
    for line, outcome in part.told:
        details = outcome.details
        details["points"] = points.get(line.id, 0)
        details["brings_fen"] = line.fen - details.get("was_fen", 0)
        if line.id in refunds:
            details["unnamed"] = line.refund_of_id is None
            details["unfound"] = not taken.get(line.id)
            doubt = refunded.in_doubt(line, taken.get(line.id, ()))
            details["as_paid"] = doubt is not None
            said = doubt or refunded.words_for(line, taken.get(line.id, ()))
            if said and outcome.message is None:
                outcome.message, details["values"] = said


def _points(db: Session, part: Part, before: int) -> dict[int, int]:
    """What entries written since then moved for each line."""
    found = (
        select(LedgerEntry.order_line_id, func.sum(LedgerEntry.points))
        .where(
            LedgerEntry.id > before, LedgerEntry.order_line_id.in_([one.id for one, _ in part.told])
        )
        .group_by(LedgerEntry.order_line_id)
    )
    return {line_id: int(points) for line_id, points in db.execute(found) if line_id is not None}
