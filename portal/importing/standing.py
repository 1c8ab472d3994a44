"""Where a file stands: what may be done to it now, and which worker's turn it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.orm import Session

from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_
from portal.models import BatchState, ImportBatch

TURN = timedelta(minutes=3)
OPEN = (BatchState.UPLOADED, BatchState.CHECKED)


class NotNow(Refusal):
    """The file is not in a state in which this may be done."""


class NotAgain(NotNow):
    """The file was applied already."""


def hold(db: Session, batch: ImportBatch, *allowed: BatchState) -> None:
    """The file as it is at this moment, held until the commit; refuses in any other state."""
    db.refresh(batch, ["state", "mapping", "resume_mark"], with_for_update=True)
    if batch.state is BatchState.APPLIED:
        raise NotAgain(N_("This file was applied already."))
    if batch.state is BatchState.UNDONE:
        raise NotAgain(N_("This file was applied and taken back. Please bring it in again."))
    if batch.state is BatchState.EXPIRED:
        raise NotNow(N_("This file was erased. Please bring it in again."))
    if batch.state not in allowed:
        raise NotNow(N_("This file is being worked on. Please wait until that is done."))


@dataclass
class Turn:
    """The right of one worker to check or apply a file: for some minutes, longer at each step.

    A worker that died gives it up by silence; one that was only slow finds its turn taken over.
    """

    db: Session
    batch_id: int
    state: BatchState
    clock: Callable[[], datetime]
    until: datetime | None = None

    def take(self) -> bool:
        """Begin, unless the file is in another state or in another worker's hands."""
        free = or_(ImportBatch.turn_until.is_(None), ImportBatch.turn_until < self.clock())
        return self._set(self.clock() + TURN, free)

    def keep(self) -> bool:
        """Go on for the next step; False when it is no longer ours or the file was taken away."""
        return self._set(self.clock() + TURN, ImportBatch.turn_until == self.until)

    def _set(self, until: datetime, condition: ColumnElement[bool]) -> bool:
        ours = update(ImportBatch).where(
            ImportBatch.id == self.batch_id, ImportBatch.state == self.state, condition
        )
        self.until = until
        return rows_changed(self.db, ours.values(turn_until=until)) == 1
