"""The demo club: as large and as true as a real one, the same every time."""

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from club import checking, facts
from club.models import TierCode
from events import attendees, check_in, door_counts
from events.models import (
    CheckIn,
    Event,
    EventInvitee,
    EventState,
    Quota,
    Registration,
    RegistrationState,
    Ticket,
)
from foundation.outbox import Letter, LetterState
from foundation.settings import Mode, Settings
from foundation.shop import the_shop
from members import passwords
from members.models import (
    Account,
    CompanyPerson,
    Energy,
    MemberFacts,
    Membership,
    OrderLine,
    Owner,
    OwnerKind,
    ServiceOrder,
    Vehicle,
)
from members.phones import is_mobile
from members.plates import PlateKind, normalise_plate
from members.vins import normalise_vin
from outreach.models import (
    Campaign,
    CampaignRecipient,
    CampaignState,
    Newsletter,
    RecipientState,
)
from portal import claims
from portal.demo import cars, story
from portal.demo.accounts import DEMO_ACCOUNTS, DemoAccount
from portal.demo.building import SEED, is_built
from portal.demo.numbers import FREE_RANGES
from portal.demo.people import Drawing, people
from portal.models import DemoClub
from tests.conftest import DEMO_DAY, Sessions

pytestmark = pytest.mark.timeout(300)  # whoever comes first builds the demo club


@pytest.fixture
def demo(demo_template: Path, tmp_path: Path) -> Iterator[Session]:
    """A session on a copy of the demo club."""
    path = tmp_path / "demo.sqlite"
    shutil.copyfile(demo_template, path)
    sessions = Sessions(f"sqlite:///{path}")
    with sessions() as db:
        yield db
    sessions.engine.dispose()


def number_of(db: Session, *which: object) -> int:
    query = select(func.count()).where(*which)  # type: ignore[arg-type]
    return db.scalars(query).one()


def owner_named(db: Session, login: str) -> Owner:
    owner = db.scalars(select(Account).where(Account.email == login)).one().owner
    assert owner is not None
    return owner


def test_it_is_as_large_as_promised(demo: Session) -> None:
    companies = number_of(demo, Owner.kind == OwnerKind.COMPANY)
    assert companies == 20
    assert 290 <= number_of(demo, Owner.id > 0) <= 330
    assert number_of(demo, Vehicle.id > 0) == 420
    assert 3200 <= number_of(demo, OrderLine.id > 0) <= 3800
    assert number_of(demo, Newsletter.published_at.is_not(None)) == 6
    with_staff = select(func.count(func.distinct(CompanyPerson.company_id)))
    assert demo.scalars(with_staff).one() == companies


def test_a_dozen_events_are_over_and_eight_are_to_come(demo: Session) -> None:
    published = Event.state == EventState.PUBLISHED
    assert number_of(demo, published, Event.ends_at < DEMO_DAY) == 12
    assert number_of(demo, published, Event.starts_at > DEMO_DAY) == 8


def test_the_door_of_an_event_of_the_day_is_open(demo: Session) -> None:
    """Some were checked in, others are still to come, the owner of the story among them."""
    (event,) = demo.scalars(
        select(Event).where(Event.starts_at <= DEMO_DAY, Event.ends_at > DEMO_DAY)
    ).all()
    check_in.check_door(demo, event, now=DEMO_DAY)
    door = door_counts.door_of(demo, event.id)
    assert 5 <= door.seen[None] <= door.expected - 5
    mine = select(Registration).where(Registration.event_id == event.id)
    owner = owner_named(demo, "owner@demo.example")
    (ticketed,) = demo.scalars(mine.where(Registration.owner_id == owner.id)).all()
    assert attendees.arrivals_of(demo, [ticketed.id]) == {ticketed.id: []}


def test_rounds_of_invitations_are_done_under_way_and_drafted(demo: Session) -> None:
    assert set(demo.scalars(select(Campaign.state))) == {
        CampaignState.DONE,
        CampaignState.SENDING,
        CampaignState.DRAFT,
    }
    assert set(demo.scalars(select(CampaignRecipient.state))) == set(RecipientState)
    opened = number_of(demo, EventInvitee.opened_at.is_not(None))
    assert 0 < opened < number_of(demo, EventInvitee.id > 0)


