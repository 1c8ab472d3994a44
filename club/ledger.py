"""The points ledger: bonuses, spending, undoing, expiry (R1–R6).

Entries are only ever added. Each act locks its owner first, so that two at once wait for each
other, and keeps the owner's facts in the same transaction.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import facts, pending
from club.models import Allocation, EntryKind, LedgerEntry, Lot
from club.purses import Cause, Purse, hold, purse, purses
from club.rules_in_force import rule_book
from foundation import clock
from foundation.refusals import Refusal
from foundation.words import N_, InBoth
from members.memberships import is_member


class NotEnoughPoints(Refusal):
    """The owner has fewer points than are to be spent."""


class NotAMember(Refusal):
    """Points are worked out for every owner but only members use them."""


class NothingToMove(Refusal):
    """Zero or fewer points."""


class NotASpending(Refusal):
    """Only a spending can be undone."""


def balance(db: Session, owner_id: int) -> int:
    """The owner's points now; negative when refunds took back what was already spent."""
    total = db.scalar(select(func.sum(Lot.rest)).where(Lot.owner_id == owner_id, Lot.rest != 0))
    return int(total or 0)


def give_bonus(
    db: Session,
    owner_id: int,
    points: int,
    *,
    cause_kind: str,
    cause_id: str,
    reason: InBoth | str,
    on: date,
    by: int | None,
    now: datetime,
    usable_on: date | None = None,
    second: int | None = None,
) -> LedgerEntry:
    """Points for something done, once per cause; they live as long as earned ones.

    They are pending where `usable_on` is a day to come.
    """
    _check_some(points)
    held = purse(db, owner_id)
    found = entry_of(db, EntryKind.BONUS, owner_id, cause_kind, cause_id)
    if found is not None:
        return found
    rules = rule_book(db).on(on)
    cause = Cause(cause_kind, cause_id, on, now, by=by, reason=reason, second=second)
    until = clock.add_months(on, rules.points_live_months)
    entry = held.put(
        EntryKind.BONUS,
        points,
        cause.under(rules.version_id),
        expires_on=until,
        usable_on=pending.ahead(usable_on, today=on),
    )
    facts.points_moved(db, owner_id, on=on)
    return entry


def spend(
    db: Session,
    owner_id: int,
    points: int,
    *,
    cause_kind: str,
    cause_id: str,
    on: date,
    by: int | None,
    now: datetime,
    reason: InBoth | str | None = None,
) -> LedgerEntry:
    """Take a member's points, the soonest to expire first (R2); once per cause."""
    _check_some(points)
    held = purse(db, owner_id)
    found = entry_of(db, EntryKind.SPEND, owner_id, cause_kind, cause_id)
    if found is not None:
        return found
    if not is_member(db, owner_id):
        raise NotAMember(N_("Points can be used by members of the club."))
    have = sum(lot.rest for lot in held.lots if _can_be_spent(lot, on))
    if have < points:
        raise NotEnoughPoints(
            N_("There are %(have)s points, not %(wanted)s."), have=have, wanted=points
        )
    bring_up(held, on, now)
    cause = Cause(cause_kind, cause_id, on, now, by=by, reason=reason)
    entry = held.draw(EntryKind.SPEND, points, cause)
    facts.points_moved(db, owner_id, on=on)
    return entry


def undo(
    db: Session, spending: LedgerEntry, *, reason: str, on: date, by: int | None, now: datetime
) -> LedgerEntry:
    """Return a spending to the lots it came from; an expired lot expires again at once (R6)."""
    if spending.kind is not EntryKind.SPEND:
        raise NotASpending(N_("Only points that were spent can be given back."))
    held = purse(db, spending.owner_id)
    found = entry_of(db, EntryKind.UNDO, spending.owner_id, "entry", str(spending.id))
    if found is not None:
        return found
    taken = db.execute(
        select(Lot, -Allocation.points)
        .join(Allocation, Allocation.lot_id == Lot.id)
        .where(Allocation.entry_id == spending.id)
        .order_by(Allocation.id)
    ).all()
    cause = Cause("entry", str(spending.id), on, now, by=by, reason=reason)
    _expire(db, [held], on, now)
    entry = held.give_back([(lot, count) for lot, count in taken], -spending.points, cause)
    _expire(db, [held], on, now, not_before=on)
    facts.points_moved(db, spending.owner_id, on=on)
    return entry


def expire_due(db: Session, owner_ids: Collection[int], *, today: date, now: datetime) -> int:
    """Expire what is left of every lot whose last day is over (R3); how many entries that made.

    The entry is effective on the lot's last day, whenever the job comes.
    """
    hold(db, owner_ids)
    over = select(Lot.owner_id).distinct()
    over = over.where(Lot.owner_id.in_(owner_ids), Lot.rest > 0, Lot.expires_on < today)
    expired = _expire(db, purses(db, db.scalars(over).all()).values(), today, now)
    facts.refresh(db, {lot.owner_id for lot in expired}, today=today)
    return len(expired)


def _check_some(points: int) -> None:
    if points <= 0:
        raise NothingToMove(N_("Please enter at least one point."))


def entry_of(
    db: Session, kind: EntryKind, owner_id: int, cause_kind: str, cause_id: str
) -> LedgerEntry | None:
    """The one entry that a cause made for an owner, if it made any."""
    return db.scalar(
        select(LedgerEntry).where(
            LedgerEntry.kind == kind,
            LedgerEntry.cause_kind == cause_kind,
            LedgerEntry.cause_id == cause_id,
            LedgerEntry.owner_id == owner_id,
        )
    )


def _expire(
    db: Session, held: Iterable[Purse], today: date, now: datetime, not_before: date | None = None
) -> list[Lot]:
    """Expire the lots of these purses that are over; which. Each expiry is its lot's next one:
    a lot that got points back expires again (R6)."""
    due = [(each, lot) for each in held for lot in _over(each, today)]
    if not due:
        return []
    db.flush()
    before = _expiries(db, [lot for _, lot in due])
    for each, lot in due:
        assert lot.expires_on is not None
        nth = before.get(lot.id, 0) + 1
        day = max(lot.expires_on, not_before or lot.expires_on)
        each.expire(lot, Cause("lot", f"{lot.id}:{nth}", day, now))
    db.flush()
    return [lot for _, lot in due]


def bring_up(held: Purse, today: date, now: datetime) -> None:
    """What a job would do later in the day: expire what is over, release what has waited."""
    _expire(held.db, [held], today, now)
    pending.release(held, today=today, now=now)


def _can_be_spent(lot: Lot, on: date) -> bool:
    """Not over, and not pending any more; debts count too."""
    over = lot.rest > 0 and lot.expires_on is not None and lot.expires_on < on
    return not over and (lot.usable_on is None or lot.usable_on <= on)


def _over(held: Purse, today: date) -> list[Lot]:
    """Lots with points whose last day is over."""
    return [lot for lot in held.lots if lot.rest > 0 and (lot.expires_on or today) < today]


def _expiries(db: Session, lots: Collection[Lot]) -> dict[int, int]:
    counted = (
        select(Allocation.lot_id, func.count())
        .join(LedgerEntry, LedgerEntry.id == Allocation.entry_id)
        .where(
            Allocation.lot_id.in_([lot.id for lot in lots]), LedgerEntry.kind == EntryKind.EXPIRE
        )
        .group_by(Allocation.lot_id)
    )
    return dict(db.execute(counted).all())
