"""Members with passwords and one event with too few places, for load from outside."""

import json
import secrets
from datetime import datetime, timedelta

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from events import programme, seats
from events.models import Event, EventKind
from events.planning import Plan
from events.programme import unit_quota
from foundation import clock
from foundation.settings import Mode
from foundation.shop import the_shop
from foundation.web.database import db, write
from members.models import Account, MemberFacts, Membership, Owner
from members.passwords import CHEAP, hash_password

ADDRESS = "bench.example"


@click.command("bench-club")
@click.option("--members", type=click.IntRange(1, 100_000), required=True)
@click.option("--places", type=click.IntRange(1, 100_000), required=True)
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@click.option("--among-real-members", is_flag=True, help="Even in a club that has members.")
@with_appcontext
def bench_club(members: int, places: int, as_json: bool, among_real_members: bool) -> None:
    """Make members and a published event; print their accounts and the event's id.

    All share one password, whose hash was made once and is cheap to check. That has no place in
    a club in production with members of its own.
    """
    write()
    if not among_real_members and _is_real(db.session):
        raise click.ClickException(
            "This club has members of its own. Accounts with cheap passwords were not made."
        )
    now = clock.now()
    zone = current_app.extensions["club_settings"].zone
    password = secrets.token_urlsafe(9)
    event = _event(db.session, places, now)
    run = f"b{event.id}-{secrets.token_hex(3)}"
    made = _members(db.session, members, run, hash_password(password, CHEAP), now)
    for owner in made:
        joined = Membership(
            owner_id=owner.id,
            number=f"{run}-{owner.id}",
            joined_on=clock.shop_day(now, zone),
        )
        db.session.add_all([joined, MemberFacts(owner_id=owner.id)])
    db.session.commit()
    accounts = [{"owner": one.id, "email": one.email, "password": password} for one in made]
    if as_json:
        click.echo(json.dumps({"event": event.id, "places": places, "accounts": accounts}))
    else:
        click.echo(f"Event {event.id} with {places} places; {members} members.", err=True)


def _is_real(session: Session) -> bool:
    """Whether a club in production has a member whom this command did not make."""
    if current_app.extensions["club_settings"].mode is not Mode.PRODUCTION:
        return False
    made_here = Owner.email.like(f"b%@{ADDRESS}")
    others = select(Membership.owner_id).join(Owner, Owner.id == Membership.owner_id)
    query = others.where(or_(Owner.email.is_(None), ~made_here))
    return session.scalar(query.limit(1)) is not None


def _event(session: Session, places: int, now: datetime) -> Event:
    starts = now + timedelta(days=30)
    plan = Plan(
        title_zh="压力测试活动",
        title_en="A rush for places",
        place_zh="云湖度假村",
        place_en="Cloud Lake Resort",
        starts_at=starts,
        ends_at=starts + timedelta(hours=5),
    )
    kind = session.scalars(select(EventKind).order_by(EventKind.id).limit(1)).one()
    event = programme.draft(session, the_shop(session), kind, plan, by=None, now=now)
    seats.set_capacity(session, event, unit_quota(plan.unit), places, by=None, now=now)
    return programme.publish(session, event, by=None, now=now)


def _members(
    session: Session, number: int, run: str, password_hash: str, now: datetime
) -> list[Owner]:
    """Owners with an account each; the run's mark keeps several runs apart."""
    owners = [
        Owner(
            name=f"测试{index}",
            name_sort=f"ceshi{index:06d}",
            email=f"{run}-{index}@{ADDRESS}",
            created_at=now,
        )
        for index in range(number)
    ]
    session.add_all(owners)
    session.flush()
    session.add_all(
        Account(
            owner_id=owner.id,
            name=owner.name,
            email=owner.email,
            password_hash=password_hash,
            created_at=now,
        )
        for owner in owners
    )
    return owners
