"""Fees of an event: what each sign-up owes, and what was taken for it at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.deadlines import registration_ends
from events.models import Event, FeePayment, Registration, RegistrationState, Unit
from events.refusals import FeeRefused
from foundation import audit
from foundation.money import yuan
from foundation.words import N_

MOST_FEN = 10_000_000


@dataclass(frozen=True, slots=True)
class Till:
    """What an event brought in: sign-ups with a place that paid all they owe, and the sum."""

    owing: int
    settled: int
    received_fen: int
    due_fen: int


def due(registration: Registration) -> int:
    """What a sign-up owes in fen: the fee for each of what takes a place; who was signed up
    after the deadline owes the fee on site, if there is one."""
    event = registration.event
    fee = event.fee_fen
    if event.onsite_fee_fen is not None and registration.made_at > registration_ends(event):
        fee = event.onsite_fee_fen
    return fee * (registration.party_size if event.unit == Unit.PERSON else 1)


def asks_money(event: Event) -> bool:
    """Whether somebody may owe something."""
    return event.fee_fen > 0 or bool(event.onsite_fee_fen)


def request_of(registration_id: int, payments: int) -> str:
    """What names the next payment of a sign-up that has so many: the same on every page that was
    opened before it, so that a second press, tab or desk is no second payment."""
    return f"fee-{registration_id}-{payments + 1}"


def take(
    db: Session,
    registration: Registration,
    amount_fen: int,
    *,
    request_id: str,
    by: int | None,
    now: datetime,
) -> FeePayment:
    """Note money that was taken at the desk; also in parts, also more than is owed.

    The same request twice is one payment; with another amount it is a page that is out of date.
    """
    if not 0 < amount_fen <= MOST_FEN:
        raise FeeRefused(N_("Please enter an amount above zero."))
    _hold(db, registration)
    found = db.scalar(select(FeePayment).where(FeePayment.request_id == request_id))
    if found is not None:
        _check_same(found, registration, amount_fen)
        return found
    if registration.state != RegistrationState.CONFIRMED:
        raise FeeRefused(N_("Only who has a place pays."))
    made = FeePayment(
        request_id=request_id,
        registration_id=registration.id,
        amount_fen=amount_fen,
        received_at=now,
        account_id=by,
    )
    db.add(made)
    db.flush()
    audit.record(
        db, "fee.take", "registration", registration.id, by=by, now=now, amount_fen=amount_fen
    )
    return made


def _check_same(found: FeePayment, registration: Registration, amount_fen: int) -> None:
    same = (found.registration_id, found.amount_fen) == (registration.id, amount_fen)
    if not same or found.struck_at is not None:
        raise FeeRefused(
            N_(
                "Somebody has noted ¥%(amount)s for this sign-up since you opened the page. "
                "Please look at the sum and note what is still missing."
            ),
            amount=yuan(found.amount_fen),
        )


def strike(
    db: Session, registration: Registration, payment_id: int, *, by: int | None, now: datetime
) -> None:
    """This payment was noted wrongly, or was given back; once, and it stays in the record."""
    _hold(db, registration)
    found = db.get(FeePayment, payment_id, populate_existing=True)
    if found is None or found.registration_id != registration.id:
        raise FeeRefused(N_("Nothing was noted as paid."))
    if found.struck_at is not None:
        return
    found.struck_at, found.struck_by_id = now, by
    audit.record(
        db,
        "fee.strike",
        "registration",
        registration.id,
        by=by,
        now=now,
        amount_fen=found.amount_fen,
    )
    db.flush()


def _hold(db: Session, registration: Registration) -> None:
    """One payment of a sign-up at a time, as its state is now."""
    db.refresh(registration, ["state"], with_for_update=True)


def payments_of(db: Session, registration_ids: Sequence[int]) -> dict[int, list[FeePayment]]:
    """What was noted for each of these registrations, the oldest first, struck out or not."""
    found: dict[int, list[FeePayment]] = {one: [] for one in registration_ids}
    rows = select(FeePayment).where(FeePayment.registration_id.in_(registration_ids))
    for row in db.scalars(rows.order_by(FeePayment.id)):
        found[row.registration_id].append(row)
    return found


def paid_by(db: Session, registration_ids: Sequence[int]) -> dict[int, int]:
    """What was taken in fen for each of these registrations that paid something."""
    rows = db.execute(
        select(FeePayment.registration_id, func.sum(FeePayment.amount_fen))
        .where(FeePayment.registration_id.in_(registration_ids), FeePayment.struck_at.is_(None))
        .group_by(FeePayment.registration_id)
    )
    return {registration_id: int(total) for registration_id, total in rows}


def received_fen(db: Session, event_id: int) -> int:
    """What was taken in fen for an event, without what was struck out."""
    ids = select(Registration.id).where(Registration.event_id == event_id)
    total = db.scalar(
        select(func.sum(FeePayment.amount_fen)).where(
            FeePayment.registration_id.in_(ids), FeePayment.struck_at.is_(None)
        )
    )
    return int(total or 0)


def till_of(db: Session, event: Event) -> Till:
    """The event's sums; money of who gave the place back since still counts as received."""
    of_event = select(Registration).where(Registration.event_id == event.id)
    confirmed = db.scalars(of_event.where(Registration.state == RegistrationState.CONFIRMED)).all()
    paid = paid_by(db, [one.id for one in confirmed])
    owed = [(due(one), paid.get(one.id, 0)) for one in confirmed]
    return Till(
        owing=sum(1 for owes, _paid in owed if owes),
        settled=sum(1 for owes, given in owed if owes and given >= owes),
        received_fen=received_fen(db, event.id),
        due_fen=sum(owes for owes, _paid in owed),
    )
