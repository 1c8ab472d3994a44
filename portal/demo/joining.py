"""Who of the demo's people joined the club, what they like, what they agreed to hear."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from members import interests, memberships
from members.facts import facts_of
from members.models import Account, Advising, Interest, Owner, OwnerAdvisor
from outreach import consents
from outreach.models import Topic
from portal.demo.accounts import password_of
from portal.demo.people import Drawing

_AGREES = {Topic.INVITATIONS: 0.82, Topic.NEWSLETTER: 0.72, Topic.OFFERS: 0.5}
_LONGEST_MEMBER = 3 * 365
_IN_ENGLISH = 0.04


@dataclass(frozen=True, slots=True)
class Joiner:
    """An owner and the day on which they joined."""

    owner: Owner
    on: date
    login: str | None = None
    language: str | None = None
    likes: tuple[str, ...] = ()


def joiners(draw: Drawing, owners: list[Owner], known_since: dict[int, date]) -> list[Joiner]:
    """Most of these owners, each on a day after they got their car."""
    found = []
    for owner in owners:
        if draw.chance.random() > 0.86:
            continue
        earliest = max(
            known_since.get(owner.id, date.min), draw.today - timedelta(days=_LONGEST_MEMBER)
        )
        days = max((draw.today - earliest).days - 2, 1)
        found.append(
            Joiner(owner, draw.today - timedelta(days=1 + int(days * draw.chance.random())))
        )
    return found


def join(db: Session, draw: Drawing, everybody: list[Joiner]) -> None:
    """Admit all in the order in which they came."""
    wishes = {one.code: one.id for one in db.scalars(select(Interest).order_by(Interest.id))}
    for joiner in sorted(everybody, key=lambda one: (one.on, one.owner.id)):
        now = draw.moment(joiner.on)
        account = _account(draw, joiner, now)
        db.add(account)
        db.flush()
        memberships.admit(db, joiner.owner, on=joiner.on, by=account.id, now=now)
        facts_of(db, joiner.owner.id)
        codes = joiner.likes or _likes(draw, list(wishes))
        ids = [wishes[code] for code in codes]
        interests.choose(db, joiner.owner.id, ids, by=account.id, now=now)
        _consent(db, draw, joiner, account.id, now)
    db.flush()


def advise(
    db: Session, draw: Drawing, owners: list[Owner], staff: dict[Advising, list[int]]
) -> None:
    """Give every owner one service and one sales advisor."""
    db.add_all(
        OwnerAdvisor(owner_id=owner.id, kind=kind, account_id=draw.chance.choice(ids))
        for owner in owners
        for kind, ids in staff.items()
    )
    db.flush()


def _account(draw: Drawing, joiner: Joiner, now: datetime) -> Account:
    owner = joiner.owner
    drawn = "en" if draw.chance.random() < _IN_ENGLISH else "zh-Hans"
    return Account(
        owner_id=owner.id,
        name=owner.name,
        phone=owner.phone,
        email=owner.email,
        password_hash=password_of(joiner.login) if joiner.login else None,
        language=joiner.language or drawn,
        created_at=now,
    )


def _likes(draw: Drawing, codes: list[str]) -> list[str]:
    """A few things; one in ten chose none."""
    number = 0 if draw.chance.random() < 0.1 else draw.chance.randint(1, 7)
    return draw.chance.sample(codes, number)


def _consent(db: Session, draw: Drawing, joiner: Joiner, account_id: int, now: datetime) -> None:
    for topic, share in _AGREES.items():
        given = bool(joiner.likes) or draw.chance.random() < share
        consents.answer(
            db,
            joiner.owner.id,
            topic,
            given,
            wording=consents.WORDING,
            source="join",
            by=account_id,
            now=now,
        )
