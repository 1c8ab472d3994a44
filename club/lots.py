"""The statement by lots: what each order line or bonus brought, what became of it, what is left.

Lines that brought nothing stand among them with the reason. The newest come first; pages go by key.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Integer, Row, Select, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload

from club.models import Allocation, Earning, EntryKind, LedgerEntry, Lot, RuleVersion
from members.models import OrderLine

PAGE = 50
TAKEN = {EntryKind.REFUND, EntryKind.TAKE_BACK, EntryKind.ADJUST}
LOT, LINE = 1, 0


@dataclass(frozen=True, slots=True)
class Key:
    """Where a row stands: its day, whether it is a lot or a line without one, its id."""

    on: date
    kind: int
    id: int

    def __str__(self) -> str:
        return f"{self.on.isoformat()}.{self.kind}.{self.id}"

    @classmethod
    def read(cls, text: str | None) -> "Key | None":
        """The key of an address; None where it is none."""
        parts = (text or "").split(".")
        if len(parts) != 3 or not all(part.isdecimal() and len(part) < 19 for part in parts[1:]):
            return None
        try:
            return cls(date.fromisoformat(parts[0]), int(parts[1]), int(parts[2]))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot, or a line that opened none (`lot` is None); `gone` are the points that left the lot,
    by the kind of what took them."""

    key: Key
    lot: Lot | None
    entry: LedgerEntry | None
    line: OrderLine | None
    earning: Earning | None
    version: str | None
    gone: dict[EntryKind, int]

    @property
    def points(self) -> int:
        return self.lot.points if self.lot else 0

    @property
    def rest(self) -> int:
        return self.lot.rest if self.lot else 0

    @property
    def spent(self) -> int:
        """What was used and not given back, paid debts among it."""
        return self.points - self.rest - self.expired - self.taken if self.points > 0 else 0

    @property
    def expired(self) -> int:
        return self.gone.get(EntryKind.EXPIRE, 0)

    @property
    def taken(self) -> int:
        """What refunds and corrections took back."""
        return sum(self.gone.get(kind, 0) for kind in TAKEN)

    def _counts_nothing(self) -> bool:
        earning = self.earning
        return earning is not None and bool(
            earning.left_out or (earning.covered_fen and not earning.fen)
        )

    def state(self, today: date) -> str:
        """In one word how the lot stands today."""
        if self.lot is None:
            return "left-out" if self._counts_nothing() else "nothing"
        if self.rest < 0:
            return "debt"
        if self.rest == 0:
            return "expired" if self.expired else "used"
        waits = self.lot.usable_on is not None and self.lot.usable_on > today
        return "pending" if waits else "open"


@dataclass(frozen=True, slots=True)
class LotPage:
    """A page of rows and the key behind its last, where there are more."""

    rows: Sequence[LotRow]
    older: Key | None


def page_of(db: Session, owner_id: int, *, before: Key | None = None, most: int = PAGE) -> LotPage:
    """The rows before a key, or the newest."""
    both = union_all(
        select(
            LedgerEntry.effective_on.label("day"),
            literal(LOT, Integer).label("kind"),
            Lot.id.label("id"),
        )
        .join(LedgerEntry, LedgerEntry.id == Lot.entry_id)
        .where(Lot.owner_id == owner_id),
        select(Earning.earned_on, literal(LINE, Integer), Earning.order_line_id).where(
            Earning.owner_id == owner_id,
            or_(Earning.left_out.is_not(None), Earning.points == 0),
            Earning.lot_id.is_(None),
        ),
    ).subquery()
    query = select(both).order_by(both.c.day.desc(), both.c.kind.desc(), both.c.id.desc())
    if before is not None:
        place = tuple_(both.c.day, both.c.kind, both.c.id)
        query = query.where(place < tuple_(before.on, before.kind, before.id))
    keys = [Key(row.day, row.kind, row.id) for row in db.execute(query.limit(most + 1))]
    rows = _rows(db, keys[:most])
    return LotPage(rows, keys[most - 1] if len(keys) > most else None)


def all_of(db: Session, owner_id: int) -> Iterator[LotRow]:
    """Every row, some hundred at a time."""
    page = page_of(db, owner_id, most=500)
    while True:
        yield from page.rows
        if page.older is None:
            return
        page = page_of(db, owner_id, before=page.older, most=500)


def endings_of(db: Session, owner_id: int) -> Sequence[tuple[date, int]]:
    """The points that end, by the day after which they do, the next first."""
    rows = db.execute(
        select(Lot.expires_on, func.sum(Lot.rest))
        .where(Lot.owner_id == owner_id, Lot.rest > 0, Lot.expires_on.is_not(None))
        .group_by(Lot.expires_on)
        .order_by(Lot.expires_on)
    )
    return [(day, int(points)) for day, points in rows if day is not None]


def _rows(db: Session, keys: Sequence[Key]) -> list[LotRow]:
    lot_ids = [key.id for key in keys if key.kind == LOT]
    lots = {row[0].id: row for row in db.execute(_lots_query(lot_ids)).unique()}
    plain = {row[0].order_line_id: row for row in _lines(db, keys)}
    gone = _gone(db, lot_ids)
    found = []
    for key in keys:
        if key.kind == LOT:
            lot, line, earning, version = lots[key.id]
            moved = gone.get(lot.id, {})
            found.append(LotRow(key, lot, lot.entry, line, earning, version, moved))
        else:
            earning, version = plain[key.id]
            found.append(LotRow(key, None, None, earning.line, earning, version, {}))
    return found


def _lots_query(ids: Collection[int]) -> Select[Lot, OrderLine, Earning, str]:
    return (
        select(Lot, OrderLine, Earning, RuleVersion.name)
        .join(Lot.entry)
        .outerjoin(OrderLine, OrderLine.id == LedgerEntry.order_line_id)
        .outerjoin(OrderLine.order)
        .outerjoin(Earning, Earning.order_line_id == OrderLine.id)
        .outerjoin(RuleVersion, RuleVersion.id == LedgerEntry.rule_version_id)
        .options(contains_eager(Lot.entry), contains_eager(OrderLine.order))
        .where(Lot.id.in_(ids))
    )


def _lines(db: Session, keys: Sequence[Key]) -> Sequence[Row[Earning, str]]:
    ids = [key.id for key in keys if key.kind == LINE]
    return db.execute(
        select(Earning, RuleVersion.name)
        .outerjoin(RuleVersion, RuleVersion.id == Earning.rule_version_id)
        .options(joinedload(Earning.line).joinedload(OrderLine.order))
        .where(Earning.order_line_id.in_(ids))
    ).all()


def _gone(db: Session, lot_ids: Collection[int]) -> dict[int, dict[EntryKind, int]]:
    """Per lot what left it, by kind; what an undo gave back counts with what it undid."""
    rows = db.execute(
        select(
            Allocation.lot_id,
            LedgerEntry.kind,
            LedgerEntry.cause_kind,
            func.sum(-Allocation.points),
        )
        .join(LedgerEntry, LedgerEntry.id == Allocation.entry_id)
        .where(Allocation.lot_id.in_(lot_ids))
        .group_by(Allocation.lot_id, LedgerEntry.kind, LedgerEntry.cause_kind)
    )
    found: dict[int, dict[EntryKind, int]] = defaultdict(lambda: defaultdict(int))
    for lot_id, kind, cause_kind, points in rows:
        if kind is EntryKind.UNDO:
            kind = EntryKind.EXPIRE if cause_kind == "expiry" else EntryKind.SPEND
        found[lot_id][kind] += int(points)
    return found
