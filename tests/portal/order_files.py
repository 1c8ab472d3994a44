"""Order files to import in tests."""

import csv
import io
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.importing import application, reception
from portal.models import ImportBatch, ImportRow
from portal.reference import seeding
from tests.club.scene import NOW, TODAY
from tests.making import KEYS

COUNTS = ("created", "changed", "unchanged", "refused")
Rows = list[dict[str, str]]
ACT: dict[str, Any] = {"hash_key": KEYS.hash, "today": TODAY, "now": NOW}


def csv_of(rows: Sequence[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def order(
    number: str, on: str = "2026-02-01", amount: str = "100.00", **more: str
) -> dict[str, str]:
    return {"order_no": number, "customer_id": "K1", "order_date": on, "amount": amount} | more


def made_up(orders: int, owners: int, seed: int = 7) -> Rows:
    """A ledger in the shape of a real one: a fifth are returns without a link."""
    chance, rows = random.Random(seed), []
    for number in range(orders):
        on = date(2024, 12, 1) + timedelta(days=chance.randrange(180))
        amount = round(chance.lognormvariate(5.5, 1.2), 2)
        back = chance.random() < 0.2
        rows.append(
            {
                "order_no": f"{'C' if back else ''}{536000 + number}",
                "customer_id": str(12000 + chance.randrange(owners)),
                "order_date": on.isoformat(),
                "amount": f"{-amount if back else amount:.2f}",
            }
        )
    return rows


def bring_in(
    db: Session, content: bytes, *, today: date = TODAY, now: datetime = NOW, **more: object
) -> ImportBatch:
    """Upload and apply a file, commit after commit."""
    seeding.seed(db, now=now)
    batch = reception.upload(
        db, str(more.get("source", "dms")), "orders.csv", content, mapping=None, by=None, now=now
    )
    application.release(db, batch, by=None, now=now)
    for _ in application.apply(db, batch, hash_key=KEYS.hash, today=today, now=now):
        db.commit()
    return batch


def counts(batch: ImportBatch) -> tuple[int, ...]:
    return tuple(getattr(batch, name) for name in COUNTS)


def sentences(db: Session, batch: ImportBatch) -> list[str]:
    rows = db.scalars(
        select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.message.is_not(None))
    )
    return [f"{row.row_no} {row.outcome.value}: {row.sentence}" for row in rows]


def number_of(db: Session, table: type) -> int:
    return db.scalars(select(func.count()).select_from(table)).one()
