"""What is asked of each letter at the moment it would go (R34): the first no decides."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import tunables
from foundation.outbox import Channel, Letter, LetterState, Purpose
from foundation.words import N_
from members.models import Account
from outreach import consents
from outreach.models import Topic
from outreach.suppression import is_suppressed

TEXTS_FROM = tunables.declare(
    "outreach.texts_from", 8, N_("Marketing texts go out from"), "h", 8, 12
)
TEXTS_UNTIL = tunables.declare(
    "outreach.texts_until", 20, N_("Marketing texts go out until"), "h", 13, 20
)


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


def daytime(zone: ZoneInfo) -> Check:
    """Marketing texts go out between 08:00 and 20:00 in the shop (R44)."""

    def check(db: Session, letter: Letter, now: datetime) -> No | None:
        if letter.purpose is not Purpose.MARKETING or letter.channel is not Channel.TEXT:
            return None
        local = now.astimezone(zone)
        begin = local.replace(
            hour=tunables.value(db, TEXTS_FROM), minute=0, second=0, microsecond=0
        )
        if begin <= local < begin.replace(hour=tunables.value(db, TEXTS_UNTIL)):
            return None
        morning = begin if local < begin else begin + timedelta(days=1)
        return No(LetterState.QUEUED, N_("Texts wait for the morning."), morning)

    return check


def of_the_house(hash_key: str, zone: ZoneInfo) -> tuple[Check, ...]:
    """This room's checks in their order; rooms above append theirs."""
    return (in_time, consented, not_suppressed(hash_key), daytime(zone))


def reader_owner_id(db: Session, letter: Letter) -> int | None:
    """The owner who reads a letter, also when it goes to their account."""
    if letter.recipient_kind == "owner":
        return letter.recipient_id
    return db.scalar(select(Account.owner_id).where(Account.id == letter.recipient_id))
