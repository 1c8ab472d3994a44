"""Work of this room behind the pages: files of orders that were released for applying."""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from foundation import clock
from foundation.database import is_lock_wait
from foundation.settings import Settings
from portal import importing
from portal.models import BatchState, ImportBatch

_LOG = structlog.get_logger("marque")


def apply_imports(db: Session, settings: Settings, now: datetime) -> str:
    """Apply each released file part by part, committing each; a broken one is stopped and kept."""
    released = db.scalars(
        select(ImportBatch).where(ImportBatch.state == BatchState.APPLYING).order_by(ImportBatch.id)
    ).all()
    db.commit()
    for batch in released:
        apply_file(db, batch, settings, now)
    return f"{len(released)} files"


def apply_file(db: Session, batch: ImportBatch, settings: Settings, now: datetime) -> None:
    """Apply one released file, unless another worker was faster; a busy database waits its turn."""
    today = clock.shop_day(now, settings.zone)
    batch_id, mark = batch.id, batch.resume_mark
    try:
        for _part in importing.apply(db, batch, today=today, now=now):
            db.commit()
            mark = batch.resume_mark
    except importing.NotAgain:
        db.rollback()
    except OperationalError as busy:
        db.rollback()
        if not is_lock_wait(busy):
            _give_up(db, batch_id, mark, busy)
    except Exception as broken:
        db.rollback()
        _give_up(db, batch_id, mark, broken)


def _give_up(db: Session, batch_id: int, mark: int, broken: Exception) -> None:
    _LOG.error("import.broken", batch=batch_id, exc_info=broken)
    importing.stop(db, batch_id, mark)
    db.commit()
