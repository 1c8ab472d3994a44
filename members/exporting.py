"""The list of members as rows of a sheet: the same owners in the same order as on screen (R42)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from foundation.sheets.writing import Value
from foundation.words import N_
from members import lists_taken
from members.lists_taken import Taking
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


def roster_rows(db: Session, wanted: Wanted, *, phones: bool, today: date) -> list[Sequence[Value]]:
    """The rows of the list; `phones` says whether numbers come in full or masked."""
    return list(_rows(everybody(db, wanted, today=today), phones))


def record_export(
    db: Session, wanted: Wanted, taking: Taking, *, rows: int, by: int, now: datetime
) -> None:
    """The audit entry without which no list leaves: reason, filters and count (R67)."""
    filters = {
        name: value
        for name in ("tier", "model", "interest", "joined", "visit", "sort")
        if (value := getattr(wanted, name))
    }
    lists_taken.note(
        db, "member.export", "roster", 0, taking, rows=rows, by=by, now=now, filters=filters
    )


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
