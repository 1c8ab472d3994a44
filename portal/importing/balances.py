"""Rows of opening balances recorded: whose card it is, what is new, what is refused and why.

The trial and the signed application share it, so that the sums that are signed are the sums that
come in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import opening, tiers
from club.models import (
    EntryKind,
    Holding,
    LedgerEntry,
    TierCode,
)
from club.opening import Bringing, Thing
from foundation.refusals import Refusal
from foundation.words import N_
from members.erased import erased_among
from members.matching import OLD_CARD, Archive, Match
from members.models import Owner
from portal.balance_rows import BalanceRow
from portal.importing.balance_kinds import Kinds, plain
from portal.importing.recording import Outcome, refused_row
from portal.models import RowOutcome

HAS_POINTS = N_("The orders on file already brought this owner points; these come on top.")


class CardErased(Refusal):
    """The card is of somebody who left: a later file brings neither them nor points back (R63)."""


class NameDiffers(Refusal):
    """The archive that card, car or phone lead to has another name."""


@dataclass
class _Attempt:
    """What became of some rows, whose they were found to be, and who got something."""

    outcomes: list[Outcome] = field(default_factory=list)
    late: list[Outcome] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)


def record(
    db: Session, rows: Sequence[BalanceRow], bringing: Bringing, *, hash_key: str
) -> list[Outcome]:
    """Find whose cards they are and let what they hold be theirs.

    A refused row leaves nothing, be it an owner, a car or the number of a card: where one is
    refused after its owner was found, the others are recorded anew without it.
    """
    gone = erased_among(db, OLD_CARD, {row.card for row in rows}, hash_key=hash_key)
    refused = [_of_the_erased(row) for row in rows if row.card in gone]
    rows = [row for row in rows if row.card not in gone]
    while True:
        with db.begin_nested() as attempt:
            tried = _record(db, rows, bringing)
            if tried.late:
                attempt.rollback()
        if not tried.late:
            break
        refused += tried.late
        out = {one.row_no for one in tried.late}
        rows = [row for row in rows if row.number not in out]
    if tried.touched:
        tiers.review(db, tried.touched, today=bringing.today, now=bringing.now)
    return refused + tried.outcomes


def _record(db: Session, rows: Sequence[BalanceRow], bringing: Bringing) -> _Attempt:
    kinds = Kinds.read(db)
    archive = Archive(db, OLD_CARD, [row.sight for row in rows])
    tried = _Attempt()
    matched: list[tuple[BalanceRow, Match, bool]] = []
    for row in rows:
        try:
            _check_name(row, archive.known(row.sight))
            _things(row, kinds, None)
            new_card = row.card not in archive.by_identity
            matched.append((row, archive.match(row.sight, now=bringing.now), new_card))
        except Refusal as no:
            tried.outcomes.append(_refused(row, no))
    archive.flush()
    for row, match, new_card in matched:
        try:
            new, before = _bring(db, row, match, kinds, bringing)
        except Refusal as no:
            tried.late.append(_refused(row, no))
            continue
        tried.touched |= {match.owner.id} if new else set()
        tried.outcomes.append(_told(db, row, match, new, before, new_card))
    db.flush()
    return tried


def sums_of(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """What the new rows bring in all: people, points, uses of packages, vouchers, cards by tier.

    The points of refused rows and those that are in already stand apart: with them it is the sum
    of the old system.
    """
    told = list(outcomes)
    new = [one.details for one in told if one.outcome is RowOutcome.CREATED]
    apart = {"points_refused": 0, "points_before": 0}
    for one in told:
        refused = one.outcome is RowOutcome.REFUSED
        what = "points_refused" if refused else "points_before"
        apart[what] += one.details.get("apart", 0)
    return {
        **apart,
        "people": len({one["card"] for one in new}),
        **{
            what: sum(one.get("brings", {}).get(what, 0) for one in new)
            for what in ("points", "packages", "vouchers")
        },
        "tiers": {
            tier.value: sum(one.get("brings", {}).get("tier") == tier.value for one in new)
            for tier in TierCode
        },
    }


def _bring(
    db: Session, row: BalanceRow, match: Match, kinds: Kinds, bringing: Bringing
) -> tuple[list[Thing], list[Thing]]:
    """What of a row came in now, and what a file brought before."""
    things = _things(row, kinds, match.vehicle.id if match.vehicle else None)
    opening.check(db, match.owner.id, things, bringing)
    before = [one for one in things if opening.known(db, row.card, one) is not None]
    new = [one for one in things if one not in before]
    with db.begin_nested():
        for thing in new:
            opening.bring(db, match.owner.id, row.card, row.number, thing, bringing)
    return new, before


def _told(
    db: Session,
    row: BalanceRow,
    match: Match,
    new: Sequence[Thing],
    before: Sequence[Thing],
    new_card: bool,
) -> Outcome:
    message = row.notes[0] if row.notes else None
    if message is None and new and row.points and _earned_before(db, match.owner.id):
        message = HAS_POINTS
    details = {
        "card": row.card,
        "new_owner": match.is_new,
        "new_card": new_card,
        "brings": _brings(new),
        "apart": _brings(before)["points"],
    }
    outcome = RowOutcome.CREATED if new else RowOutcome.UNCHANGED
    return Outcome(row.number, outcome, message, details)


def _refused(row: BalanceRow, no: Refusal) -> Outcome:
    """A row that stays out, with its card and the points that stay out with it."""
    return refused_row(row.number, no, card=row.card, apart=row.points or 0)


def _of_the_erased(row: BalanceRow) -> Outcome:
    """What the card held came in once and ended with its owner: nobody gets it again."""
    return _refused(row, CardErased(N_("The owner of this card left the club and was erased.")))


def _things(row: BalanceRow, kinds: Kinds, vehicle_id: int | None) -> list[Thing]:
    """What a row brings; the lowest tier is held by everybody and is nothing to bring."""
    found = []
    if row.tier not in (None, TierCode.GENERAL):
        found.append(Thing(Holding.TIER, 1, row.tier_until, tier=row.tier or TierCode.GENERAL))
    if row.points is not None:
        found.append(Thing(Holding.POINTS, row.points, row.points_until))
    if (held := row.package) is not None:
        item = kinds.item(held.name, held.item)
        car = vehicle_id if item.kind.one_car else None
        found.append(
            Thing(Holding.PACKAGE, held.left, held.until_on, package_item=item, vehicle_id=car)
        )
    if (given := row.vouchers) is not None:
        kind = kinds.voucher(given.name)
        found.append(Thing(Holding.VOUCHERS, given.count, given.until_on, voucher_kind=kind))
    return found


def _brings(things: Sequence[Thing]) -> dict[str, Any]:
    """What new things of a row add to the sums."""
    counts = {thing.holding: thing.amount for thing in things}
    tier = next((thing.tier.value for thing in things if thing.holding is Holding.TIER), None)
    return {
        "points": counts.get(Holding.POINTS, 0),
        "packages": counts.get(Holding.PACKAGE, 0),
        "vouchers": counts.get(Holding.VOUCHERS, 0),
        "tier": tier,
    }


def _check_name(row: BalanceRow, owner: Owner | None) -> None:
    """Money is not given to somebody of another name, however the row led there."""
    name = row.sight.name
    if owner is not None and name and owner.name and plain(owner.name) != plain(name):
        raise NameDiffers(
            N_("Card, car or phone lead to an owner of another name; please look by hand.")
        )


def _earned_before(db: Session, owner_id: int) -> bool:
    earned = select(LedgerEntry.id).where(
        LedgerEntry.owner_id == owner_id, LedgerEntry.kind == EntryKind.EARN
    )
    return db.scalar(earned.limit(1)) is not None
