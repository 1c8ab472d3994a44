"""What stands in a calendar that is subscribed to, and a mark by which it is known unchanged.

Phones ask again and again: the mark is worked out from what decides the contents, and only a
calendar that changed is written.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from events import calendar, visibility
from events.models import Event, EventSession, EventState, Registration, RegistrationState
from foundation.audit import AuditEntry

LOOKS_BACK = timedelta(days=180)
MOST = 500
Moments = dict[int, datetime]


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar not written yet: its entries' things, their last changes, and its mark."""

    registrations: Sequence[Registration]
    events: Sequence[Event]
    changed: dict[str, Moments]
    language: str
    mark: str

    @property
    def changed_at(self) -> datetime | None:
        """When anything in it changed last, by the audit trail."""
        return max(
            (at for moments in self.changed.values() for at in moments.values()), default=None
        )

    def written(self, *, name: str, base_url: str) -> bytes:
        """The calendar; the same contents are the same bytes."""
        mine = [
            calendar.registration_entry(
                one,
                language=self.language,
                url=f"{base_url}/me/registrations/{one.id}",
                at=self._at(one.event, one),
            )
            for one in self.registrations
        ]
        open_to_all = [
            calendar.event_entry(
                one,
                language=self.language,
                url=f"{base_url}/events/{one.id}",
                at=self._at(one, None),
            )
            for one in self.events
        ]
        return calendar.feed([*mine, *open_to_all], name=name)

    def _at(self, event: Event, registration: Registration | None) -> datetime:
        found = [self.changed["event"].get(event.id), event.created_at]
        if registration is not None:
            found += [self.changed["registration"].get(registration.id), registration.made_at]
        return max(at for at in found if at is not None)


def of_member(db: Session, owner_id: int, *, language: str, now: datetime) -> Feed:
    """A member's places: what is confirmed, and as cancelled what was once confirmed.

    Of an event they signed up for twice, the newest registration counts.
    """
    found = db.scalars(
        select(Registration)
        .join(Registration.event)
        .where(
            Registration.owner_id == owner_id,
            Registration.confirmed_at.is_not(None),
            Event.state != EventState.DRAFT,
            Event.ends_at > now - LOOKS_BACK,
        )
        .options(
            joinedload(Registration.event).joinedload(Event.shop), joinedload(Registration.session)
        )
        .order_by(Registration.id.desc())
        .limit(MOST)
    ).all()
    newest: dict[int, Registration] = {}
    for one in found:
        newest.setdefault(one.event_id, one)
    return _feed(db, list(newest.values()), [], language)


def of_programme(db: Session, *, language: str, now: datetime) -> Feed:
    """What is in the programme for all to see, and as cancelled what was there."""
    found = db.scalars(
        select(Event)
        .where(
            or_(
                Event.state == EventState.PUBLISHED,
                (Event.state == EventState.CANCELLED) & Event.published_at.is_not(None),
            ),
            Event.invited_only.is_(False),
            visibility.shown_to(None),
            Event.ends_at > now - LOOKS_BACK,
        )
        .options(joinedload(Event.shop))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST)
    ).all()
    return _feed(db, [], found, language)


def _feed(
    db: Session, registrations: Sequence[Registration], events: Sequence[Event], language: str
) -> Feed:
    about = {one.id: one for one in [*events, *(mine.event for mine in registrations)]}
    changed = {
        "event": _last_changes(db, "event", list(about)),
        "registration": _last_changes(db, "registration", [one.id for one in registrations]),
    }
    parts = [language, *map(_of_event, about.values()), *map(_of_registration, registrations)]
    parts += [f"{kind}{thing}@{at}" for kind, all_ in changed.items() for thing, at in all_.items()]
    mark = hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:32]
    return Feed(registrations, events, changed, language, mark)


def _of_event(event: Event) -> str:
    return f"e{event.id}:{event.version}:{event.sequence}:{event.state}"


def _of_registration(one: Registration) -> str:
    session: EventSession | None = one.session
    at = f"{session.starts_at}-{session.ends_at}" if session else ""
    ended = one.state != RegistrationState.CONFIRMED
    return f"r{one.id}:{one.sequence}:{ended}:{at}"


def _last_changes(db: Session, kind: str, ids: Iterable[int]) -> Moments:
    """When each thing changed last: its newest entry in the audit trail (R67)."""
    rows = db.execute(
        select(AuditEntry.thing_id, func.max(AuditEntry.at))
        .where(AuditEntry.thing_kind == kind, AuditEntry.thing_id.in_(list(ids)))
        .group_by(AuditEntry.thing_id)
    )
    return {row[0]: row[1] for row in rows}
