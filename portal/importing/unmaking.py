"""What a file of opening balances made beside its balances goes again when it is taken back.

The numbers of its cards, and the owners and cars that nobody knew before. An owner goes whole, with
the entries that came and went, while everything of theirs is of the file; somebody who has more by
now stays as they are, without the number of the card.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, delete, false, not_, select, true
from sqlalchemy.orm import Session

from club import opening
from club.models import (
    Allocation,
    GrantWhy,
    LedgerEntry,
    Lot,
    OpeningBalance,
    Package,
    PackageItem,
    PackageUse,
    Source,
    TierChange,
    TierGrant,
    TierStanding,
    Voucher,
    VoucherUse,
)
from foundation.audit import AuditEntry
from foundation.database import Base
from members.matching import OLD_CARD
from members.models import MemberFacts, Owner, OwnerIdentity, Ownership, Vehicle
from portal.models import ImportBatch, ImportRow, RowOutcome

UNSYNCHRONISED = {"synchronize_session": False}
OF_A_FILE: dict[str, ColumnElement[bool]] = {
    "ledger_entry": LedgerEntry.cause_kind == opening.CAUSE,
    "lot": Lot.entry_id.in_(select(LedgerEntry.id).where(LedgerEntry.cause_kind == opening.CAUSE)),
    "tier_grant": TierGrant.why == GrantWhy.OPENING,
    "tier_change": true(),
    "tier_standing": true(),
    "member_facts": true(),
    "package": and_(
        Package.request_id.startswith("opening:"),
        ~Package.items.any(PackageItem.id.in_(select(PackageUse.item_id))),
    ),
    "voucher": and_(
        Voucher.source == Source.OPENING,
        ~Voucher.id.in_(select(VoucherUse.voucher_id)),
    ),
}
"""The rows of an owner that a file may have made; any other row means that there is more."""


@dataclass(frozen=True, slots=True)
class Unmade:
    """How many owners went, and how many stay because more hangs on them."""

    gone: int
    kept: int


def unmake(db: Session, batch: ImportBatch) -> Unmade:
    """Let card numbers, owners and cars go that only this file made; its balances went before."""
    db.flush()
    cards, owner_ids = _made(db, batch)
    query = select(Owner.id).where(Owner.id.in_(owner_ids)).order_by(Owner.id)
    db.execute(query.with_for_update()).all()
    db.execute(
        delete(OwnerIdentity).where(
            OwnerIdentity.source == OLD_CARD,
            OwnerIdentity.external_id.in_(cards),
            OwnerIdentity.external_id.not_in(select(OpeningBalance.card).where(_elsewhere(batch))),
        ),
        execution_options=UNSYNCHRONISED,
    )
    gone = owner_ids - _with_more(db, owner_ids, batch)
    _drop(db, gone)
    db.expire_all()
    return Unmade(len(gone), len(owner_ids) - len(gone))


def _made(db: Session, batch: ImportBatch) -> tuple[set[str], set[int]]:
    """The cards that the file was the first to name, and the owners whom it made."""
    rows = db.scalars(
        select(ImportRow.details).where(
            ImportRow.batch_id == batch.id, ImportRow.outcome != RowOutcome.REFUSED
        )
    )
    told = [one for one in rows if one.get("new_card") or one.get("new_owner")]
    of_new = {one["card"] for one in told if one.get("new_owner")}
    owners = select(OwnerIdentity.owner_id).where(
        OwnerIdentity.source == OLD_CARD, OwnerIdentity.external_id.in_(of_new)
    )
    return {one["card"] for one in told}, set(db.scalars(owners))


def _elsewhere(batch: ImportBatch) -> ColumnElement[bool]:
    """What another file brought and still stands."""
    return and_(OpeningBalance.batch_id != batch.id, OpeningBalance.undone_at.is_(None))


def _with_more(db: Session, owner_ids: Collection[int], batch: ImportBatch) -> set[int]:
    """Who of them is named by anything that is not of this file."""
    more: set[int] = set()
    ours = OF_A_FILE | {
        "opening_balance": OpeningBalance.batch_id == batch.id,
        "ownership": Ownership.vehicle_id.in_(
            select(Vehicle.id).where(Vehicle.created_at == batch.applied_at)
        ),
    }
    for column in _naming("owner.id"):
        others = not_(ours.get(column.table.name, false()))
        query = select(column).where(column.in_(owner_ids), others)
        more |= set(db.scalars(query.distinct()))
    changed = select(AuditEntry.thing_id).where(
        AuditEntry.thing_kind == "owner",
        AuditEntry.thing_id.in_(owner_ids),
        AuditEntry.act != "owner.read",
    )
    return more | set(db.scalars(changed))


def _drop(db: Session, owner_ids: Collection[int]) -> None:
    """Everything of these owners, from what names other rows down to what is named."""
    cars = set(db.scalars(select(Ownership.vehicle_id).where(Ownership.owner_id.in_(owner_ids))))
    lots = select(Lot.id).where(Lot.owner_id.in_(owner_ids))
    packages = select(Package.id).where(Package.owner_id.in_(owner_ids))
    _delete(db, Allocation, Allocation.lot_id.in_(lots))
    _delete_theirs(db, owner_ids, Lot, OpeningBalance, Voucher, LedgerEntry)
    _delete(db, PackageItem, PackageItem.package_id.in_(packages))
    theirs = (Package, TierGrant, TierChange, TierStanding, MemberFacts, Ownership)
    _delete_theirs(db, owner_ids, *theirs)
    _delete(db, Owner, Owner.id.in_(owner_ids))
    for column in _naming("vehicle.id"):
        cars -= set(db.scalars(select(column).where(column.in_(cars)).distinct()))
    _delete(db, Vehicle, Vehicle.id.in_(cars))


def _delete_theirs(db: Session, owner_ids: Collection[int], *tables: Any) -> None:
    for table in tables:
        _delete(db, table, table.owner_id.in_(owner_ids))


def _delete(db: Session, table: type[Any], which: ColumnElement[bool]) -> None:
    db.execute(delete(table).where(which), execution_options=UNSYNCHRONISED)


def _naming(target: str) -> list[Column[Any]]:
    """Every column, in whatever room, that names such a row."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == target for key in column.foreign_keys)
    ]
