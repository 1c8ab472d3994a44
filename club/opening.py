"""Opening balances: what an old card held becomes points, a tier, packages and vouchers, once.

Each thing of a card stands once, whatever file names it: the same again changes nothing, another
amount is refused, because a person signed the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import purses, vouchers
from club.models import (
    EntryKind,
    GrantWhy,
    Holding,
    OpeningBalance,
    Package,
    PackageItem,
    PackageKindItem,
    PackageState,
    Source,
    TierCode,
    TierGrant,
    VoucherKind,
)
from club.purses import Cause
from foundation.refusals import Refusal
from foundation.words import N_
from members.staff_accounts import is_one_of

CAUSE = "opening-balance"
MOST = {
    Holding.TIER: 1,
    Holding.POINTS: 10_000_000,
    Holding.PACKAGE: 1_000,
    Holding.VOUCHERS: 50,
}


class OutOfRange(Refusal):
    """More than any card holds, or nothing."""


class OverAlready(Refusal):
    """Its last day has passed, so it is nothing any more."""


class BroughtDifferently(Refusal):
    """A signed file named another amount for the same thing."""


class OwnBalance(Refusal):
    """Nobody brings in or signs what is their own (R12)."""


@dataclass(frozen=True, slots=True)
class Bringing:
    """Which file brings it, who brought that in, who signed it, and when."""

    batch_id: int
    today: date
    now: datetime
    by: int | None
    signed_by: int | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a card: `amount` points, uses or vouchers; a tier's amount is 1."""

    holding: Holding
    amount: int
    until_on: date | None
    tier: TierCode = TierCode.GENERAL
    package_item: PackageKindItem | None = None
    vehicle_id: int | None = None
    voucher_kind: VoucherKind | None = None

    @property
    def mark(self) -> str:
        """What tells it from another thing of the same kind on one card."""
        if self.package_item is not None:
            return f"{self.package_item.id}:{self.vehicle_id or ''}:{self.until_on or ''}"
        kind = self.voucher_kind
        parts = {
            Holding.POINTS: f"{self.until_on or ''}",
            Holding.VOUCHERS: f"{kind.id if kind else ''}:{self.until_on or ''}",
        }
        return parts.get(self.holding, "")

    @property
    def said(self) -> str:
        """What two files must agree on."""
        return f"{self.tier}:{self.until_on}" if self.holding is Holding.TIER else str(self.amount)


def check(db: Session, owner_id: int | None, things: list[Thing], bringing: Bringing) -> None:
    """Refuse what cannot be, before anything is written."""
    actors = [one for one in (bringing.by, bringing.signed_by) if one is not None]
    if owner_id is not None and is_one_of(db, actors, [owner_id]):
        raise OwnBalance(N_("Please let colleagues bring in and sign your own balance."))
    for thing in things:
        if not 0 < thing.amount <= MOST[thing.holding]:
            raise OutOfRange(
                N_("“%(amount)s” is not a number that a card can hold here."), amount=thing.amount
            )
        if thing.until_on is not None and thing.until_on < bringing.today:
            raise OverAlready(
                N_("What ended on %(day)s is not brought in."), day=thing.until_on.isoformat()
            )


def known(db: Session, card: str, thing: Thing) -> OpeningBalance | None:
    """The same thing where a signed file brought it; another amount is refused."""
    found = db.scalar(
        select(OpeningBalance).where(
            OpeningBalance.card == card,
            OpeningBalance.holding == thing.holding,
            OpeningBalance.mark == thing.mark,
            OpeningBalance.undone_at.is_(None),
        )
    )
    if found is not None and _said(db, found) != thing.said:
        raise BroughtDifferently(
            N_("Card %(card)s was brought in with another amount before; please adjust by hand."),
            card=card,
        )
    return found


def bring(
    db: Session, owner_id: int, card: str, row_no: int, thing: Thing, bringing: Bringing
) -> OpeningBalance:
    """Let a thing of a card be the owner's here; its entry names file and row."""
    made = OpeningBalance(
        batch_id=bringing.batch_id,
        row_no=row_no,
        owner_id=owner_id,
        card=card,
        holding=thing.holding,
        mark=thing.mark,
        amount=thing.amount,
        until_on=thing.until_on,
        made_at=bringing.now,
        account_id=bringing.by,
        signed_by_id=bringing.signed_by,
    )
    db.add(made)
    db.flush()
    if thing.holding is Holding.POINTS:
        made.entry_id = _points(db, made, bringing)
    elif thing.holding is Holding.TIER:
        made.grant_id = _tier(db, made, thing, bringing)
    elif thing.package_item is not None:
        made.package_id = _package(db, made, thing, thing.package_item, bringing)
    elif thing.voucher_kind is not None:
        _vouchers(db, made, thing.voucher_kind, bringing)
    db.flush()
    return made


def voucher_causes(made: OpeningBalance) -> Iterator[str]:
    """What each of its vouchers names as its cause."""
    return (f"{made.id}:{number}" for number in range(1, made.amount + 1))


def _said(db: Session, found: OpeningBalance) -> str:
    if found.grant_id is None:
        return str(found.amount)
    grant = db.get_one(TierGrant, found.grant_id)
    return f"{grant.tier}:{grant.kept_until}"


def _points(db: Session, made: OpeningBalance, bringing: Bringing) -> int:
    cause = Cause(
        CAUSE,
        f"{made.batch_id}:{made.row_no}",
        bringing.today,
        bringing.now,
        by=bringing.by,
        second=bringing.signed_by,
    )
    held = purses.purse(db, made.owner_id)
    entry = held.put(EntryKind.OPENING, made.amount, cause, expires_on=made.until_on)
    entry.details = {"card": made.card, "batch": made.batch_id, "row": made.row_no}
    db.flush()
    return entry.id


def _tier(db: Session, made: OpeningBalance, thing: Thing, bringing: Bringing) -> int:
    grant = TierGrant(
        owner_id=made.owner_id,
        tier=thing.tier,
        starts_on=bringing.today,
        kept_until=thing.until_on or bringing.today,
        why=GrantWhy.OPENING,
        cause_id=str(made.id),
        made_at=bringing.now,
        account_id=bringing.by,
    )
    db.add(grant)
    db.flush()
    return grant.id


def _package(
    db: Session, made: OpeningBalance, thing: Thing, item: PackageKindItem, bringing: Bringing
) -> int:
    package = Package(
        kind_id=item.kind_id,
        owner_id=made.owner_id,
        vehicle_id=thing.vehicle_id,
        state=PackageState.ACTIVE,
        request_id=f"opening:{made.id}",
        paid_fen=0,
        sold_on=bringing.today,
        until_on=made.until_on,
        made_at=bringing.now,
        account_id=bringing.by,
        items=[PackageItem(kind_item_id=item.id, times=made.amount, used=0)],
    )
    db.add(package)
    db.flush()
    return package.id


def _vouchers(db: Session, made: OpeningBalance, kind: VoucherKind, bringing: Bringing) -> None:
    for cause_id in voucher_causes(made):
        cause = vouchers.Cause(
            Source.OPENING,
            cause_id,
            bringing.today,
            bringing.now,
            by=bringing.by,
            until_on=made.until_on,
        )
        vouchers.issue(db, kind, made.owner_id, cause, today=bringing.today)
