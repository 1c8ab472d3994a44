"""The demo's visits as service orders, in the order in which they happened."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from club import earning, tiers
from foundation.shop import the_shop
from members import facts
from members.models import CompanyPerson, CompanyRole, OrderLine, ServiceOrder
from portal.demo.people import Drawing
from portal.demo.workshop import Job, Visit

SOURCE = "workshop"
_REFUND_AFTER = (2, 12)


def book(db: Session, draw: Drawing, visits: Iterable[Visit]) -> int:
    """Store all visits, their refunds linked to what they take back; how many lines there are."""
    shop_id = the_shop(db).id
    contacts = _contacts(db)
    numbers: Counter[date] = Counter()
    refunds: list[tuple[date, Visit, Job, OrderLine]] = []
    lines = 0
    for visit in sorted(visits, key=lambda one: (one.on, one.car.vehicle.vin or "")):
        order = _order(draw, visit, shop_id, _number(numbers, visit.on, "GD"))
        order.contact_id, order.bringer_id = contacts.get(visit.car.owner.id, (None, None))
        order.lines = [_line(place, job) for place, job in enumerate(visit.jobs, 1)]
        lines += len(order.lines)
        db.add(order)
        if visit.taken_back is not None:
            day = visit.on + timedelta(days=draw.chance.randint(*_REFUND_AFTER))
            line = order.lines[visit.jobs.index(visit.taken_back)]
            if day < draw.today:
                refunds.append((day, visit, visit.taken_back, line))
        _read_odometer(visit)
    db.flush()
    for day, visit, job, line in sorted(refunds, key=lambda one: (one[0], one[3].id)):
        db.add(_refund(draw, visit, day, job, line, shop_id, _number(numbers, day, "TK")))
    db.flush()
    return lines + len(refunds)


def settle(db: Session, draw: Drawing) -> None:
    """Let every line earn as an import would: points, tiers and facts by the club's rules."""
    lines = db.scalars(select(OrderLine).options(joinedload(OrderLine.order))).all()
    earning.settle(db, lines, until=draw.today, today=draw.today, now=draw.now)
    facts.count_orders(db, {line.order.owner_id for line in lines})


def bring_up_to_date(db: Session, draw: Drawing) -> None:
    """Hold the reviews and let expire what is due on the anchor day."""
    while tiers.review_due(db, today=draw.today, now=draw.now):
        pass


def _order(draw: Drawing, visit: Visit, shop_id: int, number: str) -> ServiceOrder:
    return ServiceOrder(
        shop_id=shop_id,
        source=SOURCE,
        external_id=number,
        owner_id=visit.car.owner.id,
        vehicle_id=visit.car.vehicle.id,
        serviced_on=visit.on,
        mileage_km=visit.km,
        content="；".join(dict.fromkeys(job.content for job in visit.jobs)),
        recorded_at=draw.moment(visit.on, 16, 18),
    )


def _refund(
    draw: Drawing, visit: Visit, day: date, job: Job, line: OrderLine, shop_id: int, number: str
) -> ServiceOrder:
    return ServiceOrder(
        shop_id=shop_id,
        source=SOURCE,
        external_id=number,
        owner_id=visit.car.owner.id,
        vehicle_id=visit.car.vehicle.id,
        serviced_on=day,
        content=f"退款：{job.content}",
        recorded_at=draw.moment(day, 16, 18),
        lines=[
            OrderLine(
                line_no=1,
                kind=job.kind,
                fen=-line.fen,
                description=f"退款：{job.content}",
                refund_of_id=line.id,
            )
        ],
    )


def _line(place: int, job: Job) -> OrderLine:
    return OrderLine(
        line_no=place,
        kind=job.kind,
        paid_by=job.paid_by,
        fen=job.yuan * 100,
        description=job.content,
        brand=job.brand,
        quantity=job.quantity,
    )


def _number(numbers: Counter[date], day: date, letters: str) -> str:
    numbers[day] += 1
    return f"{letters}{day:%Y%m%d}{numbers[day]:03d}"


def _read_odometer(visit: Visit) -> None:
    visit.car.vehicle.mileage_km = visit.km
    visit.car.vehicle.mileage_on = visit.on


def _contacts(db: Session) -> dict[int, tuple[int, int]]:
    """Per company who is called and who brings its cars."""
    rows = db.scalars(select(CompanyPerson).order_by(CompanyPerson.id)).all()
    contacts = {row.company_id: row.person_id for row in rows if row.role is CompanyRole.CONTACT}
    drivers = {row.company_id: row.person_id for row in rows if row.role is CompanyRole.DRIVER}
    return {company: (one, drivers.get(company, one)) for company, one in contacts.items()}
