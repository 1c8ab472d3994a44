"""Vouchers in people's hands: given once per cause, passed on, revoked, expired (R15)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from club import voucher_news
from club.models import (
    KindState,
    Source,
    Voucher,
    VoucherKind,
    VoucherState,
)
from club.voucher_codes import new_code
from club.voucher_kinds import valid_days
from foundation import audit
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_
from members.memberships import is_member
from members.models import Owner
from members.staff_accounts import is_one_of

LONGEST = 200


class KindNotLive(Refusal):
    """The kind is a draft or stopped: it gives no vouchers."""


class OutOfStock(Refusal):
    """All vouchers of the kind are given."""


class OverAlready(Refusal):
    """A voucher given now could never be used."""


class NotGivable(Refusal):
    """The voucher cannot go to this person."""


class NothingToRevoke(Refusal):
    """It was used up, revoked or expired before."""


class ReasonMissing(Refusal):
    """What is taken from a member is explained."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a voucher is given: the same (kind, source, id) twice gives one voucher.

    `on` is the shop day from which its days count; `order_id` the order it cannot be used on;
    `until_on` a last day of its own, where it had one before.
    """

    source: Source
    id: str
    on: date
    now: datetime
    by: int | None = None
    order_id: int | None = None
    rule_id: int | None = None
    until_on: date | None = None


def issue(db: Session, kind: VoucherKind, owner_id: int, cause: Cause, *, today: date) -> Voucher:
    """Give one voucher; for a cause that gave one before, that one.

    Its stock is taken by one conditional update, so that no more are given than there are.
    """
    found = issued_for(db, kind, cause)
    if found is not None:
        return found
    first, last = valid_days(kind, cause.on)
    last = cause.until_on or last
    if last is not None and last < max(first, today):
        raise OverAlready(N_("A voucher of this kind would be over before its first day."))
    take_stock(db, kind)
    made = Voucher(
        kind=kind,
        owner_id=owner_id,
        code=new_code(db),
        uses=kind.uses,
        used=0,
        state=VoucherState.ACTIVE,
        from_on=first,
        until_on=last,
        source=cause.source,
        cause_id=cause.id,
        issued_at=cause.now,
        issued_on=cause.on,
        account_id=cause.by,
        order_id=cause.order_id,
        rule_id=cause.rule_id,
    )
    db.add(made)
    db.flush()
    voucher_news.tell(db, made, today=today, now=cause.now)
    return made


def give(
    db: Session,
    kind: VoucherKind,
    owner: Owner,
    *,
    request_id: str,
    today: date,
    by: int,
    now: datetime,
) -> Voucher:
    """Staff give a member a voucher by hand, and nobody themselves; sent twice it is one."""
    if not is_member(db, owner.id):
        raise NotGivable(N_("Only members of the club can be given a voucher."))
    if is_one_of(db, [by], [owner.id]):
        raise NotGivable(N_("Please let a colleague give a voucher to you."))
    cause = Cause(Source.DESK, request_id, today, now, by)
    known = issued_for(db, kind, cause)
    if known is not None:
        return known
    made = issue(db, kind, owner.id, cause, today=today)
    audit.record(db, "voucher.give", "voucher", made.id, by=by, now=now, owner=owner.id)
    db.flush()
    return made


def issued_for(db: Session, kind: VoucherKind, cause: Cause) -> Voucher | None:
    """The voucher that this cause brought before."""
    return db.scalar(
        select(Voucher).where(
            Voucher.kind_id == kind.id,
            Voucher.source == cause.source,
            Voucher.cause_id == cause.id,
        )
    )


def take_stock(db: Session, kind: VoucherKind) -> None:
    """Count one more against the stock of a live kind."""
    enough = or_(VoucherKind.stock.is_(None), VoucherKind.issued < VoucherKind.stock)
    taken = rows_changed(
        db,
        update(VoucherKind)
        .where(VoucherKind.id == kind.id, VoucherKind.state == KindState.LIVE, enough)
        .values(issued=VoucherKind.issued + 1),
    )
    db.refresh(kind, ["issued", "state"])
    if taken:
        return
    if kind.state is not KindState.LIVE:
        raise KindNotLive(N_("This kind of voucher is not given at present."))
    raise OutOfStock(N_("All vouchers of this kind have been given."))


def revoke(db: Session, voucher: Voucher, *, reason: str, by: int | None, now: datetime) -> Voucher:
    """Take the unused rest of a voucher back; what was used of it stays used.

    One that was never used goes back to the stock.
    """
    if not reason.strip():
        raise ReasonMissing(N_("Please say why the voucher is taken back."))
    ended = rows_changed(
        db,
        update(Voucher)
        .where(
            Voucher.id == voucher.id,
            Voucher.state == VoucherState.ACTIVE,
            Voucher.used < Voucher.uses,
        )
        .values(state=VoucherState.REVOKED, ended_at=now, ended_why=reason.strip()[:LONGEST]),
    )
    db.refresh(voucher)
    if not ended:
        raise NothingToRevoke(N_("There is nothing left of this voucher to take back."))
    voucher_news.forget(db, voucher)
    if voucher.used == 0:
        _back_to_stock(db, voucher.kind_id)
    audit.record(
        db, "voucher.revoke", "voucher", voucher.id, by=by, now=now, reason=reason.strip()[:LONGEST]
    )
    db.flush()
    return voucher


def _back_to_stock(db: Session, kind_id: int) -> None:
    db.execute(
        update(VoucherKind)
        .where(VoucherKind.id == kind_id, VoucherKind.issued > 0)
        .values(issued=VoucherKind.issued - 1)
    )


def expire_due(db: Session, *, today: date, now: datetime, most: int = 500) -> int:
    """Mark the next vouchers whose last day is over; how many. Doing it again changes nothing."""
    due = db.scalars(
        select(Voucher.id)
        .where(Voucher.state == VoucherState.ACTIVE, Voucher.until_on < today)
        .order_by(Voucher.until_on, Voucher.id)
        .limit(most)
    ).all()
    if not due:
        return 0
    return rows_changed(
        db,
        update(Voucher)
        .where(Voucher.id.in_(due), Voucher.state == VoucherState.ACTIVE)
        .values(state=VoucherState.EXPIRED, ended_at=now),
    )


def mark_seen(db: Session, voucher: Voucher, *, now: datetime) -> None:
    """The member looked at it for the first time."""
    db.execute(
        update(Voucher)
        .where(Voucher.id == voucher.id, Voucher.seen_at.is_(None))
        .values(seen_at=now)
    )
