"""The demo club's sources with their visits, and members who brought others."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import referral_due, referral_leads, referral_links, referrals, sources
from club.models import Arrival, JoinSource, ReferralKind, ReferralState, SourceDay, SourceKind
from club.referrals import Brought
from club.sources import SourceWords
from members.models import Membership
from portal.demo.people import Drawing
from portal.demo.story import Story

TOLD = tomllib.loads((Path(__file__).parent / "sources.toml").read_text("utf-8"))["sources"]
LOOKED_AT = 180
BRINGERS = 7


def came_by(db: Session, draw: Drawing, told: Story, *, by: int, sales: int) -> None:
    """Sources with visits and members, links of members, and two leads for a new car."""
    members = list(db.scalars(select(Membership).order_by(Membership.owner_id)))
    story = {told.owner.id, told.friend.id}
    free = [one for one in members if one.owner_id not in story]
    draw.chance.shuffle(free)
    for row in TOLD:
        made = _source(db, draw, row, by)
        for one in [free.pop() for _ in range(min(row["share"], len(free)))]:
            db.add(Arrival(owner_id=one.owner_id, source_id=made.id, on=one.joined_on))
    _bring(db, draw, [told.owner.id, told.friend.id, *(one.owner_id for one in free[:5])], free[5:])
    _leads(db, draw, told, sales)
    for ago in range(60, -1, -15):
        day = draw.today - timedelta(days=ago)
        referral_due.credit_due(db, today=day, now=draw.moment(day), after=0)


def _source(db: Session, draw: Drawing, row: dict[str, Any], by: int) -> JoinSource:
    kind = next(kind for kind in SourceKind if kind.value == row["kind"])
    at = draw.moment(draw.today - timedelta(days=LOOKED_AT))
    words = SourceWords(kind, row["name"], not row.get("rests", False))
    made = sources.keep(db, None, words, by=by, now=at)
    days = [draw.chance.randrange(LOOKED_AT) for _ in range(row["visits"])]
    for ago in sorted(set(days)):
        on = draw.today - timedelta(days=ago)
        db.add(SourceDay(source_id=made.id, on=on, visits=days.count(ago)))
    db.flush()
    return made


def _bring(db: Session, draw: Drawing, bringers: list[int], free: list[Membership]) -> None:
    """Each of the bringers has a link that was opened, and brought two who joined after them."""
    for owner_id in bringers[:BRINGERS]:
        link = referral_links.make_link(db, owner_id, now=draw.now)
        for ago in range(3, draw.chance.randrange(6, 15)):
            referral_links.opened(db, link.code, on=draw.today - timedelta(days=9 * ago))
        own = db.get_one(Membership, owner_id)
        later = [one for one in free if one.joined_on > own.joined_on][:2]
        for one in later:
            free.remove(one)
            now = draw.moment(one.joined_on)
            referrals.joined(db, one.owner_id, owner_id, on=one.joined_on, by=None, now=now)


def _leads(db: Session, draw: Drawing, told: Story, sales: int) -> None:
    for owner, name, steps in (
        (told.owner, "沈一帆", (ReferralState.VISIT,)),
        (told.friend, "苏晓棠", (ReferralState.VISIT, ReferralState.ORDER)),
    ):
        brought = Brought(ReferralKind.CAR, name, draw.numbers.phone())
        began = draw.today - timedelta(days=20)
        lead = referrals.note(db, owner.id, brought, on=began, by=sales, now=draw.moment(began))
        for number, state in enumerate(steps, start=1):
            on = began + timedelta(days=6 * number)
            referral_leads.move(
                db, lead, state, on=on, today=draw.today, by=sales, now=draw.moment(on)
            )
