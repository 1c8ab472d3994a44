"""What the ledger keeps of somebody who leaves: every point and amount, no word (R1, R63)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import String, Table, cast, literal, or_, select, update
from sqlalchemy.orm import Session

from club import vouchers
from club.models import (
    AdjustmentState,
    EntryKind,
    LedgerEntry,
    PointsAdjustment,
    Referral,
    Voucher,
    VoucherState,
)
from foundation.belongings import Treated, goes, stays
from foundation.words import N_

LEFT = N_("The owner left the club.")
QUIET = {"synchronize_session": False}


def _card(table: Table) -> object:
    """Each thing of an old card stands once, so each gets a card of its own."""
    return literal("-") + cast(table.c.id, String)


LEAVING: Mapping[str, Treated] = {
    "agreed_price": stays("owner_id", note=""),
    "allocation": stays("entry_id", "lot_id", told="lot_id"),
    "arrival": stays("owner_id"),
    "benefit_use": stays("owner_id", keeps="request_id tier", note="", undone_why=None),
    "benefit_year": stays("owner_id"),
    "earning": stays("owner_id", keeps="left_out", beside="order_line_id lot_id"),
    "earning_cut": stays("order_line_id", beside="refund_line_id"),
    "ending_notice": stays("owner_id", keeps="kind"),
    "ledger_entry": stays(
        "owner_id", keeps="cause_kind cause_id details", beside="order_line_id", reason=None
    ),
    "lot": stays("owner_id", beside="entry_id"),
    "offer_use": stays("owner_id", keeps="request_id tier", undone_why=None),
    "opening_balance": stays(
        "owner_id", keeps="mark", beside="entry_id grant_id package_id", card=_card
    ),
    "package": stays("owner_id", keeps="request_id", beside="line_id", ended_why=None),
    "package_item": stays("package_id"),
    "package_use": stays("item_id", keeps="request_id", beside="order_id", undone_why=None),
    "points_adjustment": stays(
        "owner_id",
        keeps="request_id cause_kind cause_id",
        beside="entry_id",
        reason="",
        decided_why=None,
    ),
    "referral": stays(
        "referred_id",
        keeps="cause_id",
        beside="referrer_id order_id",
        told="",
        name="",
        phone=None,
    ),
    "referral_clearing": stays("referral_id", told="", reason="", decided_why=None),
    "referral_link": goes("owner_id"),
    "referral_step": stays("referral_id", told=""),
    "tier_change": stays("owner_id", keeps="before after reason", beside="order_line_id"),
    "tier_grant": stays("owner_id", keeps="tier cause_id"),
    "tier_standing": stays("owner_id", keeps="tier"),
    "till_quote": stays(
        "owner_id",
        keeps="request_id order_no order_system tier lines vouchers",
        beside="entry_id",
        undone_why=None,
    ),
    "voucher": stays(
        "owner_id", keeps="code source cause_id", beside="order_id entry_id", ended_why=None
    ),
    "voucher_transfer": stays("voucher_id", "from_owner_id", "to_owner_id"),
    "voucher_use": stays(
        "voucher_id", keeps="request_id order_no order_system", beside="quote_id", undone_why=None
    ),
}


def end_rights(db: Session, owner_ids: Collection[int], *, by: int | None, now: datetime) -> None:
    """Vouchers go back, and wishes to move their points are refused. The points stay where they
    are: they end by the clock like everybody's, so that no sum ever changes by a leaving."""
    theirs = select(Voucher).where(
        Voucher.owner_id.in_(owner_ids),
        Voucher.state == VoucherState.ACTIVE,
        Voucher.used < Voucher.uses,
    )
    for one in db.scalars(theirs.order_by(Voucher.id)).all():
        vouchers.revoke(db, one, reason=LEFT, by=by, now=now)
    wishes = update(PointsAdjustment).where(
        PointsAdjustment.owner_id.in_(owner_ids),
        PointsAdjustment.state == AdjustmentState.WAITING,
    )
    refused = {"state": AdjustmentState.REFUSED, "decided_at": now}
    db.execute(wishes.values(refused), execution_options=QUIET)


def forget_elsewhere(db: Session, owner_ids: Collection[int], addresses: Collection[str]) -> None:
    """Their old card and reasons in English in the ledger, where only the points of a release are
    kept, and their number in a referral that never met them."""
    theirs = update(LedgerEntry).where(LedgerEntry.owner_id.in_(owner_ids))
    others = theirs.where(LedgerEntry.kind != EntryKind.RELEASE)
    db.execute(others.values(details={}), execution_options=QUIET)
    releases = select(LedgerEntry.id, LedgerEntry.details["points"].as_integer()).where(
        LedgerEntry.owner_id.in_(owner_ids), LedgerEntry.kind == EntryKind.RELEASE
    )
    for entry_id, points in db.execute(releases).all():
        kept = theirs.where(LedgerEntry.id == entry_id).values(details={"points": points})
        db.execute(kept, execution_options=QUIET)
    named = update(Referral).where(
        or_(Referral.phone.in_(addresses), Referral.referred_id.in_(owner_ids))
    )
    db.execute(named.values(name="", phone=None), execution_options=QUIET)
