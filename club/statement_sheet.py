"""The statement by lots as rows of a workbook: the same rows in the same order as on screen."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from club.lots import LotRow, all_of
from club.models import Earning
from club.statement import COVERED, KIND_WORDS, LEFT_OUT_WORDS, kind_words
from foundation.money import yuan
from foundation.sheets.writing import Value
from foundation.words import N_, InBoth

HEADERS = (
    N_("Day"),
    N_("What brought them"),
    N_("Order"),
    N_("Work"),
    N_("Paid, yuan"),
    N_("Points per yuan"),
    N_("Points"),
    N_("Why not"),
    N_("Rules"),
    N_("Used"),
    N_("Taken back"),
    N_("Expired"),
    N_("Left"),
    N_("State"),
    N_("Usable from"),
    N_("Last day"),
)
STATE_WORDS: dict[str, str] = {
    "open": N_("can be used"),
    "pending": N_("cannot be used yet"),
    "used": N_("used up"),
    "expired": N_("expired"),
    "debt": N_("still owed"),
    "left-out": N_("does not count"),
    "nothing": N_("too little for a point"),
}
Say = Callable[[InBoth | str], str]


def rows(db: Session, owner_id: int, *, today: date, say: Say) -> Iterator[Sequence[Value]]:
    """One row per lot and per line that brought nothing; `say` puts words in a language."""
    for row in all_of(db, owner_id):
        yield [*_cause(row, say), *_what_became(row, today, say)]


def work_of(row: LotRow, say: Say) -> str:
    """What was done at the workshop, in words."""
    line = row.line
    if line is None:
        return ""
    kind = say(line.kind.label) if line.kind else ""
    return " · ".join(part for part in (kind, line.description or line.order.content) if part)


def cause_of(row: LotRow, say: Say) -> str:
    """What brought the points: the kind of movement, and its reason where no order tells it."""
    if row.entry is None:
        return say(KIND_WORDS["earn"])
    kind = say(kind_words(row.entry))
    reason = say(row.entry.why) if row.entry.why and row.line is None else ""
    reason = reason or str(row.entry.details.get("card", ""))
    return f"{kind} · {reason}" if reason else kind


def why_not(earning: Earning, say: Say) -> str | None:
    """Why the line or a part of it does not count (R7), None where all of it does."""
    if earning.left_out:
        return say(LEFT_OUT_WORDS.get(earning.left_out, earning.left_out))
    covered = earning.covered_fen
    return say(COVERED) % {"amount": f"¥{yuan(covered)}"} if covered else None


def _cause(row: LotRow, say: Say) -> list[Value]:
    line, earning = row.line, row.earning
    rated = earning is not None and not earning.left_out
    return [
        row.key.on,
        cause_of(row, say),
        line.order.external_id if line else None,
        work_of(row, say),
        Decimal(earning.fen if earning and rated else line.fen) / 100 if line else None,
        Decimal(earning.multiplier) / 100 if earning and rated else None,
        row.points,
        why_not(earning, say) if earning else None,
        row.version,
    ]


def _what_became(row: LotRow, today: date, say: Say) -> list[Value]:
    state, lot = row.state(today), row.lot
    return [
        row.spent,
        row.taken,
        row.expired,
        row.rest,
        say(STATE_WORDS[state]),
        lot.usable_on if lot and state == "pending" else None,
        lot.expires_on if lot else None,
    ]
