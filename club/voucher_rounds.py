"""Vouchers for many at once: a round is asked for, given batch by batch, and can be resumed.

Whom a round means is compiled by a room above; here it comes as ids.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import KindState, RoundState, Source, VoucherKind, VoucherRound
from club.vouchers import Cause, KindNotLive, OutOfStock, issue
from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_


class RoundRefused(Refusal):
    """The round cannot begin as it was confirmed."""


def begin(
    db: Session,
    kind: VoucherKind,
    name: str,
    chosen: dict[str, Any],
    *,
    wanted: int,
    confirmed: int,
    request_id: str,
    by: int,
    now: datetime,
) -> VoucherRound:
    """Ask for a round to `wanted` members, whom staff saw as `confirmed`; sent twice it is one."""
    known = db.scalar(select(VoucherRound).where(VoucherRound.request_id == request_id))
    if known is not None:
        return known
    if kind.state is not KindState.LIVE:
        raise KindNotLive(N_("This kind of voucher is not given at present."))
    if wanted == 0:
        raise RoundRefused(N_("Nobody is in this group."))
    if wanted != confirmed:
        raise RoundRefused(
            N_("The group has changed: it is %(count)s now. Please look again."), count=wanted
        )
    if kind.stock is not None and kind.issued + wanted > kind.stock:
        raise OutOfStock(
            N_("Only %(left)s are left, and the group is %(count)s."),
            left=kind.stock - kind.issued,
            count=wanted,
        )
    made = VoucherRound(
        kind=kind,
        name=name,
        chosen=chosen,
        request_id=request_id,
        wanted=wanted,
        created_at=now,
        account_id=by,
    )
    db.add(made)
    db.flush()
    audit.record(
        db, "voucher-round.begin", "voucher-kind", kind.id, by=by, now=now, count=wanted, name=name
    )
    db.flush()
    return made


def under_way(db: Session, round_id: int) -> VoucherRound | None:
    """The round while it still gives, held against a second worker."""
    return db.scalar(
        select(VoucherRound)
        .where(VoucherRound.id == round_id, VoucherRound.state == RoundState.ISSUING)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def give_batch(
    db: Session, one: VoucherRound, owner_ids: Sequence[int], *, today: date, now: datetime
) -> None:
    """Give one voucher to each of the next owners; none are left when the list is empty.

    A refusal ends the round with its reason: what was given stays given.
    """
    if not owner_ids:
        one.state = RoundState.DONE
    for owner_id in owner_ids:
        cause = Cause(Source.SEGMENT, f"{one.id}:{owner_id}", today, now, one.account_id)
        try:
            issue(db, one.kind, owner_id, cause, today=today)
        except Refusal as no:
            one.state, one.why = RoundState.STOPPED, no.message
            break
        one.given += 1
        one.after = owner_id
    db.flush()
