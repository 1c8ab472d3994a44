"""Points by month: issued, taken back, spent, expired, adjusted; and what is outstanding.

Everything here is a sum of the ledger's entries or of its lots, so that it agrees with
`ledger check`: the balance moves by exactly what the months say.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from club.models import EntryKind, LedgerEntry, Lot, is_open
from club.purses import EXPIRY
from foundation.periods import Period, month_key


@dataclass(slots=True)
class Flow:
    """What moved in a month, each with its sign: what members lose is negative."""

    issued: int = 0
    taken_back: int = 0
    spent: int = 0
    expired: int = 0
    adjusted: int = 0

    @property
    def change(self) -> int:
        """By how much the balance of the club changed."""
        return sum(getattr(self, one.name) for one in fields(self))


_COLUMN = {
    EntryKind.EARN: "issued",
    EntryKind.BONUS: "issued",
    EntryKind.OPENING: "issued",
    EntryKind.REFUND: "taken_back",
    EntryKind.TAKE_BACK: "taken_back",
    EntryKind.SPEND: "spent",
    EntryKind.UNDO: "spent",
    EntryKind.EXPIRE: "expired",
    EntryKind.ADJUST: "adjusted",
    EntryKind.RELEASE: "adjusted",
}


@dataclass(frozen=True, slots=True)
class Outstanding:
    """Points that are still to be used by the month they end in, those without an end, and
    debts, which are negative."""

    months: Sequence[tuple[str, int]]
    endless: int
    debts: int

    @property
    def total(self) -> int:
        """The club's balance, as `ledger check` counts it."""
        return sum(points for _month, points in self.months) + self.endless + self.debts


def flows(db: Session, first: date, last: date) -> dict[str, Flow]:
    """What moved in each month from `first` to `last`."""
    rows = db.execute(
        select(
            LedgerEntry.effective_on,
            LedgerEntry.kind,
            LedgerEntry.cause_kind,
            func.sum(LedgerEntry.points),
        )
        .where(LedgerEntry.effective_on.between(first, last))
        .group_by(LedgerEntry.effective_on, LedgerEntry.kind, LedgerEntry.cause_kind)
    )
    found: dict[str, Flow] = defaultdict(Flow)
    for day, kind, cause, points in rows:
        undone_expiry = kind is EntryKind.UNDO and cause == EXPIRY
        column = "expired" if undone_expiry else _COLUMN[kind]
        flow = found[month_key(day)]
        setattr(flow, column, getattr(flow, column) + int(points))
    return found


def flow_in(db: Session, period: Period) -> Flow:
    """What moved in a period, all together."""
    total = Flow()
    for flow in flows(db, period.first, period.last).values():
        for one in fields(Flow):
            setattr(total, one.name, getattr(total, one.name) + getattr(flow, one.name))
    return total


def outstanding(db: Session, day: date) -> Outstanding:
    """What members hold now and may still spend after a day: points that end with it are gone."""
    owed = func.sum(case((Lot.rest < 0, Lot.rest), else_=0))
    rows = db.execute(
        select(Lot.expires_on, func.sum(Lot.rest), owed).where(is_open()).group_by(Lot.expires_on)
    )
    months: dict[str, int] = defaultdict(int)
    endless = debts = 0
    for ends, points, debt in rows:
        debts += int(debt)
        if ends is None:
            endless += int(points) - int(debt)
        elif ends > day:
            months[month_key(ends)] += int(points) - int(debt)
    return Outstanding(sorted(months.items()), endless, debts)
