"""The voucher for coming to an event: one each if there are any, none for who was not there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from club.models import Source, Voucher, VoucherKind, VoucherState
from club.vouchers import Cause, KindNotLive, OutOfStock, OverAlready, issue, revoke
from events.models import Registration
from foundation import clock
from foundation.words import N_

STRUCK_OUT = N_("the arrival was struck out")


def give(db: Session, registration: Registration, *, by: int | None, now: datetime) -> None:
    """One for coming; an empty stock keeps nobody out, and a later step brings none."""
    kind_id = registration.event.voucher_kind_id
    if kind_id is None:
        return
    had = _brought(db, registration)
    if any(one.state is not VoucherState.REVOKED for one in had):
        return
    today = clock.shop_day(now, registration.event.shop.zone)
    cause = Cause(Source.EVENT, f"{registration.id}:{len(had) + 1}", today, now, by)
    try:
        issue(db, db.get_one(VoucherKind, kind_id), registration.owner_id, cause, today=today)
    except (KindNotLive, OutOfStock, OverAlready):
        return


def take_back(db: Session, registration: Registration, *, by: int | None, now: datetime) -> None:
    """They were not there after all: an unused voucher goes back to the stock."""
    for one in _brought(db, registration):
        if one.left and one.used == 0:
            revoke(db, one, reason=STRUCK_OUT, by=by, now=now)


def held(db: Session, registration: Registration) -> list[Voucher]:
    """What coming brought them and is still theirs."""
    return [one for one in _brought(db, registration) if one.state is not VoucherState.REVOKED]


def _brought(db: Session, registration: Registration) -> Sequence[Voucher]:
    """The vouchers that this registration brought, taken back or not."""
    kind_id = registration.event.voucher_kind_id
    return db.scalars(
        select(Voucher)
        .where(
            Voucher.kind_id == kind_id,
            Voucher.source == Source.EVENT,
            Voucher.cause_id.startswith(f"{registration.id}:"),
        )
        .options(joinedload(Voucher.kind))
    ).all()
