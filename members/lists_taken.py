"""A list of people that leaves the house: as which file, what for, and noted (R67)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_

LONGEST = 300


class ReasonMissing(Refusal):
    """A list leaves the house only with a reason."""


@dataclass(frozen=True, slots=True)
class Taking:
    """How somebody takes a list: as csv or xlsx, with phones in full or masked, and what for."""

    form: str
    phones: bool
    reason: str

    def check(self) -> None:
        """Refuses a list that nobody says the use of, before anything is read."""
        if not self.reason.strip():
            raise ReasonMissing(N_("Please say what the list is needed for."))


def note(
    db: Session,
    act: str,
    subject: str,
    subject_id: int,
    taking: Taking,
    *,
    rows: int,
    by: int,
    now: datetime,
    **more: Any,
) -> None:
    """The audit entry without which no list leaves: who took how many rows, how and why."""
    taking.check()
    said = {"rows": rows, "reason": taking.reason.strip()[:LONGEST], **more}
    audit.record(
        db,
        act,
        subject,
        subject_id,
        by=by,
        now=now,
        form=taking.form,
        phones=taking.phones,
        **said,
    )
    db.flush()
