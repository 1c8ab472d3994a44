"""Rows of opening balances recorded: whose card it is, what is new, what is refused and why.

The trial and the signed application share it, so that the sums that are signed are the sums that
come in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from club import opening, tiers
from club.models import (
    EntryKind,
    Holding,
    LedgerEntry,
    PackageKind,
    PackageKindItem,
    TierCode,
    VoucherKind,
)
from club.opening import Bringing, Thing
from foundation.refusals import Refusal
from foundation.words import N_
from members.matching import OLD_CARD, Archive, Match
from members.models import Owner
from portal.balance_rows import BalanceRow
from portal.importing.recording import Outcome, refused_row
from portal.models import RowOutcome

HAS_POINTS = N_("The orders on file already brought this owner points; these come on top.")


class NameDiffers(Refusal):
    """The archive that card, car or phone lead to has another name."""


class NoSuchKind(Refusal):
    """The package or voucher is none of ours yet."""


class SeveralThings(Refusal):
    """The package holds several things, and the row does not say which."""


@dataclass
class Kinds:
    """The kinds of packages and vouchers by the names that a file may use."""

    packages: dict[str, PackageKind] = field(default_factory=dict)
    vouchers: dict[str, VoucherKind] = field(default_factory=dict)

    @classmethod
    def read(cls, db: Session) -> "Kinds":
        """Every kind by its Chinese and English name; of two with one name the newer counts."""
        kinds = cls()
        query = select(PackageKind).options(selectinload(PackageKind.items))
        for package in db.scalars(query.order_by(PackageKind.id)):
            kinds.packages |= {_key(name): package for name in _names(package)}
        for voucher in db.scalars(select(VoucherKind).order_by(VoucherKind.id)):
            kinds.vouchers |= {_key(name): voucher for name in _names(voucher)}
        return kinds

    def item(self, name: str, item: str) -> PackageKindItem:
        """The thing of a package that a row means."""
        kind = self.packages.get(_key(name))
        if kind is None:
            raise NoSuchKind(
                N_("There is no package “%(name)s” yet. Please write it under Packages first."),
                name=name,
            )
        found = [one for one in kind.items if not item or _key(item) in map(_key, _names(one))]
        if len(found) != 1:
            raise SeveralThings(
                N_("Please name which thing of “%(name)s” is meant, as it stands there."), name=name
            )
        return found[0]

    def voucher(self, name: str) -> VoucherKind:
        """The kind of voucher that a row means."""
        kind = self.vouchers.get(_key(name))
        if kind is None:
            raise NoSuchKind(
                N_("There is no voucher “%(name)s” yet. Please write it under Vouchers first."),
                name=name,
            )
        return kind


def record(db: Session, rows: Sequence[BalanceRow], bringing: Bringing) -> list[Outcome]:
    """Find whose cards they are and let what they hold be theirs; a refused row brings nothing."""
    kinds = Kinds.read(db)
    archive = Archive(db, OLD_CARD, [row.sight for row in rows])
    outcomes: list[Outcome] = []
    matched: list[tuple[BalanceRow, Match]] = []
    for row in rows:
        try:
            _check_name(row, archive.known(row.sight))
            _things(row, kinds, None)
            matched.append((row, archive.match(row.sight, now=bringing.now)))
        except Refusal as no:
            outcomes.append(refused_row(row.number, no, card=row.card))
    archive.flush()
    touched: set[int] = set()
    for row, match in matched:
        outcomes.append(_bring(db, row, match, kinds, bringing, touched))
    db.flush()
    if touched:
        tiers.review(db, touched, today=bringing.today, now=bringing.now)
    return outcomes


def sums_of(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """What the new rows bring in all: people, points, uses of packages, vouchers, cards by tier."""
    new = [one.details for one in outcomes if one.outcome is RowOutcome.CREATED]
    return {
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
    db: Session,
    row: BalanceRow,
    match: Match,
    kinds: Kinds,
    bringing: Bringing,
    touched: set[int],
) -> Outcome:
    vehicle_id = match.vehicle.id if match.vehicle else None
    things = _things(row, kinds, vehicle_id)
    try:
        opening.check(db, match.owner.id, things, bringing)
        new = [one for one in things if opening.known(db, row.card, one) is None]
        with db.begin_nested():
            for thing in new:
                opening.bring(db, match.owner.id, row.card, row.number, thing, bringing)
    except Refusal as no:
        return refused_row(row.number, no, card=row.card)
    touched |= {match.owner.id} if new else set()
    details: dict[str, Any] = {"card": row.card, "new_owner": match.is_new, "brings": _brings(new)}
    message = row.notes[0] if row.notes else None
    if message is None and new and row.points and _earned_before(db, match.owner.id):
        message = HAS_POINTS
    outcome = RowOutcome.CREATED if new else RowOutcome.UNCHANGED
    return Outcome(row.number, outcome, message, details)


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
    if owner is not None and name and owner.name and _key(owner.name) != _key(name):
        raise NameDiffers(
            N_("Card, car or phone lead to an owner of another name; please look by hand.")
        )


def _earned_before(db: Session, owner_id: int) -> bool:
    earned = select(LedgerEntry.id).where(
        LedgerEntry.owner_id == owner_id, LedgerEntry.kind == EntryKind.EARN
    )
    return db.scalar(earned.limit(1)) is not None


def _names(thing: PackageKind | PackageKindItem | VoucherKind) -> list[str]:
    return [name for name in (thing.name_zh, thing.name_en) if name]


def _key(name: str) -> str:
    return "".join(name.split()).casefold()
