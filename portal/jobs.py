"""Work of this room behind the pages: files that wait to be checked or applied, and leaving."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from foundation import clock
from foundation.database import is_lock_wait
from foundation.refusals import Refusal
from foundation.settings import Settings
from portal import leaving
from portal.importing import application, erasing, signing, trial
from portal.models import BatchState, FileKind, ImportBatch, LeavingWish

_LOG = structlog.get_logger("marque")


def work_on_imports(db: Session, settings: Settings, now: datetime) -> str:
    """Check and apply the files that wait for it, step by step, committing each."""
    waiting = db.scalars(
        select(ImportBatch)
        .where(ImportBatch.state.in_((BatchState.CHECKING, BatchState.APPLYING)))
        .order_by(ImportBatch.id)
    ).all()
    db.commit()
    for batch in waiting:
        if batch.state is BatchState.CHECKING:
            check_file(db, batch, settings.hash_key, now)
        elif batch.kind is FileKind.BALANCES:
            apply_balances(db, batch, settings.hash_key, now)
        else:
            apply_file(db, batch, settings, now)
    return f"{len(waiting)} files"


def check_file(db: Session, batch: ImportBatch, hash_key: str, now: datetime) -> None:
    """Check one file; a broken one goes back to who brought it, with a word."""
    batch_id = batch.id
    with _or_stopped(db, "import.check_broken", batch_id, lambda: trial.give_back(db, batch_id)):
        for _step in trial.check(db, batch, hash_key=hash_key, now=now):
            db.commit()


def apply_file(db: Session, batch: ImportBatch, settings: Settings, now: datetime) -> None:
    """Apply one released file, unless another worker was faster; a broken one is stopped."""
    today, key = clock.shop_day(now, settings.zone), settings.hash_key
    batch_id, mark = batch.id, batch.resume_mark
    with _or_stopped(db, "import.broken", batch_id, lambda: application.stop(db, batch_id, mark)):
        for _step in application.apply(db, batch, hash_key=key, today=today, now=now):
            db.commit()
            mark = batch.resume_mark


def apply_balances(db: Session, batch: ImportBatch, hash_key: str, now: datetime) -> None:
    """Apply one signed file whole, or leave it to be checked and signed again."""
    batch_id = batch.id
    with _or_stopped(db, "balances.broken", batch_id, lambda: signing.give_back(db, batch_id)):
        for _step in signing.apply(db, batch, hash_key=hash_key, now=now):
            db.commit()


@contextmanager
def _or_stopped(
    db: Session, broke: str, batch_id: int, stop: Callable[[], object]
) -> Iterator[None]:
    """Commit what is done with a file; what breaks is undone, logged, and the file stopped.

    A lock that was waited for too long breaks nothing: a later minute goes on.
    """
    try:
        yield
        db.commit()
    except Exception as broken:
        db.rollback()
        if not _was_busy(broken):
            _LOG.error(broke, batch=batch_id, exc_info=broken)
            stop()
            db.commit()


def _was_busy(broken: Exception) -> bool:
    """Another writer was in the way for too long: a later minute tries once more."""
    return isinstance(broken, OperationalError) and is_lock_wait(broken)


def erase_leavers(db: Session, settings: Settings, now: datetime) -> str:
    """Erase those whose days to think are over, each by themselves; who cannot leave yet waits."""
    done, ids = 0, leaving.due(db, now=now)
    for wish_id in ids:
        try:
            wish = db.get_one(LeavingWish, wish_id)
            leaving.erase(db, wish, hash_key=settings.hash_key, now=now)
            db.commit()
            done += 1
        except Refusal:
            db.rollback()
    return f"{done} of {len(ids)} erased"


def sweep_imports(db: Session, now: datetime) -> str:
    """Erase files that nobody applied within a month."""
    erased = erasing.sweep(db, now=now)
    db.commit()
    return f"{erased} files erased"
