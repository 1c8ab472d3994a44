"""The points statement and the arithmetic of a tier, order by order, with what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from club.history import TURN
from club.models import Earning, EntryKind, LedgerEntry, RuleVersion, TierChange, TierCode
from club.refunded import Taken, taken_by
from club.rules_in_force import rule_book
from club.standing import Standing
from club.tier_forecast import threshold
from club.tier_path import CORRECTION, GIVEN
from foundation.words import N_
from members.models import Account, OrderLine

PAGE = 30
CHANGES_SHOWN = 12
LINES_SHOWN = 200

LEFT_OUT_WORDS: dict[str, str] = {
    "warranty-claim": N_("Warranty claims do not count."),
    "delivery": N_("The car’s price never counts."),
    "paid-by-warranty": N_("Paid by the warranty, so it does not count."),
    "paid-by-insurance": N_("Paid by the insurance, so it does not count."),
    "paid-by-free": N_("Free maintenance does not count."),
    "paid-by-points": N_("Paid with points, so it does not count."),
    "paid-by-voucher": N_("Paid with a voucher, so it does not count."),
    "paid-by-package": N_("Came with a package; its points came when it was bought."),
}
COVERED = N_("%(amount)s of it came off at the till and does not count.")
CORRECTED = N_("Corrected with its order")
KIND_WORDS: dict[str, str] = {
    "earn": N_("Earned at the workshop"),
    "bonus": N_("Bonus"),
    "refund": N_("Taken back for a refund"),
    "spend": N_("Used"),
    "undo": N_("Given back"),
    "expire": N_("Expired"),
    "adjust": N_("Adjusted by hand"),
    "take-back": N_("Bonus taken back"),
    "release": N_("Can be used now"),
    "opening": N_("Carried over from your earlier card"),
}
CHANGE_WORDS: dict[str, str] = {
    "new-rules": N_("New rules came into force that your spend already fulfils."),
    "rise": N_("The spend that counts reached the threshold."),
    "renewal": N_("Kept for another term: the spend of the last one was enough."),
    "fall": N_("The spend of its term was not enough, so it fell by one step."),
    "refund": N_("After a refund the remaining orders decide."),
    "late-order": N_("An older order came in late and was counted in."),
    CORRECTION: N_("An order was corrected."),
    "recount": N_("Worked out again from all orders."),
    "opening-balance": N_("Carried over with your earlier card."),
    "delivery": N_("For the hand-over of your new car."),
}


WITHOUT_SPEND = GIVEN
"""Changes that no spend brought, so none is told with them."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement; `line` and `earning` name the order line that caused it, where one did,
    `version` the rules, `by` and `second` who did it. `undone` is a spending that was given back,
    `taken` are the purchases that a refund was taken from.
    """

    entry: LedgerEntry
    line: OrderLine | None
    earning: Earning | None
    version: str | None
    by: str | None
    second: str | None
    undone: bool = False
    taken: Sequence[Taken] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of movements, the newest first, and where the older page begins."""

    lines: list[StatementLine]
    older: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """One order line of the window. `fen` is what still counts, `sum_fen` all up to here;
    a line that does not count says why in `left_out`, `covered_fen` is what the till took off."""

    line: OrderLine
    fen: int
    given_back_fen: int
    sum_fen: int
    left_out: str | None
    covered_fen: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How the spend of the window came about; it holds the days after `after` up to `until`.

    `rows` are the newest lines, in time; what the lines before them count is `earlier_fen`.
    """

    after: date
    until: date
    rows: list[Counted]
    earlier_fen: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeps a tier: `needed_fen` in the window that ends on `by`; `missing_fen` is left."""

    tier: TierCode
    by: date
    needed_fen: int
    spent_fen: int
    missing_fen: int