def test_three_claims_wait_at_the_counter(demo: Session) -> None:
    waiting = claims.open_claims(demo)
    assert len(waiting) == 3
    assert all(claims.login_of(demo, one.archive_id) is None for one in waiting)


def test_every_plate_vin_and_phone_is_one_that_could_be(demo: Session) -> None:
    for vehicle in demo.scalars(select(Vehicle)):
        assert normalise_vin(vehicle.vin or "").check_digit_ok
        if vehicle.plate:
            plugs_in = vehicle.energy in cars.PLUGS_IN
            assert (normalise_plate(vehicle.plate).kind is PlateKind.GREEN) == plugs_in
    for phone in filter(None, demo.scalars(select(Owner.phone))):
        assert is_mobile(phone)
        assert phone.removeprefix("+86").startswith(FREE_RANGES)  # nobody has this number


def test_there_are_cars_of_every_energy(demo: Session) -> None:
    assert set(demo.scalars(select(Vehicle.energy))) == set(Energy)


def test_an_odometer_never_falls(demo: Session) -> None:
    orders = demo.scalars(select(ServiceOrder).order_by(ServiceOrder.serviced_on)).all()
    read: dict[int | None, int] = {}
    for order in orders:
        if order.mileage_km is not None:
            assert order.mileage_km >= read.get(order.vehicle_id, 0)
            read[order.vehicle_id] = order.mileage_km


def test_members_are_spread_over_all_four_tiers(demo: Session) -> None:
    query = select(MemberFacts.tier, func.count()).join(
        Membership, Membership.owner_id == MemberFacts.owner_id
    )
    tiers = dict(demo.execute(query.group_by(MemberFacts.tier)).all())
    assert set(tiers) == set(TierCode)
    assert tiers["general"] > tiers["silver"] > tiers["gold"] > tiers["diamond"] >= 3


def test_the_ledger_adds_up_for_every_owner(demo: Session) -> None:
    """R1: entries, lots, allocations and facts agree; red with one lot's rest raised by hand."""
    assert list(checking.differences(demo)) == []
    assert number_of(demo, MemberFacts.points != 0) > 150


def test_the_facts_are_what_they_would_be_from_scratch(demo: Session) -> None:
    """Red with one row's tier, points or spend changed by hand."""
    rows = demo.scalars(select(MemberFacts)).all()
    today = DEMO_DAY.astimezone(the_shop(demo).zone).date()
    whole = {row.owner_id: facts.from_scratch(demo, row.owner_id, today=today) for row in rows}
    kept = {row.owner_id: (row.tier, row.points, row.spend_fen) for row in rows}
    assert kept == {ident: (one.tier, one.points, one.spend_fen) for ident, one in whole.items()}


def test_no_quota_holds_more_than_it_has(demo: Session) -> None:
    """R16: places taken are registrations that hold one; red with one place counted twice."""
    over = Quota.taken > Quota.capacity
    assert number_of(demo, over) == 0
    held = (RegistrationState.CONFIRMED, RegistrationState.OFFERED)
    for event in demo.scalars(select(Event).where(Event.unit == "car")):
        taken = sum(quota.taken for quota in event.quotas if quota.kind == "cars")
        assert taken == number_of(
            demo, Registration.event_id == event.id, Registration.state.in_(held)
        )


def test_whoever_came_has_the_points_for_it(demo: Session) -> None:
    came = select(Registration.owner_id).join(CheckIn, CheckIn.registration_id == Registration.id)
    attended = MemberFacts.attended > 0
    assert number_of(demo, attended) == len(set(demo.scalars(came)))
    assert number_of(demo, CheckIn.id > 0) > 300


