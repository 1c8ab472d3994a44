"""Leaving the club: the wish, the days to think, and the erasing, room by room (R63).

What the club counts stays: points, orders, who many came. Nothing says any more whose it was.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import leaving as club_leaving
from club.purses import hold
from events import leaving as events_leaving
from foundation import audit, clock, outbox, tunables
from foundation.belongings import Belongings, Treated
from foundation.outbox import Draft
from foundation.refusals import Refusal
from foundation.shop import the_shop
from foundation.words import N_
from members import erased
from members import leaving as members_leaving
from members.models import Account, Owner, StoredTyres
from members.reaching import reader_of
from outreach import leaving as outreach_leaving
from portal import leaving_traces
from portal.models import LeavingWish

DAYS = tunables.declare(
    "portal.leaving_days", 7, N_("Days to think before somebody is erased"), N_("days"), 0, 30
)
CAUSE, LETTER = "leaving", "portal/leaving"
TREATED: Mapping[str, Treated] = {
    **members_leaving.LEAVING,
    **club_leaving.LEAVING,
    **events_leaving.LEAVING,
    **outreach_leaving.LEAVING,
    **leaving_traces.LEAVING,
}


class CannotLeave(Refusal):
    """Something is to be settled with a person first."""


def hindrance(db: Session, owner: Owner) -> str | None:
    """Why somebody cannot be erased yet, as a marked sentence; None when nothing is in the way."""
    if owner.is_gone:
        return N_("This archive is no longer there.")
    if owner.account is not None and owner.account.is_staff:
        return N_("This login works at the desk. Its roles must be taken away first.")
    stored = select(StoredTyres.id).where(
        StoredTyres.owner_id == owner.id, StoredTyres.returned_on.is_(None)
    )
    if db.scalar(stored.limit(1)) is not None:
        return N_("Tyres are stored with us. They must be handed out first.")
    return None


def wish_of(db: Session, owner_id: int) -> LeavingWish | None:
    """The wish that stands, if there is one."""
    standing = select(LeavingWish).where(
        LeavingWish.owner_id == owner_id,
        LeavingWish.withdrawn_at.is_(None),
        LeavingWish.erased_at.is_(None),
    )
    return db.scalar(standing.limit(1))


def ask(db: Session, owner: Owner, *, by: int | None, now: datetime) -> LeavingWish:
    """They want to be erased; it is done after some days, and told by letter. Twice is once."""
    hold(db, [owner.id])
    found = wish_of(db, owner.id)
    if found is not None:
        return found
    _refuse(db, owner)
    due_at = now + timedelta(days=tunables.value(db, DAYS))
    made = LeavingWish(owner_id=owner.id, asked_at=now, due_at=due_at, account_id=by)
    db.add(made)
    db.flush()
    details = {"name": owner.name, "due_at": due_at.isoformat()}
    draft = Draft(LETTER, CAUSE, made.id, details, not_after=due_at)
    outbox.post(db, f"leaving:{made.id}", reader_of(owner), draft, now=now)
    audit.record(db, "owner.leave", "owner", owner.id, by=by, now=now)
    db.flush()
    return made


def withdraw(db: Session, owner: Owner, *, by: int | None, now: datetime) -> None:
    """They stay after all; nothing was touched."""
    hold(db, [owner.id])
    found = wish_of(db, owner.id)
    if found is None:
        return
    found.withdrawn_at = now
    outbox.withdraw(db, CAUSE, found.id, why=N_("They stay after all."))
    audit.record(db, "owner.stay", "owner", owner.id, by=by, now=now)
    db.flush()


def due(db: Session, *, now: datetime) -> list[int]:
    """The wishes whose days to think are over."""
    query = select(LeavingWish.id).where(
        LeavingWish.due_at <= now,
        LeavingWish.withdrawn_at.is_(None),
        LeavingWish.erased_at.is_(None),
    )
    return list(db.scalars(query.order_by(LeavingWish.id)))


def erase(db: Session, wish: LeavingWish, *, hash_key: str, now: datetime) -> None:
    """Take the person out of every table: places and rights go back first, then each room
    forgets, then the archive is nobody's. For good."""
    hold(db, [wish.owner_id])
    db.refresh(wish)
    if wish.withdrawn_at is not None or wish.erased_at is not None or wish.due_at > now:
        return
    owner = db.get_one(Owner, wish.owner_id)
    _refuse(db, owner)
    _give_back(db, owner, now)
    owners = leaving_traces.merged_into(db, owner.id)
    accounts = list(db.scalars(select(Account.id).where(Account.owner_id.in_(owners))))
    addresses = members_leaving.addresses_of(db, owners)
    said = {"hash_key": hash_key, "by": None, "now": now}
    outreach_leaving.fall_silent(db, [owner.id], addresses, **said)  # type: ignore[arg-type]
    leaving_traces.forget(db, owners, accounts, addresses)
    outreach_leaving.forget_letters(db, owners, accounts, addresses)
    club_leaving.forget_elsewhere(db, owners, addresses)
    members_leaving.forget_codes(db, addresses)
    erased.remember(db, owners, hash_key=hash_key, now=now)
    members_leaving.forget_cars(db, owners)
    members_leaving.end_sessions(db, accounts)
    db.flush()
    Belongings(TREATED, owners, accounts).erase(db)
    for one in db.scalars(select(Owner).where(Owner.id.in_(owners))):
        one.erased_at = now
    wish.erased_at = now
    audit.record(db, "owner.erase", "owner", owner.id, by=None, now=now)
    db.flush()


def _refuse(db: Session, owner: Owner) -> None:
    why = hindrance(db, owner)
    if why is not None:
        raise CannotLeave(why)


def _give_back(db: Session, owner: Owner, now: datetime) -> None:
    """Others get the places; vouchers go back; the membership ends today."""
    events_leaving.give_places_back(db, [owner.id], by=None, now=now)
    club_leaving.end_rights(db, [owner.id], by=None, now=now)
    today = clock.shop_day(now, the_shop(db).zone)
    members_leaving.end_membership(db, [owner.id], on=today)
    db.flush()
