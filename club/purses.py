"""A purse: the open lots of one owner, held for writing, and how points move in and out.

For each entry: its points = the points of the lots it opens + its allocations. A lot's rest = its
points + its allocations. So the balance is the sum of the entries and of the open lots (R1).
A purse never holds points and a debt at the same time.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from club.models import Allocation, EntryKind, LedgerEntry, Lot
from foundation.words import InBoth
from members.models import Owner

EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why points move: the same (kind, cause) twice is one entry. `by` is an account."""

    kind: str
    id: str
    on: date
    now: datetime
    by: int | None = None
    reason: InBoth | str | None = None
    order_line_id: int | None = None
    rule_version_id: int | None = None
    second: int | None = None

    def under(self, rule_version_id: int | None) -> "Cause":
        """The same cause with the rules that were used."""
        return replace(self, rule_version_id=rule_version_id)

    def named(self, cause_id: str, order_line_id: int) -> "Cause":
        """A part of this cause that concerns another line."""
        return replace(self, id=cause_id, order_line_id=order_line_id)

    def again(self, kind: str, cause_id: str, on: date) -> "Cause":
        """What this cause brings with it, effective on a day of its own."""
        return replace(self, kind=kind, id=cause_id, on=on)


@dataclass
class Purse:
    """The lots that hold something, oldest id first; new ones are added at the end."""

    db: Session
    owner_id: int
    lots: list[Lot] = field(default_factory=list)

    @property
    def balance(self) -> int:
        return sum(lot.rest for lot in self.lots)

    @property
    def usable(self) -> int:
        """The balance without what is pending."""
        return sum(lot.rest for lot in self.lots if lot.usable_on is None)

    def put(
        self,
        kind: EntryKind,
        points: int,
        cause: Cause,
        *,
        expires_on: date | None,
        usable_on: date | None = None,
    ) -> LedgerEntry:
        """Points come in as a lot of their own; debts are paid from it first, oldest first.

        With a day in `usable_on` they are pending: they count, pay debts and can be taken back,
        and are not spent before they are released.
        """
        entry = self._write(kind, points, cause)
        if points:
            lot = self._open(entry, points, expires_on, usable_on)
            self._pay_debts(entry, lot)
        return entry

    def draw(
        self, kind: EntryKind, points: int, cause: Cause, first: Iterable[Lot] = ()
    ) -> LedgerEntry:
        """Points go out: of the lots `first`, then by expiry, none last, then id (R2).

        Pending points are not spent, but taken back like others. What no lot covers becomes a
        debt: an open lot with a negative rest (R5).
        """
        entry = self._write(kind, -points, cause)
        left = points
        for lot in (*first, *self._in_spend_order()):
            if kind is EntryKind.SPEND and lot.usable_on is not None:
                continue
            left -= self._move(entry, lot, -min(left, max(lot.rest, 0)))
        if left:
            self._open(entry, -left, None)
        return entry

    def give_back(self, taken: Iterable[tuple[Lot, int]], points: int, cause: Cause) -> LedgerEntry:
        """Points return to the lots they came from (R6); what was a debt again pays a debt."""
        entry = self._write(EntryKind.UNDO, points, cause)
        for lot, count in taken:
            if lot not in self.lots:
                self.lots.append(lot)
            self._move(entry, lot, count)
            if lot.rest > 0:
                self._pay_debts(entry, lot)
        return entry

    def settle(self, kind: EntryKind, cause: Cause) -> LedgerEntry | None:
        """Points and debts that came together close each other; None when there are not both."""
        rich = [lot for lot in self._in_spend_order() if lot.rest > 0]
        if not rich or all(lot.rest >= 0 for lot in self.lots):
            return None
        entry = self._write(kind, 0, cause)
        for lot in rich:
            self._pay_debts(entry, lot)
        self.db.flush()
        return entry

    def expire(self, lot: Lot, cause: Cause) -> LedgerEntry | None:
        """The unspent rest of one lot goes, and nothing of any other (R3, R4)."""
        if lot.rest <= 0:
            return None
        entry = self._write(EntryKind.EXPIRE, -lot.rest, cause)
        self._move(entry, lot, -lot.rest)
        return entry

    def release(self, lot: Lot, cause: Cause) -> LedgerEntry:
        """Pending points of one lot can be used from now on; an entry of no points says so."""
        entry = self._write(EntryKind.RELEASE, 0, cause)
        entry.details |= {"points": lot.rest}
        lot.usable_on = None
        return entry

    def _in_spend_order(self) -> list[Lot]:
        return sorted(self.lots, key=lambda lot: lot.expires_on or date.max)

    def _write(self, kind: EntryKind, points: int, cause: Cause) -> LedgerEntry:
        entry = LedgerEntry(
            owner_id=self.owner_id,
            kind=kind,
            points=points,
            effective_on=cause.on,
            recorded_at=cause.now,
            cause_kind=cause.kind,
            cause_id=cause.id,
            order_line_id=cause.order_line_id,
            rule_version_id=cause.rule_version_id,
            account_id=cause.by,
            second_account_id=cause.second,
            reason=cause.reason and str(cause.reason),
            details=_in_english(cause.reason),
        )
        self.db.add(entry)
        return entry

    def _open(
        self,
        entry: LedgerEntry,
        points: int,
        expires_on: date | None,
        usable_on: date | None = None,
    ) -> Lot:
        lot = Lot(
            owner_id=self.owner_id,
            entry=entry,
            points=points,
            rest=points,
            expires_on=expires_on,
            usable_on=usable_on,
        )
        self.db.add(lot)
        self.lots.append(lot)
        return lot

    def _move(self, entry: LedgerEntry, lot: Lot, points: int) -> int:
        """Change a lot's rest and note it; how many points left the lot."""
        if points:
            lot.rest += points
            self.db.add(Allocation(entry=entry, lot=lot, points=points))
        return -points

    def _pay_debts(self, entry: LedgerEntry, lot: Lot) -> None:
        for debt in [each for each in self.lots if each.rest < 0]:
            paid = min(lot.rest, -debt.rest)
            self._move(entry, lot, -paid)
            self._move(entry, debt, paid)


