"""When marketing texts may go out: by day only, in the shop's time (R44)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from foundation import tunables
from foundation.outbox import Channel, Letter, Purpose
from foundation.words import N_

TEXTS_FROM = tunables.declare(
    "outreach.texts_from", 8, N_("Marketing texts go out from"), "h", 8, 12
)
TEXTS_UNTIL = tunables.declare(
    "outreach.texts_until", 20, N_("Marketing texts go out until"), "h", 13, 20
)


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a day between which texts go out, in a zone."""

    opens: int
    closes: int
    zone: ZoneInfo

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself where texts may go then, else the next opening."""
        local = moment.astimezone(self.zone)
        begin = local.replace(hour=self.opens, minute=0, second=0, microsecond=0)
        if begin <= local < begin.replace(hour=self.closes):
            return moment
        return begin if local < begin else begin + timedelta(days=1)


def text_hours(db: Session, zone: ZoneInfo) -> Hours:
    """The hours in force."""
    return Hours(tunables.value(db, TEXTS_FROM), tunables.value(db, TEXTS_UNTIL), zone)


def keeps_hours(letter: Letter) -> bool:
    """Whether a letter goes out by day only: marketing that makes a phone ring."""
    return letter.purpose is Purpose.MARKETING and letter.channel is Channel.TEXT
