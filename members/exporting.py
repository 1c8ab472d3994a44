"""The list of members as rows of a sheet: the same owners in the same order as on screen (R42)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from foundation import audit
from foundation.refusals import Refusal
from foundation.sheets.writing import Value
from foundation.words import N_
from members.phones import masked
from members.roster import Line, Wanted, everybody

HEADERS = (
    N_("Member number"),
    N_("Name"),
    N_("Mobile"),
    N_("Tier"),
    N_("Points"),
    N_("Spend that counts"),
    N_("Joined"),
    N_("Last visit"),
    N_("Plates"),
    N_("Models"),
)


class ReasonMissing(Refusal):
    """A list leaves the house only with a reason."""


def roster_rows(db: Session, wanted: Wanted, *, phones: bool, today: date) -> list[Sequence[Value]]:
    """The rows of the list; `phones` says whether numbers come in full or masked."""
    return list(_rows(everybody(db, wanted, today=today), phones))


def check_reason(reason: str) -> None:
    """Refuses a list that nobody says the use of, before anything is read."""
    if not reason.strip():
        raise ReasonMissing(N_("Please say what the list is needed for."))


def record_export(
    db: Session,
    wanted: Wanted,
    *,
    rows: int,
    reason: str,
    form: str,
    phones: bool,
    by: int,
    now: datetime,
) -> None:
    """The audit entry without which no list leaves: reason, filters and count (R67)."""
    check_reason(reason)
    filters = {
        name: value
        for name in ("tier", "model", "interest", "joined", "visit", "sort")
        if (value := getattr(wanted, name))
    }
    audit.record(
        db,
        "member.export",
        "roster",
        0,
        by=by,
        now=now,
        rows=rows,
        reason=reason.strip()[:300],
        form=form,
        phones=phones,
        filters=filters,
    )
    db.flush()


def _rows(lines: Iterator[Line], phones: bool) -> Iterator[Sequence[Value]]:
    for line in lines:
        owner, membership, facts = line.owner, line.membership, line.facts
        phone = owner.phone or ""
        yield (
            membership.number if membership else "",
            owner.name,
            phone if phones or not phone else masked(phone),
            facts.tier if facts else "general",
            facts.points if facts else 0,
            Decimal(facts.spend_fen if facts else 0) / 100,
            membership.joined_on if membership else None,
            facts.last_visit_on if facts else None,
            " ".join(car.plate for car in line.vehicles if car.plate),
            " ".join(car.model for car in line.vehicles if car.model),
        )