def statement_of(
    db: Session, owner_id: int, *, before: int | None = None, releases: bool = True
) -> Statement:
    """The movements before the entry with this id, or the newest ones.

    Without `releases` those are left out that only made pending points usable.
    """
    actor, confirmer = aliased(Account), aliased(Account)
    query = (
        select(
            LedgerEntry, OrderLine, Earning, RuleVersion.name, actor.name, confirmer.name, _undone()
        )
        .outerjoin(OrderLine, OrderLine.id == LedgerEntry.order_line_id)
        .outerjoin(OrderLine.order)
        .outerjoin(Earning, Earning.order_line_id == OrderLine.id)
        .outerjoin(RuleVersion, RuleVersion.id == LedgerEntry.rule_version_id)
        .outerjoin(actor, actor.id == LedgerEntry.account_id)
        .outerjoin(confirmer, confirmer.id == LedgerEntry.second_account_id)
        .options(contains_eager(OrderLine.order), joinedload(Earning.campaign))
        .where(LedgerEntry.owner_id == owner_id)
        .order_by(LedgerEntry.effective_on.desc(), LedgerEntry.id.desc())
        .limit(PAGE + 1)
    )
    if not releases:
        query = query.where(LedgerEntry.kind != EntryKind.RELEASE)
    if before is not None:
        start = db.get(LedgerEntry, before)
        if start is None or start.owner_id != owner_id:
            return Statement([], None)
        query = query.where(
            or_(
                LedgerEntry.effective_on < start.effective_on,
                and_(LedgerEntry.effective_on == start.effective_on, LedgerEntry.id < before),
            )
        )
    rows = [StatementLine(*row) for row in db.execute(query)]
    shown = _with_purchases(db, rows[:PAGE])
    return Statement(shown, shown[-1].entry.id if len(rows) > PAGE else None)


def _with_purchases(db: Session, lines: Sequence[StatementLine]) -> list[StatementLine]:
    refunds = {one.line.id for one in lines if one.line is not None and one.line.fen < 0}
    taken = taken_by(db, refunds)
    return [
        replace(one, taken=taken[one.line.id]) if one.line and one.line.id in taken else one
        for one in lines
    ]


def _undone() -> ColumnElement[bool]:
    """Whether a spending was given back."""
    undo = aliased(LedgerEntry)
    return exists().where(
        LedgerEntry.kind == EntryKind.SPEND,
        undo.owner_id == LedgerEntry.owner_id,
        undo.kind == EntryKind.UNDO,
        undo.cause_kind == "entry",
        undo.cause_id == cast(LedgerEntry.id, String),
    )


def kind_words(entry: LedgerEntry) -> str:
    """What a movement is: a correction with its order is nobody's adjustment."""
    return CORRECTED if entry.cause_kind == CORRECTION else KIND_WORDS[entry.kind.value]


def arithmetic_of(db: Session, owner_id: int, *, today: date) -> Arithmetic:
    """The newest order lines of the window that ends today, in time, with their running sum;
    the sum counts all of them."""
    after = rule_book(db).on(today).window_starts_after(today)
    newest = db.scalars(
        select(Earning)
        .join(Earning.line)
        .join(OrderLine.order)
        .options(contains_eager(Earning.line).contains_eager(OrderLine.order))
        .where(Earning.owner_id == owner_id, Earning.earned_on > after, Earning.earned_on <= today)
        .order_by(Earning.earned_on.desc(), *(each.desc() for each in TURN))
        .limit(LINES_SHOWN)
    ).all()
    total = _counted_fen(db, owner_id, after, today)
    earlier = total - sum(one.fen_left for one in newest if not one.left_out)
    rows, so_far = [], earlier
    for earning in reversed(newest):
        fen = 0 if earning.left_out else earning.fen_left
        back = 0 if earning.left_out else earning.fen - earning.fen_left
        so_far += fen
        covered = earning.covered_fen
        rows.append(Counted(earning.line, fen, back, so_far, earning.left_out, covered))
    return Arithmetic(after, today, rows, earlier, total)


def keeping_of(db: Session, owner_id: int, standing: Standing) -> Keeping | None:
    """What keeps the tier at its review, by the rules of that day; None where none can fall."""
    if standing.kept_until is None or standing.tier is TierCode.GENERAL:
        return None
    by, book = standing.kept_until, rule_book(db)
    needed = threshold(book, standing.tier, by)
    spent = _counted_fen(db, owner_id, book.on(by).window_starts_after(by), by)
    return Keeping(standing.tier, by, needed, spent, max(needed - spent, 0))


def _counted_fen(db: Session, owner_id: int, after: date, until: date) -> int:
    """What the owner's lines after a day, up to another, still count."""
    fen = select(func.sum(Earning.fen_left)).where(
        Earning.owner_id == owner_id,
        Earning.earned_on > after,
        Earning.earned_on <= until,
        Earning.left_out.is_(None),
    )
    return int(db.scalar(fen) or 0)


def changes_of(db: Session, owner_id: int) -> Sequence[TierChange]:
    """The owner's last steps through the tiers, the newest first."""
    return db.scalars(
        select(TierChange)
        .where(TierChange.owner_id == owner_id)
        .order_by(TierChange.changed_on.desc(), TierChange.id.desc())
        .limit(CHANGES_SHOWN)
    ).all()
