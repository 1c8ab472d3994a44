"""Recording some rows of a file: whose they are, what is new, and what is refused for which reason.

The trial and the application share it, so that the report says what will happen.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from club.earning import left_out
from club.statement import LEFT_OUT_WORDS
from foundation.refusals import Refusal
from foundation.shop import the_shop
from foundation.words import N_
from members.erased import erased_among
from members.matching import Archive, Match
from members.models import OrderLine
from members.orders import LineFacts, OrderShelf, OwnerErased, Recorded, of_the_erased
from portal.models import RowOutcome
from portal.order_rows import OrderRow
from portal.row_cells import RefusedRow

PART = 500


class DatedAhead(Refusal):
    """Work that is not done yet is no order."""


@dataclass(slots=True)
class Outcome:
    """What became of one row."""

    row_no: int
    outcome: RowOutcome
    message: str | None
    details: dict[str, Any]

    @property
    def sentence(self) -> str:
        """The message with its values, in English."""
        return str((self.message or "") % self.details.get("values", {}))


@dataclass
class Part:
    """What became of some rows, the lines that bear on points, those that changed at all.

    `told` are the lines that bear on points with what the report says of each.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    priced: list[OrderLine] = field(default_factory=list)
    touched: list[OrderLine] = field(default_factory=list)
    told: list[tuple[OrderLine, Outcome]] = field(default_factory=list)
    owner_ids: set[int] = field(default_factory=set)


def parts(rows: Sequence[Any], start: int = 0) -> Iterator[Sequence[Any]]:
    """The rows behind `start`, some hundred at a time."""
    for begin in range(start, len(rows), PART):
        yield rows[begin : begin + PART]


def unreadable(refused: Iterable[RefusedRow]) -> list[Outcome]:
    """The rows that never get as far as an owner."""
    return [refused_row(row.number, row.why, **row.named) for row in refused]


def record(
    db: Session,
    source: str,
    rows: Sequence[OrderRow],
    *,
    hash_key: str,
    today: date,
    now: datetime,
) -> Part:
    """Find whose rows they are and record their lines; nothing is earned yet."""
    part = Part()
    rows = list(_without_the_erased(db, source, rows, part))
    rows = list(_not_ahead(rows, part, today))
    archive = Archive(db, source, [row.sight for row in rows])
    numbers = {row.sight.customer_id for row in rows if row.sight.customer_id}
    gone = erased_among(db, source, numbers, hash_key=hash_key)
    matches: list[tuple[OrderRow, Match]] = []
    for row in rows:
        try:
            if row.sight.customer_id in gone and archive.known(row.sight) is None:
                part.outcomes.append(_of_the_erased(row))
                continue
            matches.append((row, archive.match(row.sight, now=now)))
        except Refusal as refusal:
            part.outcomes.append(refused_row(row.number, refusal, **row.named))
    archive.flush()
    wanted = {row.order_no for row, _ in matches}
    wanted |= {row.refund_of[0] for row, _ in matches if row.refund_of}
    shelf = OrderShelf(db, source, the_shop(db).id, wanted)
    for row, match in matches:
        try:
            recorded = shelf.record(_facts(row, match), now=now)
        except Refusal as refusal:
            part.outcomes.append(refused_row(row.number, refusal, **row.named))
            continue
        _note(part, row, match, recorded)
    db.flush()
    return part


def _without_the_erased(
    db: Session, source: str, rows: Sequence[OrderRow], part: Part
) -> Iterator[OrderRow]:
    """The rows that may be looked at; of those who left nothing is taken, not even their name."""
    gone = of_the_erased(db, source, {row.order_no for row in rows})
    for row in rows:
        if row.order_no in gone:
            part.outcomes.append(_of_the_erased(row))
        else:
            yield row


def _of_the_erased(row: OrderRow) -> Outcome:
    """Whoever comes back is known by their car or phone again, and their number after that."""
    why = OwnerErased(N_("The owner of this order left the club and was erased."))
    return refused_row(row.number, why, order=row.order_no, erased_fen=row.fen)


def _not_ahead(rows: Iterable[OrderRow], part: Part, today: date) -> Iterator[OrderRow]:
    """The rows up to the shop's today; a day to come is most likely a slip, and would earn."""
    for row in rows:
        if row.on <= today:
            yield row
            continue
        why = DatedAhead(
            N_("Its day, %(day)s, is still to come. Please correct the date in the file."),
            day=row.on.isoformat(),
        )
        part.outcomes.append(refused_row(row.number, why, **row.named))


def _note(part: Part, row: OrderRow, match: Match, recorded: Recorded) -> None:
    new_owner = match.is_new and match.owner.id not in part.owner_ids
    part.owner_ids.add(match.owner.id)
    if match.vehicle is not None:
        match.vehicle.read_odometer(row.mileage_km, row.on)
    if recorded.outcome != "unchanged":
        part.touched.append(recorded.line)
    details: dict[str, Any] = row.named | {"new_owner": new_owner}
    if recorded.reprices:
        details |= {"was_fen": recorded.before_fen}
    left = left_out(recorded.line)
    message = row.notes[0] if row.notes else LEFT_OUT_WORDS.get(left or "")
    outcome = Outcome(row.number, RowOutcome(recorded.outcome), message, details)
    part.outcomes.append(outcome)
    if recorded.outcome == "created" or recorded.reprices:
        part.priced.append(recorded.line)
        part.told.append((recorded.line, outcome))


def _facts(row: OrderRow, match: Match) -> LineFacts:
    return LineFacts(
        external_id=row.order_no,
        line_no=row.line_no,
        serviced_on=row.on,
        fen=row.fen,
        owner_id=match.owner.id,
        vehicle_id=match.vehicle.id if match.vehicle else None,
        kind=row.kind,
        paid_by=row.paid_by,
        description=row.description,
        brand=row.brand,
        quantity=row.quantity,
        mileage_km=row.mileage_km,
        refund_of=row.refund_of,
    )


def refused_row(number: int, refusal: Refusal, **named: str | int) -> Outcome:
    """A row that is not taken, why, and what it names itself by."""
    values = {name: str(value) for name, value in refusal.values.items()}
    return Outcome(number, RowOutcome.REFUSED, refusal.message, {"values": values} | named)
