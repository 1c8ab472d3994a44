"""Build the demo club around an anchor day, once."""

from collections.abc import Iterable
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.tickets import TicketKeys
from foundation.roles import Role
from foundation.settings import Settings
from members.models import Account, Advising, Owner
from portal.demo import (
    bringing,
    cars,
    claims,
    joining,
    letters,
    orders,
    packing,
    printed,
    story,
    vouching,
)
from portal.demo.accounts import add_staff
from portal.demo.cars import Car
from portal.demo.joining import Joiner
from portal.demo.people import Drawing, People, people
from portal.demo.programme import (
    checked,
    gatherings,
    helping,
    planning,
    sign_ups,
    telling,
    travelling,
    trips,
    workshop,
)
from portal.demo.programme.arrivals import arrive, begin, miss
from portal.demo.programme.crowd import Crowd
from portal.demo.programme.sign_ups import Booth
from portal.demo.rounds import Rounds
from portal.demo.story import Story
from portal.demo.workshop import visits_of
from portal.models import DemoClub

SEED = 20081109


def is_built(db: Session) -> bool:
    """Whether this database holds the demo club."""
    return db.scalar(select(DemoClub.id).limit(1)) is not None


def build(db: Session, *, settings: Settings, now: datetime) -> None:
    """Fill a seeded club with people, cars, orders and events, the same every time.

    Everything hangs on the day of `now` and goes through the rules of the rooms, so that points,
    tiers and places are true. The caller commits.
    """
    draw = Drawing(SEED, zone=settings.zone, now=now)
    db.add(DemoClub(anchor_at=now))
    staff = add_staff(db, now=now)
    everybody = people(db, draw)
    told = story.tell(db, draw)
    garage = cars.cars(db, draw, everybody, so_far=len(told.cars)) + list(told.cars.values())
    _date_archives(draw, garage)
    owners = [*everybody.persons, *everybody.companies, told.owner, told.friend]
    joining.advise(db, draw, owners, _advisors(staff))
    joiners = _joiners(draw, everybody, told, garage)
    joining.join(db, draw, joiners)
    visits = [visit for car in garage[: -len(told.cars)] for visit in visits_of(draw, car)]
    orders.book(db, draw, told.visits + visits)
    orders.settle(db, draw)
    printed.newsletters(db, draw, by=_first(staff, Role.MARKETING))
    printed.partners(db, draw, clerk=_first(staff, Role.PARTNER_CLERK))
    manager, desk = _first(staff, Role.CLUB_MANAGER), _first(staff, Role.CARE_SPECIALIST)
    kinds = vouching.offer(db, draw, by=manager)
    rounds = Rounds(db, draw, settings, by=_first(staff, Role.MARKETING))
    _programme(db, Crowd(db, draw, joiners, garage), staff, TicketKeys.of(settings), rounds)
    place = checked.bench(db, draw, by=desk, advisor=desk)
    checked.store_tyres(place, [car.vehicle for car in [*told.cars.values(), *garage[:2]]])
    checked.measured_at_service(place, [car.vehicle for car in told.cars.values()])
    claims.wait(db, draw, settings)
    orders.bring_up_to_date(db, draw)
    vouching.reward_tyres(db, draw, kinds, by=manager)
    vouching.hand_out(db, draw, told, kinds, by=desk)
    sales = _first(staff, Role.SALES_ADVISOR)
    bringing.came_by(db, draw, told, by=manager, sales=sales)
    packing.sell(db, draw, told, by=desk)
    packing.agree(db, draw, everybody.companies[0], by=manager)
    signs = _first(staff, Role.GENERAL_MANAGER)
    packing.old_cards(db, draw, by=manager, signs=signs, hash_key=settings.hash_key)
    letters.put_away(db, now=now)
    rounds.close()
    db.flush()


def _programme(
    db: Session, crowd: Crowd, staff: list[Account], keys: TicketKeys, rounds: Rounds
) -> None:
    """Events as they went: planned, invited to, filled, and attended where they have begun."""
    draw, booth = crowd.draw, Booth(db, crowd, keys)
    advisors = _all(staff, Role.SERVICE_ADVISOR)
    place = checked.bench(db, draw, by=_first(staff, Role.CARE_SPECIALIST), advisor=advisors[0])
    always = {one.owner.id for one in crowd.told.values()}
    used = workshop.open_bays(db, by=_first(staff, Role.CLUB_MANAGER), now=draw.now)
    for one in planning.undertakings(db, draw, by=_first(staff, Role.MARKETING)):
        workshop.serve(db, one, used, by=_first(staff, Role.SERVICE_ADVISOR), now=draw.now)
        kind, over = one.event.kind.code, one.event.ends_at < draw.now
        first = [crowd.told[login] for login in story.who_comes(kind, over)]
        head = [] if over else [crowd.told[login] for login in story.who_waits(kind)]
        rounds.at_the_opening(one)
        sign_ups.fill(booth, one, first, list(head))
        rounds.of_today(one)
        door = _first(staff, Role.CARE_SPECIALIST)
        if over:
            arrive(db, draw, one, always=always, by=door)
            if one.event.sessions:
                checked.check_cars(place, one.event, always)
            telling.answers(db, draw, one.event, keys=keys)
        elif one.here:
            begin(db, draw, one, later=always, by=door)
        elif head:
            sign_ups.free_a_place(booth, one.event)
        if one.event.starts_at < draw.now:
            gatherings.enliven(db, draw, one.event, by=door)
        if kind == trips.KIND:
            made = trips.plan(db, draw, one.event, by=_first(staff, Role.MARKETING))
            travelling.drive(db, draw, made, by=_first(staff, Role.MARKETING), door=door)
        if over:
            helping.thank(db, draw, one.event, always=always, by=_first(staff, Role.CLUB_MANAGER))
        if not over:
            telling.letters(db, draw, one.event, by=_first(staff, Role.CLUB_MANAGER))
    miss(db, draw, by=_first(staff, Role.CARE_SPECIALIST))


def _date_archives(draw: Drawing, garage: Iterable[Car]) -> None:
    """An archive begins with the owner's first car."""
    for car in sorted(garage, key=lambda one: one.bought, reverse=True):
        car.owner.created_at = datetime.combine(car.bought, time(15), draw.zone)


def _joiners(draw: Drawing, everybody: People, told: Story, garage: list[Car]) -> list[Joiner]:
    since: dict[int, date] = {}
    for car in garage:
        since[car.owner.id] = min(since.get(car.owner.id, car.bought), car.bought)
    found = joining.joiners(
        draw, [*everybody.persons, *everybody.company_people, *everybody.prospects], since
    )
    return [*found, *(_teller(draw, told, key) for key in ("owner", "friend"))]


def _teller(draw: Drawing, told: Story, key: str) -> Joiner:
    owner: Owner = getattr(told, key)
    row = story.row_of(key)
    return Joiner(
        owner,
        story.joined_on(draw, key),
        login=row["email"],
        language=row["language"],
        likes=tuple(row["interests"]),
    )


def _advisors(staff: list[Account]) -> dict[Advising, list[int]]:
    return {
        Advising.SERVICE: _all(staff, Role.SERVICE_ADVISOR),
        Advising.SALES: _all(staff, Role.SALES_ADVISOR),
    }


def _first(staff: list[Account], role: Role) -> int:
    return _all(staff, role)[0]


def _all(staff: list[Account], role: Role) -> list[int]:
    return [one.id for one in staff if one.roles[0].role is role]