def purses(db: Session, owner_ids: Collection[int]) -> dict[int, Purse]:
    """The owners' purses, locked against other writers until the transaction ends."""
    ids = sorted(set(owner_ids))
    db.flush()
    hold(db, ids)
    found = {owner_id: Purse(db, owner_id) for owner_id in ids}
    query = (
        select(Lot)
        .where(Lot.owner_id.in_(ids), Lot.rest != 0)
        .options(joinedload(Lot.entry))
        .order_by(Lot.id)
    )
    for lot in db.scalars(query.execution_options(populate_existing=True)):
        found[lot.owner_id].lots.append(lot)
    return found


def hold(db: Session, owner_ids: Collection[int]) -> None:
    """Lock the owners' rows in one order, so that two writers wait instead of crossing."""
    query = select(Owner.id).where(Owner.id.in_(owner_ids)).order_by(Owner.id)
    db.execute(query.with_for_update(key_share=True)).all()


def purse(db: Session, owner_id: int) -> Purse:
    """One owner's purse, locked."""
    return purses(db, [owner_id])[owner_id]


def expired_of(db: Session, lots: Collection[Lot]) -> dict[int, int]:
    """Per lot the points that expiry took and that nothing gave back since."""
    db.flush()
    rows = db.execute(
        select(Allocation.lot_id, func.sum(-Allocation.points))
        .join(LedgerEntry, LedgerEntry.id == Allocation.entry_id)
        .where(
            Allocation.lot_id.in_([lot.id for lot in lots]),
            (LedgerEntry.kind == EntryKind.EXPIRE)
            | ((LedgerEntry.kind == EntryKind.UNDO) & (LedgerEntry.cause_kind == EXPIRY)),
        )
        .group_by(Allocation.lot_id)
    )
    return {lot_id: int(points) for lot_id, points in rows}


def _in_english(reason: InBoth | str | None) -> dict[str, str]:
    """What an entry's details keep of a reason that has a name in both languages."""
    return {"reason_en": reason.en} if isinstance(reason, InBoth) and reason.en else {}
