"""A member proves that an archive is theirs: all that is theirs moves over to it (R13)."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from club import entitlements, tiers
from club.models import (
    BenefitUse,
    Earning,
    LedgerEntry,
    Lot,
    TierChange,
    TierStanding,
    Voucher,
)
from events.models import ACTIVE, EventInvitee, Registration
from foundation import audit, clock
from foundation.refusals import Refusal
from foundation.shop import the_shop
from foundation.words import N_
from members.facts import count_orders, facts_of
from members.models import (
    Account,
    MemberFacts,
    Membership,
    Owner,
    OwnerInterest,
    Ownership,
    ServiceOrder,
)
from outreach import consents
from outreach.models import AdvisorTask, CampaignRecipient, Consent, ConsentNow, Topic

MOVED: tuple[Any, ...] = (
    Registration,
    ServiceOrder,
    Earning,
    LedgerEntry,
    Lot,
    TierChange,
    BenefitUse,
    Voucher,
    AdvisorTask,
    Consent,
)
MOVED_ONCE: tuple[tuple[Any, str], ...] = (
    (OwnerInterest, "interest_id"),
    (EventInvitee, "event_id"),
    (CampaignRecipient, "campaign_id"),
    (Ownership, "vehicle_id"),
)
UNSEEN = {"synchronize_session": False}  # all is read afresh when the move is done


class BothAreActive(Refusal):
    """Both have what only one may have."""


def take_over(
    db: Session, account: Account, fresh_id: int, archive_id: int, *, by: int | None, now: datetime
) -> None:
    """Give the archive to the account; the owner made at joining points to it from now on."""
    fresh, archive = db.get_one(Owner, fresh_id), db.get_one(Owner, archive_id)
    _refuse_double_registration(db, fresh_id, archive_id)
    account.owner = archive
    db.flush()
    answers = _answers(db, fresh_id), _answers(db, archive_id)
    for table in MOVED:
        _move(db, table, fresh_id, archive_id)
    for table, key in MOVED_ONCE:
        _move_once(db, table, key, fresh_id, archive_id)
    _join_consents(db, archive_id, *answers, fresh_id=fresh_id, by=by, now=now)
    _join_membership(db, fresh_id, archive_id)
    _join_facts(db, fresh_id, archive_id)
    archive.name, archive.name_sort = (
        (archive.name, archive.name_sort) if archive.name else (fresh.name, fresh.name_sort)
    )
    archive.phone, archive.email = archive.phone or fresh.phone, archive.email or fresh.email
    fresh.merged_into_id = archive_id
    audit.record(db, "owner.merge", "owner", archive_id, by=by, now=now, merged=fresh_id)
    db.flush()
    db.expire_all()
    entitlements.recount(db, [fresh_id, archive_id])
    _work_out_again(db, archive_id, now=now)


def _work_out_again(db: Session, owner_id: int, *, now: datetime) -> None:
    """What the workshop saw, the balance and the tier follow from all that is together now."""
    count_orders(db, [owner_id])
    tiers.review(db, [owner_id], today=clock.shop_day(now, the_shop(db).zone), now=now)


def _refuse_double_registration(db: Session, fresh_id: int, archive_id: int) -> None:
    active = Registration.state.in_(ACTIVE)
    theirs = select(Registration.event_id).where(Registration.owner_id == archive_id, active)
    both = select(Registration.id).where(
        Registration.owner_id == fresh_id, active, Registration.event_id.in_(theirs)
    )
    if db.scalar(both.limit(1)) is not None:
        raise BothAreActive(
            N_("Both have signed up for the same event. Please cancel one of the two first.")
        )


def _move(db: Session, table: Any, fresh_id: int, archive_id: int) -> None:
    rows = update(table).where(table.owner_id == fresh_id).values(owner_id=archive_id)
    db.execute(rows, execution_options=UNSEEN)


def _move_once(db: Session, table: Any, key: str, fresh_id: int, archive_id: int) -> None:
    """Move what the archive does not have already; the rest stays where it is."""
    column = getattr(table, key)
    there = set(db.scalars(select(column).where(table.owner_id == archive_id)))
    mine = update(table).where(table.owner_id == fresh_id, column.not_in(there))
    db.execute(mine.values(owner_id=archive_id), execution_options=UNSEEN)


def _answers(db: Session, owner_id: int) -> dict[Topic, bool]:
    rows = db.scalars(select(ConsentNow).where(ConsentNow.owner_id == owner_id))
    return {row.topic: row.given for row in rows}


def _join_consents(
    db: Session,
    archive_id: int,
    fresh: dict[Topic, bool],
    archive: dict[Topic, bool],
    *,
    fresh_id: int,
    by: int | None,
    now: datetime,
) -> None:
    """The stricter answer wins and is written down as an answer of its own."""
    db.execute(delete(ConsentNow).where(ConsentNow.owner_id == fresh_id))
    for topic in fresh.keys() | archive.keys():
        given = fresh.get(topic, True) and archive.get(topic, True)
        consents.answer(
            db,
            archive_id,
            topic,
            given,
            wording=consents.WORDING,
            source="merge",
            by=by,
            now=now,
        )
        db.merge(ConsentNow(owner_id=archive_id, topic=topic, given=given))
    db.flush()


def _join_membership(db: Session, fresh_id: int, archive_id: int) -> None:
    """The older card counts; without one the new membership moves."""
    old, new = db.get(Membership, archive_id), db.get(Membership, fresh_id)
    if new is not None:
        db.expunge(new)
    if old is None:
        _move(db, Membership, fresh_id, archive_id)
    else:
        old.left_on = None
        db.execute(delete(Membership).where(Membership.owner_id == fresh_id))


def _join_facts(db: Session, fresh_id: int, archive_id: int) -> None:
    """One standing and one facts row stay, to be worked out again; attendances add up."""
    if db.get(TierStanding, archive_id) is None:
        _move(db, TierStanding, fresh_id, archive_id)
    else:
        db.execute(delete(TierStanding).where(TierStanding.owner_id == fresh_id))
    facts, lost = facts_of(db, archive_id), db.get(MemberFacts, fresh_id)
    if lost is not None:
        facts.attended += lost.attended
        days = [day for day in (facts.last_attended_on, lost.last_attended_on) if day]
        facts.last_attended_on = max(days, default=None)
        db.delete(lost)
