"""What files of each kind have: their columns, how they are read, and how rows are recorded."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from club.opening import Bringing
from foundation import clock
from foundation.sheets.headers import Matched
from foundation.shop import the_shop
from portal import balance_rows, order_rows
from portal.importing import balances, effects, recording
from portal.importing.recording import Outcome, Part
from portal.models import FileKind, ImportBatch
from portal.row_cells import FileRead, Known, columns_of

Override = Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class FileShape:
    """All that differs between files of orders and of opening balances."""

    columns: Known
    required: tuple[str, ...]
    read: Callable[[bytes | Path, str, Override], FileRead[Any]]
    record: Callable[..., Part]
    foresee: Callable[[Session, Sequence[Part], datetime], Iterator[None]]
    sums_of: Callable[[Iterable[Outcome]], dict[str, Any]]

    def columns_of(
        self, headers: Sequence[str], filename: str, override: Override = None
    ) -> Matched:
        """Which column holds what; refuses where one is missing that every row needs."""
        return columns_of(headers, filename, self.columns, self.required, override)


def _record_orders(
    db: Session, batch: ImportBatch, rows: Sequence[Any], now: datetime, *, hash_key: str
) -> Part:
    today, source = clock.shop_day(now, the_shop(db).zone), batch.source.name
    return recording.record(db, source, rows, hash_key=hash_key, today=today, now=now)


def _foresee_orders(db: Session, tried: Sequence[Part], now: datetime) -> Iterator[None]:
    return effects.foresee(db, tried, today=clock.shop_day(now, the_shop(db).zone), now=now)


def _record_balances(
    db: Session, batch: ImportBatch, rows: Sequence[Any], now: datetime, *, hash_key: str
) -> Part:
    today = clock.shop_day(now, the_shop(db).zone)
    bringing = Bringing(batch.id, today, now, by=batch.account_id, signed_by=batch.signed_by_id)
    return Part(balances.record(db, rows, bringing, hash_key=hash_key))


SHAPES = {
    FileKind.ORDERS: FileShape(
        order_rows.COLUMNS,
        order_rows.REQUIRED,
        order_rows.read_orders,
        _record_orders,
        _foresee_orders,
        effects.sums_of,
    ),
    FileKind.BALANCES: FileShape(
        balance_rows.COLUMNS,
        balance_rows.REQUIRED,
        balance_rows.read_balances,
        _record_balances,
        lambda _db, _tried, _now: iter(()),
        balances.sums_of,
    ),
}
