"""What is asked of each letter at the moment it would go (R34): the first no decides."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.outbox import Channel, Letter, LetterState, Purpose
from foundation.words import N_
from members.models import Account
from outreach import cap, consents, rerouting
from outreach.bounces import rests_until
from outreach.hours import keeps_hours, text_hours
from outreach.models import Topic
from outreach.suppression import is_suppressed

NIGHT = N_("Marketing texts wait for the morning.")
ENOUGH = N_("The member already had as much from us this week as we send.")
RESTS = N_("The mailbox took no letter lately; marketing to it rests.")


@dataclass(frozen=True, slots=True)
class No:
    """Not now, or not at all: the letter's next state and why; `until` for one that waits."""

    state: LetterState
    why: str
    until: datetime | None = None


Check = Callable[[Session, Letter, datetime], No | None]


def in_time(_db: Session, letter: Letter, now: datetime) -> No | None:
    """A letter that is later than its window waits for a person (R35)."""
    if letter.not_after is None or now <= letter.not_after:
        return None
    return No(LetterState.HELD, N_("It is later than the time it was meant for."))


def consented(db: Session, letter: Letter, _now: datetime) -> No | None:
    """Marketing goes to members whose newest answer to its topic is yes (R38)."""
    if letter.purpose is not Purpose.MARKETING:
        return None
    owner_id = reader_owner_id(db, letter)
    topic = Topic.of(letter.topic)
    if owner_id and topic and consents.agreed(db, owner_id, topic):
        return None
    return No(LetterState.SKIPPED, N_("The member did not agree to this topic."))


def not_suppressed(hash_key: str) -> Check:
    """No letter to an address that bounced or asked for silence."""

    def check(db: Session, letter: Letter, _now: datetime) -> No | None:
        marketing = letter.purpose is Purpose.MARKETING
        if not is_suppressed(db, hash_key, letter.address, marketing=marketing):
            return None
        return No(LetterState.SKIPPED, N_("This address must not be written to."))

    return check


def by_text(hash_key: str) -> Check:
    """Whose mailbox bounced is reached by text: the letter moves, and the next checks judge it."""

    def check(db: Session, letter: Letter, _now: datetime) -> No | None:
        rerouting.to_text(db, hash_key, letter, reader_owner_id(db, letter))
        return None

    return check


def not_resting(hash_key: str) -> Check:
    """Marketing waits while a mailbox rests that took no letter lately (R40)."""

    def check(db: Session, letter: Letter, now: datetime) -> No | None:
        if letter.purpose is not Purpose.MARKETING or letter.channel is not Channel.EMAIL:
            return None
        until = rests_until(db, hash_key, letter.address, now)
        return _later(letter, RESTS, until) if until else None

    return check


def within_cap(db: Session, letter: Letter, now: datetime) -> No | None:
    """So many marketing messages in any 7 days; the next one waits for its turn (R39)."""
    if letter.purpose is not Purpose.MARKETING:
        return None
    owner_id = reader_owner_id(db, letter)
    free = cap.free_from(db, owner_id, now) if owner_id else None
    return _later(letter, ENOUGH, free) if free else None


def daytime(zone: ZoneInfo) -> Check:
    """Marketing texts go out between 08:00 and 20:00 in the shop (R44)."""

    def check(db: Session, letter: Letter, now: datetime) -> No | None:
        if not keeps_hours(letter):
            return None
        opens = text_hours(db, zone).next_open(now)
        return No(LetterState.QUEUED, NIGHT, opens) if opens > now else None

    return check


def of_the_house(hash_key: str, zone: ZoneInfo) -> tuple[Check, ...]:
    """This room's checks in their order; rooms above append theirs."""
    return (
        in_time,
        consented,
        by_text(hash_key),
        not_suppressed(hash_key),
        not_resting(hash_key),
        daytime(zone),
        within_cap,
    )


def _later(letter: Letter, why: str, until: datetime) -> No:
    """It waits until then, or is left out where it would make no sense any more."""
    if letter.not_after is not None and until > letter.not_after:
        return No(LetterState.SKIPPED, why)
    return No(LetterState.QUEUED, why, until)


def reader_owner_id(db: Session, letter: Letter) -> int | None:
    """The owner who reads a letter, also when it goes to their account."""
    if letter.recipient_kind == "owner":
        return letter.recipient_id
    return db.scalar(select(Account.owner_id).where(Account.id == letter.recipient_id))
