"""All that is known of an owner, from every room, for one page at the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from club.earning import left_out
from club.entitlements import history
from club.models import BenefitUse, TierChange
from club.refunded import taken_by, words_for
from club.standing import Standing, standing_of
from club.statement import Statement, changes_of, statement_of
from club.voucher_lists import Held, held_by
from events.listing import attended
from events.models import Registration
from foundation.outbox import Letter
from members import measuring
from members.models import (
    Account,
    CarMeasurement,
    CompanyPerson,
    CompanyRole,
    Interest,
    Owner,
    OwnerAdvisor,
    OwnerIdentity,
    OwnerInterest,
    Ownership,
    ServiceOrder,
)
from outreach.models import Consent

Row = TypeVar("Row")
ORDERS_SHOWN = 20
ROWS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Orders:
    """A page of an owner's orders, the newest first."""

    rows: Sequence[ServiceOrder]
    older: int | None


@dataclass(frozen=True, slots=True)
class Archive:
    """What the rooms know of one owner; long lists hold their newest rows."""

    owner: Owner
    account: Account | None
    standing: Standing
    ownerships: Sequence[Ownership]
    measured: dict[int, list[CarMeasurement]]
    orders: Orders
    refunds: Mapping[int, tuple[str, dict[str, str]]]
    statement: Statement
    changes: Sequence[TierChange]
    uses: Sequence[BenefitUse]
    vouchers: Held
    interests: Sequence[Interest]
    consents: Sequence[Consent]
    registrations: Sequence[Registration]
    attended: set[int]
    letters: Sequence[Letter]
    advisors: Sequence[OwnerAdvisor]
    colleagues: Sequence[tuple[Owner, CompanyRole]]
    identities: Sequence[OwnerIdentity]


def archive_of(
    db: Session,
    owner: Owner,
    *,
    today: date,
    orders_before: int | None = None,
    entries_before: int | None = None,
) -> Archive:
    """The archive of one owner today."""
    mine = owner.id
    registrations, ownerships = _registrations(db, mine), _ownerships(db, mine)
    orders = orders_of(db, mine, before=orders_before)
    return Archive(
        owner=owner,
        account=db.scalar(select(Account).where(Account.owner_id == mine)),
        standing=standing_of(db, mine, today=today),
        ownerships=ownerships,
        measured=measuring.newest(db, [held.vehicle_id for held in ownerships]),
        orders=orders,
        refunds=_refunds(db, orders.rows),
        statement=statement_of(db, mine, before=entries_before),
        changes=changes_of(db, mine),
        uses=history(db, mine, most=ROWS_SHOWN),
        vouchers=held_by(db, mine, today=today),
        interests=_interests(db, mine),
        consents=_newest(db, select(Consent).where(Consent.owner_id == mine), Consent.id),
        registrations=registrations,
        attended=attended(db, [one.id for one in registrations]),
        letters=_newest(
            db,
            select(Letter).where(Letter.recipient_kind == "owner", Letter.recipient_id == mine),
            Letter.id,
        ),
        advisors=db.scalars(
            select(OwnerAdvisor)
            .where(OwnerAdvisor.owner_id == mine)
            .options(joinedload(OwnerAdvisor.account))
        ).all(),
        colleagues=_colleagues(db, mine),
        identities=db.scalars(select(OwnerIdentity).where(OwnerIdentity.owner_id == mine)).all(),
    )


def orders_of(db: Session, owner_id: int, *, before: int | None = None) -> Orders:
    """The orders before the one with this id, or the newest."""
    query = (
        select(ServiceOrder)
        .where(ServiceOrder.owner_id == owner_id)
        .order_by(ServiceOrder.serviced_on.desc(), ServiceOrder.id.desc())
        .options(selectinload(ServiceOrder.lines))
        .limit(ORDERS_SHOWN + 1)
    )
    if before is not None:
        start = db.get(ServiceOrder, before)
        if start is None or start.owner_id != owner_id:
            return Orders([], None)
        same_day = and_(ServiceOrder.serviced_on == start.serviced_on, ServiceOrder.id < start.id)
        query = query.where(or_(ServiceOrder.serviced_on < start.serviced_on, same_day))
    rows = db.scalars(query).all()
    shown = rows[:ORDERS_SHOWN]
    return Orders(shown, shown[-1].id if len(rows) > ORDERS_SHOWN else None)


def _refunds(
    db: Session, orders: Sequence[ServiceOrder]
) -> Mapping[int, tuple[str, dict[str, str]]]:
    """What is to be said of the refunds among these orders, by their lines."""
    lines = [line for order in orders for line in order.lines if line.fen < 0]
    refunds = [line for line in lines if left_out(line) is None]
    taken = taken_by(db, [line.id for line in refunds])
    said = {line.id: words_for(line, taken.get(line.id, ())) for line in refunds}
    return {line_id: words for line_id, words in said.items() if words is not None}


def _ownerships(db: Session, owner_id: int) -> Sequence[Ownership]:
    return db.scalars(
        select(Ownership)
        .where(Ownership.owner_id == owner_id)
        .order_by(Ownership.until_on.is_not(None), Ownership.from_on.desc(), Ownership.id.desc())
        .options(joinedload(Ownership.vehicle))
    ).all()


def _interests(db: Session, owner_id: int) -> Sequence[Interest]:
    return db.scalars(
        select(Interest)
        .join(OwnerInterest, OwnerInterest.interest_id == Interest.id)
        .where(OwnerInterest.owner_id == owner_id)
        .order_by(Interest.group_id, Interest.position)
    ).all()


def _registrations(db: Session, owner_id: int) -> Sequence[Registration]:
    query = (
        select(Registration)
        .where(Registration.owner_id == owner_id)
        .options(joinedload(Registration.event))
    )
    return _newest(db, query, Registration.id)


def _colleagues(db: Session, owner_id: int) -> Sequence[tuple[Owner, CompanyRole]]:
    """Contacts and drivers of a company; of a person the companies they act for."""
    people = select(Owner, CompanyPerson.role).join(
        CompanyPerson, CompanyPerson.person_id == Owner.id
    )
    companies = select(Owner, CompanyPerson.role).join(
        CompanyPerson, CompanyPerson.company_id == Owner.id
    )
    found = [
        *db.execute(people.where(CompanyPerson.company_id == owner_id)),
        *db.execute(companies.where(CompanyPerson.person_id == owner_id)),
    ]
    return [(row[0], row[1]) for row in found]


def _newest(db: Session, query: Select[Row], key: InstrumentedAttribute[int]) -> Sequence[Row]:
    return db.scalars(query.order_by(key.desc()).limit(ROWS_SHOWN)).all()