def test_the_owner_has_a_ticket_an_offer_and_a_short_way_to_diamond(demo: Session) -> None:
    owner = owner_named(demo, "owner@demo.example")
    mine = demo.scalars(select(Registration).where(Registration.owner_id == owner.id)).all()
    offers = [one for one in mine if one.state is RegistrationState.OFFERED]
    assert [one.offer_until is not None and one.offer_until > DEMO_DAY for one in offers] == [True]
    ahead = select(Ticket).join(Registration).join(Event).where(Event.starts_at > DEMO_DAY)
    assert demo.scalars(ahead.where(Registration.owner_id == owner.id)).one().revoked_at is None
    row = demo.get_one(MemberFacts, owner.id)
    assert (row.tier, row.spend_fen) == (TierCode.GOLD, 1_868_000)


def test_nothing_of_long_ago_waits_to_be_sent(demo: Session) -> None:
    queued = demo.scalars(select(Letter).where(Letter.state == LetterState.QUEUED)).all()
    assert 0 < len(queued) < 40
    assert all(letter.not_after is None or letter.not_after > DEMO_DAY for letter in queued)


@pytest.mark.parametrize("printed", DEMO_ACCOUNTS, ids=lambda one: one.login)
def test_a_printed_login_opens(demo: Session, printed: DemoAccount) -> None:
    account = demo.scalars(select(Account).where(Account.email == printed.login)).one()
    assert passwords.matches(account.password_hash, printed.password)
    assert {held.role for held in account.roles} == ({printed.role} - {None})


def test_the_same_seed_draws_the_same_club(
    demo: Session, settings: Settings, sqlite_url: str
) -> None:
    sessions = Sessions(sqlite_url)
    with sessions() as db:
        draw = Drawing(SEED, zone=settings.zone, now=DEMO_DAY)
        everybody = people(db, draw)
        told = story.tell(db, draw)
        cars.cars(db, draw, everybody, so_far=len(told.cars))
        last = db.scalars(select(func.max(Owner.id))).one()
        again = _portrait(db, last)
    sessions.engine.dispose()
    assert again == _portrait(demo, last)


def _portrait(db: Session, last: int) -> list[tuple[object, ...]]:
    """Everybody up to the owner `last`; whoever joined at the end came after them."""
    drawn = select(Owner.name, Owner.phone, Owner.address).where(Owner.id <= last)
    owners = db.execute(drawn.order_by(Owner.id))
    vehicles = db.execute(select(Vehicle.vin, Vehicle.plate, Vehicle.model).order_by(Vehicle.id))
    return [tuple(row) for row in [*owners, *vehicles]]


@pytest.fixture
def demo_app(settings: Settings, demo_template: Path, tmp_path: Path) -> Iterator[Flask]:
    path = tmp_path / "club.sqlite"
    shutil.copyfile(demo_template, path)
    app = create_app(dataclasses.replace(settings, database_url=f"sqlite:///{path}"))
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def run(app: Flask, *words: str, answer: str | None = None) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=words, input=answer)


def test_a_second_set_up_keeps_the_demo(demo_app: Flask) -> None:
    done = run(demo_app, "setup")
    assert (done.exit_code, "Building" in done.stderr) == (0, False)
    with demo_app.app_context():
        db = demo_app.extensions["sqlalchemy"].session
        assert is_built(db)
        assert db.scalars(select(DemoClub.anchor_at)).one() == DEMO_DAY


def test_the_demo_is_rebuilt_only_by_who_says_yes(demo_app: Flask) -> None:
    refused = run(demo_app, "demo", answer="n\n")
    assert refused.exit_code == 1
    with demo_app.app_context():
        db = demo_app.extensions["sqlalchemy"].session
        assert db.scalars(select(DemoClub.anchor_at)).one() == DEMO_DAY


def test_production_has_no_demo_to_rebuild(settings: Settings, sqlite_url: str) -> None:
    own = dataclasses.replace(settings, mode=Mode.PRODUCTION, database_url=sqlite_url)
    app = create_app(own)
    done = run(app, "demo", "--yes")
    assert done.exit_code == 1
    assert "production" in done.stderr
    with app.app_context():
        db = app.extensions["sqlalchemy"].session
        assert db.scalar(select(func.count()).select_from(Owner)) == 0
        assert the_shop(db).name_zh
        app.extensions["sqlalchemy"].engine.dispose()
