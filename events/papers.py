"""Papers that an event asks for: insurance, inspection and licence must still run when it ends."""

import enum
from datetime import date, datetime

from sqlalchemy.orm import Session

from events.models import Event
from events.refusals import PaperMissing
from foundation import audit, clock
from foundation.words import N_
from members.models import Owner, Vehicle


class Paper(enum.StrEnum):
    """What can be asked for, by the column that holds its last day."""

    COMPULSORY = "compulsory_insurance_until"
    COMMERCIAL = "commercial_insurance_until"
    INSPECTION = "inspection_until"
    LICENCE = "licence_until"


UNKNOWN = {
    Paper.COMPULSORY: N_(
        "Please enter in your garage until when the compulsory insurance of this car runs."
    ),
    Paper.COMMERCIAL: N_(
        "Please enter in your garage until when the commercial insurance of this car runs."
    ),
    Paper.INSPECTION: N_(
        "Please enter in your garage until when the inspection of this car is valid."
    ),
    Paper.LICENCE: N_("Please enter until when your driving licence is valid."),
}
OVER = {
    Paper.COMPULSORY: N_("The compulsory insurance of this car runs out before the event is over."),
    Paper.COMMERCIAL: N_("The commercial insurance of this car runs out before the event is over."),
    Paper.INSPECTION: N_("The inspection of this car runs out before the event is over."),
    Paper.LICENCE: N_("Your driving licence runs out before the event is over."),
}


def asks_licence(event: Event) -> bool:
    """Whether who drives shows until when their licence runs."""
    return Paper.LICENCE in event.asks_papers


def check(event: Event, vehicle: Vehicle | None, licence_until: date | None) -> None:
    """Every paper asked for is known and runs to the event's last day; who brings no car needs
    none."""
    if vehicle is None or not event.asks_papers:
        return
    last = clock.shop_day(event.ends_at, event.shop.zone)
    for paper in Paper:
        if paper not in event.asks_papers:
            continue
        until = licence_until if paper == Paper.LICENCE else getattr(vehicle, paper)
        if until is None:
            raise PaperMissing(UNKNOWN[paper])
        if until < last:
            raise PaperMissing(OVER[paper])


def keep_licence(
    db: Session, owner: Owner, until: date | None, *, by: int | None, now: datetime
) -> None:
    """What was said of the licence is known from now on."""
    if until is None or until == owner.licence_until:
        return
    owner.licence_until = until
    audit.record(db, "member.licence", "owner", owner.id, by=by, now=now)
