"""Two archives of one person become one, and two again while nothing new happened (R13, R49).

Only a person decides that two are one: a member by proof, or staff with both before their eyes.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from club import entitlements, ledger, pooling, self_referrals, tiers
from club.models import LedgerEntry, TierChange
from club.purses import Cause, hold
from events.models import ACTIVE, Event, Registration
from foundation import audit, clock
from foundation.refusals import Refusal
from foundation.shop import the_shop
from foundation.words import N_
from members.facts import count_orders
from members.models import Owner, OwnerIdentity
from members.staff_accounts import is_one_of
from outreach.models import Consent
from portal import merge_letters, merge_moves, merge_news, merge_parts
from portal.merge_letters import PARTED
from portal.models import OwnerMerge

SETTLED = N_("Points and debts of two archives met when they were merged.")
MADE = (Consent, TierChange, OwnerIdentity)
LONGEST = 300


class NotTwo(Refusal):
    """One archive cannot be merged with itself, nor one that was merged before."""


class NotAlike(Refusal):
    """A person and a company are not one owner."""


class ReasonMissing(Refusal):
    """A merge says why."""


class OwnArchive(Refusal):
    """Nobody merges the archive that they sign in to (R12)."""


class BothAreActive(Refusal):
    """Both have what only one may have."""


class NewActivity(Refusal):
    """Something happened since, so that the two cannot be told apart any more."""


def merge(
    db: Session,
    kept: Owner,
    gone: Owner,
    *,
    reason: str,
    hash_key: str,
    by: int | None,
    now: datetime,
    proven: bool = False,
) -> OwnerMerge:
    """Give all that `gone` has to `kept`; `proven` when the owner did it, not staff.

    Points that are due expire before, each under their owner; the tier is worked out after.
    """
    _refuse(db, kept, gone, reason, None if proven else by)
    kept_id, gone_id, today = kept.id, gone.id, clock.shop_day(now, the_shop(db).zone)
    hold(db, [kept_id, gone_id])
    ledger.expire_due(db, [kept_id, gone_id], today=today, now=now)
    made = OwnerMerge(kept_id=kept_id, gone_id=gone_id, reason=reason.strip()[:LONGEST])
    made.made_at, made.account_id = now, by
    db.add(made)
    db.flush()
    act: dict[str, Any] = {"today": today, "by": by, "now": now}
    record: dict[str, Any] = {
        "referrals": self_referrals.block_between_both(db, kept_id, gone_id, **act),
        "brought_twice": self_referrals.keep_the_first(db, kept_id, gone_id, **act),
        "rows": merge_parts.before(db, kept_id, gone_id),
        "newest": {model.__tablename__: db.scalar(select(func.max(model.id))) for model in MADE},
    }
    _join(db, kept, gone, hash_key=hash_key, by=by, now=now)
    record["moved"] = merge_moves.move_all(db, gone_id, kept_id)
    record["letters"] = merge_letters.give(db, kept_id, gone_id)
    merge_parts.drop_twin_cars(db, gone_id)
    audit.record(db, "owner.merge", "owner", kept_id, by=by, now=now, merged=gone_id)
    db.flush()
    db.expire_all()
    entitlements.recount(db, [kept_id, gone_id])
    settled = pooling.pool(db, kept_id, _cause(made, SETTLED, by, now, today))
    record["settled"] = settled.id if settled else None
    count_orders(db, [kept_id])
    tiers.review(db, [kept_id], today=today, now=now)
    merge_letters.keep_true(db, kept_id)
    made.record = {**record, "then": merge_news.fingerprint(db, kept_id)}
    db.flush()
    return made


def undo(db: Session, made: OwnerMerge, *, by: int, now: datetime) -> None:
    """Part the two again, as they were; refused once something new happened (R13)."""
    hold(db, [made.kept_id, made.gone_id])
    db.refresh(made)
    why = why_not_undone(db, made)
    if why is not None:
        raise NewActivity(why)
    record, kept_id, gone_id = made.record, made.kept_id, made.gone_id
    _refuse_own(db, by, kept_id, gone_id)
    merge_moves.move_all_back(db, record["moved"], gone_id)
    for model in MADE:
        newest = record["newest"][model.__tablename__] or 0
        db.execute(delete(model).where(model.owner_id == kept_id, model.id > newest))
    merge_parts.put_back(db, record["rows"], kept_id, gone_id)
    merge_letters.give_back(db, record.get("letters", []), kept_id, since=made.made_at)
    db.expire_all()
    entitlements.recount(db, [kept_id, gone_id])
    today = clock.shop_day(now, the_shop(db).zone)
    if record["settled"] is not None:
        settled = db.get_one(LedgerEntry, record["settled"])
        pooling.part(db, settled, _cause(made, PARTED, by, now, today))
    act: dict[str, Any] = {"today": today, "by": by, "now": now}
    self_referrals.open_again(db, record.get("referrals", []), **act)
    self_referrals.bring_both_again(db, record.get("brought_twice", []), **act)
    made.undone_at, made.undone_by_id, made.record = now, by, {}
    audit.record(db, "owner.part", "owner", kept_id, by=by, now=now, parted=gone_id)
    db.flush()


def why_not_undone(db: Session, made: OwnerMerge) -> str | None:
    """Why the merge cannot be undone any more; None while it can."""
    if made.undone_at is not None:
        return N_("This merge was undone before.")
    if not made.record:
        return N_("The archive was erased since then.")
    later = select(OwnerMerge.id).where(
        OwnerMerge.id > made.id,
        OwnerMerge.undone_at.is_(None),
        (OwnerMerge.kept_id == made.kept_id) | (OwnerMerge.gone_id == made.kept_id),
    )
    if db.scalar(later.limit(1)) is not None:
        return N_("The archive was merged again since then. Please undo the later merge first.")
    return merge_news.news(db, made.kept_id, made.record["then"])


def merges_of(db: Session, owner_id: int) -> Sequence[OwnerMerge]:
    """What went into this archive and is still in it, the newest first, at most twenty."""
    query = select(OwnerMerge).where(OwnerMerge.kept_id == owner_id, OwnerMerge.undone_at.is_(None))
    loaded = query.options(joinedload(OwnerMerge.gone), joinedload(OwnerMerge.account))
    return db.scalars(loaded.order_by(OwnerMerge.id.desc()).limit(20)).all()


def both_signed_up(db: Session, one_id: int, other_id: int) -> Sequence[Event]:
    """The events for which both have a sign-up that counts: one is to be cancelled first."""
    active = Registration.state.in_(ACTIVE)
    theirs = select(Registration.event_id).where(Registration.owner_id == other_id, active)
    mine = select(Registration.event_id).where(
        Registration.owner_id == one_id, active, Registration.event_id.in_(theirs)
    )
    return db.scalars(select(Event).where(Event.id.in_(mine)).order_by(Event.starts_at)).all()


def _refuse(db: Session, kept: Owner, gone: Owner, reason: str, by: int | None) -> None:
    if kept.id == gone.id or kept.is_gone or gone.is_gone:
        raise NotTwo(N_("These are not two archives any more. Please look at them again."))
    if kept.kind is not gone.kind:
        raise NotAlike(N_("A person and a company are two owners, even with one name."))
    if not reason.strip():
        raise ReasonMissing(N_("Please say how you know that both are one."))
    _refuse_own(db, by, kept.id, gone.id)
    if both_signed_up(db, kept.id, gone.id):
        raise BothAreActive(
            N_("Both have signed up for the same event. Please cancel one of the two first.")
        )


def _refuse_own(db: Session, by: int | None, *owner_ids: int) -> None:
    if by is not None and is_one_of(db, [by], owner_ids):
        raise OwnArchive(N_("Please let a colleague decide on your own archive."))


def _join(
    db: Session, kept: Owner, gone: Owner, *, hash_key: str, by: int | None, now: datetime
) -> None:
    """What both have one of each becomes one."""
    kept_id, gone_id = kept.id, gone.id
    heard = merge_letters.only_the_other_heard(db, kept_id, gone_id)
    merge_parts.join_owner(kept, gone)
    db.flush()
    merge_parts.join_login(db, kept_id, gone_id)
    merge_parts.join_answers(db, kept_id, gone_id, hash_key=hash_key, by=by, now=now)
    merge_parts.join_membership(db, kept_id, gone_id)
    merge_parts.join_standing(db, kept_id, gone_id, heard=heard)
    merge_parts.join_claims(db, kept_id, gone_id, by=by, now=now)


def _cause(made: OwnerMerge, reason: str, by: int | None, now: datetime, on: date) -> Cause:
    kind = "merge" if reason is SETTLED else "parting"
    return Cause(kind, str(made.id), on, now, by=by, reason=reason)
