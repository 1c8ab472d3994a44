"""Who is in the demo club: persons, companies with their contacts and drivers, prospects."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from members.models import CompanyPerson, CompanyRole, Owner, OwnerKind
from members.names import sort_key
from portal.demo.names import Names
from portal.demo.numbers import Numbers

PERSONS = 238
COMPANIES = 20
PROSPECTS = 8
_CONTACT_TIMES = (None, None, None, "工作日 18:00 之后", "上午", "午休 12:00–13:30", "周末")
_TITLES = ("车队主管", "行政经理", "办公室主任", "总经理助理")
_MAILBOXES = ("mail.example", "post.example", "inbox.example")


@dataclass(slots=True)
class People:
    """The owners of the demo, by what they are."""

    persons: list[Owner] = field(default_factory=list)
    companies: list[Owner] = field(default_factory=list)
    company_people: list[Owner] = field(default_factory=list)
    prospects: list[Owner] = field(default_factory=list)


class Drawing:
    """Chance, names and numbers of one build, and the day it is built on."""

    def __init__(self, seed: int, *, zone: ZoneInfo, now: datetime) -> None:
        self.chance = Random(seed)
        self.names = Names(self.chance)
        self.numbers = Numbers(self.chance)
        self.zone = zone
        self.now = now
        self.today: date = now.astimezone(zone).date()

    def moment(self, day: date, low: int = 9, high: int = 17) -> datetime:
        """Some moment of the shop's hours on a day."""
        minute = self.chance.randrange(low * 60, high * 60)
        return datetime.combine(day, time(minute // 60, minute % 60), self.zone)


def people(db: Session, draw: Drawing) -> People:
    """Everybody, without cars yet."""
    found = People()
    found.persons = [_person(draw) for _ in range(PERSONS)]
    found.companies = [_company(draw, number) for number in range(COMPANIES)]
    found.prospects = [_person(draw) for _ in range(PROSPECTS)]
    db.add_all([*found.persons, *found.companies, *found.prospects])
    db.flush()
    for company in found.companies:
        found.company_people += _staff_of(db, draw, company)
    return found


def person(draw: Drawing, name: str, sex: str, **more: str | date | None) -> Owner:
    """A person with an address, a number and, as it happens, a mailbox."""
    made = Owner(
        kind=OwnerKind.PERSON,
        name=name,
        name_sort=sort_key(name),
        sex=sex,
        phone=draw.numbers.phone(),
        address=draw.names.address(),
        born_on=date(draw.chance.randint(1958, 2002), 1, 1)
        + timedelta(days=draw.chance.randrange(365)),
        created_at=draw.now,
    )
    for field_name, value in more.items():
        setattr(made, field_name, value)
    return made


def _person(draw: Drawing) -> Owner:
    chance = draw.chance
    sex = "female" if chance.random() < 0.44 else "male"
    made = person(draw, draw.names.person(sex), sex, contact_time=chance.choice(_CONTACT_TIMES))
    if chance.random() < 0.42:
        made.email = _mailbox(draw, made.name)
    if chance.random() < 0.7:
        made.wechat = f"yl_{made.name_sort.split(' ')[0]}{chance.randint(1000, 9999)}"
    if chance.random() < 0.04:  # reached by WeChat alone
        made.phone, made.email = None, None
        made.wechat = made.wechat or f"yl_{chance.randint(10**5, 10**6)}"
    return made


def _company(draw: Drawing, number: int) -> Owner:
    name = draw.names.company(number)
    return Owner(
        kind=OwnerKind.COMPANY,
        name=name,
        name_sort=sort_key(name),
        phone=draw.numbers.phone(),
        email=f"fleet{number + 1}@company.example",
        address=draw.names.address(),
        created_at=draw.now,
    )


def _staff_of(db: Session, draw: Drawing, company: Owner) -> list[Owner]:
    drivers = draw.chance.choice((1, 1, 1, 2))
    staff = [_person(draw) for _ in range(1 + drivers)]
    staff[0].title = draw.chance.choice(_TITLES)
    db.add_all(staff)
    db.flush()
    for place, one in enumerate(staff):
        role = CompanyRole.CONTACT if place == 0 else CompanyRole.DRIVER
        db.add(CompanyPerson(company_id=company.id, person_id=one.id, role=role))
    return staff


def _mailbox(draw: Drawing, name: str) -> str:
    letters = sort_key(name).replace(" ", "")
    return f"{letters}{draw.chance.randint(10, 9999)}@{draw.chance.choice(_MAILBOXES)}"
