"""What the desk says of a letter: what it is about, where it goes, why it waits."""

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from foundation import clock
from foundation.outbox import Channel, Letter
from foundation.web.language import clock_text, moment_text, say
from foundation.words import N_
from members import emails, phones
from outreach import hours, waiting

_WAY_OUT = re.compile(r"(/u/|/survey/)[A-Za-z0-9_.\-]+")

NAMES = {
    "code": N_("Code to confirm a contact"),
    "staff_welcome": N_("Welcome to a new colleague"),
    "invitation": N_("Invitation to an event"),
    "newsletter": N_("Newsletter"),
    "club/rules-coming": N_("Notice of new club rules"),
    "club/quote-sent": N_("A quote from the till"),
    "club/voucher-given": N_("A new voucher"),
    "club/points-ending": N_("Points about to expire"),
    "club/tier-ending": N_("A tier about to end"),
    "club/tier-risen": N_("A higher tier"),
    "club/tier-fallen": N_("A tier that fell"),
    "portal/leaving": N_("The wish to be erased was noted"),
    "events/no-show": N_("Somebody did not come"),
    "events/no-show-decided": N_("Answer about a missed event"),
    "events/bay-moved": N_("Appointment of a car moved"),
    "events/check-ready": N_("Check report ready"),
    "events/event-cancelled": N_("Event cancelled"),
    "events/event-moved": N_("Event moved"),
    "events/message": N_("Message to those who signed up"),
    "events/offer": N_("A place offered from the queue"),
    "events/offer-expired": N_("An offer that ran out"),
    "events/registration-cancelled": N_("Registration cancelled"),
    "events/registration-changed": N_("Slot, car or party changed"),
    "events/registration-confirmed": N_("Registration confirmed"),
    "events/registration-waiting": N_("Told of their place in the queue"),
    "events/reminder": N_("Reminder before an event"),
    "events/thanks": N_("Thanks after an event"),
}


def about(letter: Letter) -> str:
    """A marked message; a template without one is called a letter."""
    return NAMES.get(letter.template, N_("A letter"))


def masked_address(letter: Letter) -> str:
    """As lists show it: 138****5678."""
    if not letter.address:
        return ""
    mask = phones.masked if letter.channel is Channel.TEXT else emails.masked
    return mask(letter.address)


def without_way_out(text: str) -> str:
    """The words of a letter without its reader's own link out, which is the right to use it."""
    return _WAY_OUT.sub(r"\1…", text)


class Outlooks:
    """Why letters stand where they stand, for one page of them."""

    def __init__(self, db: Session, zone: ZoneInfo) -> None:
        self._hours, self._zone, self._now = hours.text_hours(db, zone), zone, clock.now()

    def of(self, letter: Letter) -> str:
        """One or two sentences; nothing for a letter that simply went out."""
        said = waiting.outlook(letter, self._hours, self._now)
        return " ".join(say(one.message, self._in_words(one.values)) for one in said)

    def _in_words(self, values: Mapping[str, object]) -> dict[str, object]:
        return {
            name: self._time(value) if isinstance(value, datetime) else value
            for name, value in values.items()
        }

    def _time(self, moment: datetime) -> str:
        """The hour alone for today, else with its day."""
        today = clock.shop_day(self._now, self._zone)
        same = clock.shop_day(moment, self._zone) == today
        return clock_text(moment) if same else moment_text(moment)
