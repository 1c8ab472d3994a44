"""Points moved by hand, with a reason and a second person for many (R12).

Nobody moves their own points. From a limit on one person asks and another one with the same
permission confirms or refuses; nothing moves before. What one person moves by hand for one
member in a day counts together, so that many small adjustments are no way around. Points that
are given for something done name it in `done`, as (kind, cause): they are a bonus, once per
cause, and no adjustment, and are looked at by themselves.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from club import facts, ledger
from club.models import AdjustmentState, EntryKind, LedgerEntry, PointsAdjustment
from club.purses import Cause, Purse, purse
from club.rules_in_force import rule_book
from foundation import audit, clock, tunables
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.words import N_
from members.models import Account
from members.staff_accounts import is_one_of

SECOND_PERSON_FROM = tunables.declare(
    "club.second_person_from", 1000, N_("Adjustments that need a second person"), N_("points"), 1
)
BY_HAND = "desk"
MOST = 10_000_000
LONGEST = 300
Done = tuple[str, str]


class NothingToAdjust(Refusal):
    """No points, or more than a club ever has."""


class MoreThanHeld(Refusal):
    """A debt comes of points that were spent before they were taken back, never by hand."""


class ReasonMissing(Refusal):
    """Whoever moves points says why (R12)."""


class OwnAccount(Refusal):
    """Nobody moves their own points (R12)."""


class SecondPersonNeeded(Refusal):
    """A large adjustment is made by two (R12)."""


class AlreadyDecided(Refusal):
    """Somebody was faster."""


def ask(
    db: Session,
    owner_id: int,
    points: int,
    *,
    request_id: str,
    reason: str,
    on: date,
    by: int,
    now: datetime,
    done: Done | None = None,
) -> PointsAdjustment | LedgerEntry:
    """Adjust at once below the limit; from it on, put the wish before a second person.

    The same request twice is one.
    """
    _check(db, owner_id, points, reason, by)
    held = purse(db, owner_id)
    known = select(PointsAdjustment).where(PointsAdjustment.request_id == request_id)
    found = db.scalar(known)
    if found is not None:
        return found
    if not _wants_second(db, owner_id, points, on, by, done or (BY_HAND, request_id)):
        said: dict[str, Any] = {"request_id": request_id, "reason": reason, "done": done}
        return adjust(db, owner_id, points, on=on, by=by, now=now, **said)
    _refuse_debt(held, points, on)
    made = PointsAdjustment(
        owner_id=owner_id,
        points=points,
        reason=reason.strip()[:LONGEST],
        request_id=request_id,
        asked_by_id=by,
        asked_at=now,
    )
    made.cause_kind, made.cause_id = done or (None, None)
    db.add(made)
    audit.record(db, "points.ask", "owner", owner_id, by=by, now=now, points=points)
    db.flush()
    return made


def confirm(
    db: Session, wish: PointsAdjustment, *, on: date, by: int, now: datetime
) -> LedgerEntry:
    """The second person agrees, and the points move; of two who decide at once one does."""
    if by == wish.asked_by_id or not may_adjust(db, by):
        raise SecondPersonNeeded(N_("Another person with this right confirms what you asked for."))
    refuse_own(db, wish.owner_id, [by])
    _decide(db, wish, AdjustmentState.CONFIRMED, by, now)
    entry = adjust(
        db,
        wish.owner_id,
        wish.points,
        request_id=wish.request_id,
        reason=wish.reason,
        on=on,
        by=wish.asked_by_id,
        now=now,
        second=by,
        done=(wish.cause_kind, wish.cause_id) if wish.cause_kind and wish.cause_id else None,
    )
    db.flush()
    wish.entry_id = entry.id
    db.flush()
    return entry


def refuse(db: Session, wish: PointsAdjustment, *, reason: str, by: int, now: datetime) -> None:
    """The wish ends without any point moved; who asked may also take it back."""
    if not reason.strip():
        raise ReasonMissing(N_("Please say why the points are not adjusted."))
    _decide(db, wish, AdjustmentState.REFUSED, by, now)
    wish.decided_why = reason.strip()[:LONGEST]
    audit.record(db, "points.refuse", "owner", wish.owner_id, by=by, now=now, points=wish.points)
    db.flush()


def adjust(
    db: Session,
    owner_id: int,
    points: int,
    *,
    request_id: str,
    reason: str,
    on: date,
    by: int,
    now: datetime,
    second: int | None = None,
    done: Done | None = None,
) -> LedgerEntry:
    """Add or take points by hand, with a reason; many only with a second person (R12)."""
    _check(db, owner_id, points, reason, by, second)
    held, alone = purse(db, owner_id), second is None or second == by
    named = done or (BY_HAND, request_id)
    if alone and _wants_second(db, owner_id, points, on, by, named):
        raise SecondPersonNeeded(
            N_("From %(limit)s points a day on a second person confirms."),
            limit=tunables.value(db, SECOND_PERSON_FROM),
        )
    kind = EntryKind.BONUS if done else EntryKind.ADJUST
    found = ledger.entry_of(db, kind, owner_id, *named)
    if found is not None:
        return found
    _refuse_debt(held, points, on)
    rules = rule_book(db).on(on)
    cause = Cause(*named, on, now, by=by, reason=reason.strip(), second=second)
    if points > 0:
        until = clock.add_months(on, rules.points_live_months)
        entry = held.put(kind, points, cause.under(rules.version_id), expires_on=until)
    else:
        ledger.bring_up(held, on, now)
        entry = held.draw(kind, -points, cause)
    audit.record(
        db, "points.adjust", "owner", owner_id, by=by, now=now, points=points, second=second
    )
    facts.points_moved(db, owner_id, on=on)
    return entry


def _wants_second(db: Session, owner_id: int, points: int, on: date, by: int, named: Done) -> bool:
    """Whether these points reach the limit: by hand with what the same person moved by hand that
    day, for something done by themselves. The owner's purse is held, so that two requests in one
    moment are seen by each other."""
    kind, cause_id = named
    moved = select(func.coalesce(func.sum(func.abs(LedgerEntry.points)), 0)).where(
        LedgerEntry.owner_id == owner_id,
        LedgerEntry.effective_on == on,
        LedgerEntry.kind == EntryKind.ADJUST,
        LedgerEntry.cause_kind == BY_HAND,
        LedgerEntry.cause_id != cause_id,
        LedgerEntry.account_id == by,
        LedgerEntry.second_account_id.is_(None),
    )
    beside = int(db.scalar(moved) or 0) if kind == BY_HAND else 0
    return abs(points) + beside >= tunables.value(db, SECOND_PERSON_FROM)


def _decide(
    db: Session, wish: PointsAdjustment, state: AdjustmentState, by: int, now: datetime
) -> None:
    changed = rows_changed(
        db,
        update(PointsAdjustment)
        .where(
            PointsAdjustment.id == wish.id,
            PointsAdjustment.state == AdjustmentState.WAITING,
        )
        .values(state=state, decided_by_id=by, decided_at=now),
    )
    if changed != 1:
        raise AlreadyDecided(N_("This was decided already."))
    db.refresh(wish)


def _check(
    db: Session, owner_id: int, points: int, reason: str, by: int, second: int | None = None
) -> None:
    if not 0 < abs(points) <= MOST:
        raise NothingToAdjust(N_("Please enter at least one point, to add or to take."))
    if not reason.strip():
        raise ReasonMissing(N_("Please say why the points are adjusted."))
    refuse_own(db, owner_id, [by] if second is None else [by, second])


def _refuse_debt(held: Purse, points: int, on: date) -> None:
    have = sum(lot.rest for lot in held.lots if lot.expires_on is None or lot.expires_on >= on)
    if points < 0 and -points > have:
        raise MoreThanHeld(
            N_("There are %(have)s points; more cannot be taken away by hand."), have=max(have, 0)
        )


def refuse_own(db: Session, owner_id: int, actors: list[int]) -> None:
    """Refuses points that one of these actors would move on their own account (R12)."""
    if is_one_of(db, actors, [owner_id]):
        raise OwnAccount(N_("Nobody adjusts their own points. Please ask a colleague."))


def may_adjust(db: Session, account_id: int) -> bool:
    """Whether an account may move points by hand today."""
    account = db.get(Account, account_id)
    return account is not None and Permission.POINTS_ADJUST in account.permissions
