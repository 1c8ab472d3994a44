"""Work of this room behind the pages: files of orders that were released for applying."""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.settings import Settings
from portal import importing
from portal.models import BatchState, ImportBatch


def apply_imports(db: Session, settings: Settings, now: datetime) -> str:
    """Apply each released file part by part, committing each; a broken one is stopped and kept."""
    released = db.scalars(
        select(ImportBatch).where(ImportBatch.state == BatchState.APPLYING).order_by(ImportBatch.id)
    ).all()
    db.commit()
    for batch in released:
        _apply(db, batch, settings, now)
    return f"{len(released)} files"


def _apply(db: Session, batch: ImportBatch, settings: Settings, now: datetime) -> None:
    today = clock.shop_day(now, settings.zone)
    try:
        for _part in importing.apply(db, batch, today=today, now=now):
            db.commit()
    except Exception as broken:
        db.rollback()
        structlog.get_logger("marque").error("import.broken", batch=batch.id, exc_info=broken)
        batch.state = BatchState.FAILED
        db.commit()
