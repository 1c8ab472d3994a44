"""Members with passwords and one event with too few places, for load from outside."""

import json
import secrets
from datetime import datetime, timedelta

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import programme, seats
from events.models import Event, EventKind
from events.planning import Plan
from events.programme import unit_quota
from foundation import clock
from foundation.shop import the_shop
from foundation.web.database import db, write
from members.models import Account, MemberFacts, Membership, Owner
from members.passwords import CHEAP, hash_password


@click.command("bench-club")
@click.option("--members", type=click.IntRange(1, 100_000), required=True)
@click.option("--places", type=click.IntRange(1, 100_000), required=True)
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
def bench_club(members: int, places: int, as_json: bool) -> None:
    """Make members and a published event; print their accounts and the event's id.

    All share one password, whose hash was made once and is cheap to check.
    """
    write()
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
            email=f"{run}-{index}@bench.example",
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
