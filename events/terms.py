"""The terms of an event: each wording is kept, and each sign-up names the one it accepted."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.models import Event, TermsWording
from events.refusals import TermsNotAccepted
from foundation.words import N_


def asked(event: Event) -> int | None:
    """The version that is to be accepted; none where there are no terms."""
    return event.terms_version if event.terms_zh else None


def check(event: Event, accepted: int | None) -> None:
    """What was accepted is the wording that stands now."""
    version = asked(event)
    if version is not None and accepted != version:
        raise TermsNotAccepted(N_("Please read the terms of this event and accept them."))


def keep_wording(db: Session, event: Event, *, now: datetime) -> None:
    """Terms that are new or were reworded are a version of their own."""
    if not event.terms_zh:
        return
    event.terms_version += 1
    db.add(
        TermsWording(
            event_id=event.id,
            version=event.terms_version,
            text_zh=event.terms_zh,
            text_en=event.terms_en,
            since=now,
        )
    )
