"""Today's work at the desk: what waits, counted for the lists it stands in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from events.checks import advice
from events.models import Event, EventState, RegistrationState
from events.models import Registration as Signed
from events.planned import Shelf, on_shelf
from events.trips.pictures import waiting_for_staff
from foundation.clock import shop_day
from foundation.outbox import Letter, LetterState
from members.models import ArchiveClaim, ClaimState, Membership, Owner
from outreach import tasks
from outreach.models import AdvisorTask
from portal.coming import Coming, places_left
from portal.models import FileKind, ImportBatch

EVENTS_SHOWN = 8
JOINED_SHOWN = 6
NEW_DAYS = 30


@dataclass(frozen=True, slots=True)
class Today:
    """Counts with their lists. `waiting` and `pictures` by event id."""

    claims: int
    tasks: int
    my_tasks: int
    held: int
    unknown: int
    offers: int
    calls: int
    joined_lately: int
    drafts: int
    events: list[Coming]
    waiting: dict[int, int]
    joined: Sequence[tuple[Membership, Owner]]
    imports: Sequence[ImportBatch]
    balances: Sequence[ImportBatch]
    pictures: dict[int, int]


def today_of(
    db: Session, account_id: int, *, all_tasks: bool, zone: ZoneInfo, now: datetime
) -> Today:
    """What waits at this moment, for the desk and for the person who asks; of the tasks theirs
    and nobody's, or all."""
    today = shop_day(now, zone)
    mine = AdvisorTask.account_id == account_id
    open_tasks = tasks.open_query().order_by(None).with_only_columns(func.count(AdvisorTask.id))
    theirs = true() if all_tasks else or_(mine, AdvisorTask.account_id.is_(None))
    events = _events(db, zone, now)
    return Today(
        claims=_count(db, ArchiveClaim.id, ArchiveClaim.state == ClaimState.OPEN),
        tasks=int(db.scalar(open_tasks.where(theirs)) or 0),
        my_tasks=int(db.scalar(open_tasks.where(mine)) or 0),
        held=_count(
            db, Letter.id, Letter.state == LetterState.HELD, Letter.id.not_in(_with_advisors())
        ),
        unknown=_count(db, Letter.id, Letter.state == LetterState.UNKNOWN),
        offers=_count(db, Signed.id, Signed.state == RegistrationState.OFFERED),
        calls=advice.waiting_count(db),
        joined_lately=_count(
            db, Membership.owner_id, Membership.joined_on > today - timedelta(days=NEW_DAYS)
        ),
        drafts=_count(db, Event.id, Event.state == EventState.DRAFT, Event.starts_at > now),
        events=events,
        waiting=_waiting(db, [one.event.id for one in events]),
        joined=_joined(db, today),
        imports=_files(db, FileKind.ORDERS),
        balances=_files(db, FileKind.BALANCES),
        pictures=waiting_for_staff(db),
    )


def _with_advisors() -> Select[int]:
    """Letters that wait for an advisor's hand: counted as tasks, nobody decides on them."""
    return select(AdvisorTask.letter_id).where(AdvisorTask.done_at.is_(None))


def _count(db: Session, key: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> int:
    return int(db.scalar(select(func.count(key)).where(*where)) or 0)


def _events(db: Session, zone: ZoneInfo, now: datetime) -> list[Coming]:
    """What is under way, then what comes next."""
    found = db.scalars(
        select(Event)
        .where(on_shelf(Shelf.COMING, now=now))
        .order_by(Event.starts_at, Event.id)
        .options(joinedload(Event.kind), selectinload(Event.quotas))
        .limit(EVENTS_SHOWN)
    )
    return [Coming(event, shop_day(event.starts_at, zone), *places_left(event)) for event in found]


def _waiting(db: Session, event_ids: list[int]) -> dict[int, int]:
    rows = db.execute(
        select(Signed.event_id, func.count(Signed.id))
        .where(Signed.event_id.in_(event_ids), Signed.state == RegistrationState.WAITING)
        .group_by(Signed.event_id)
    )
    return {row[0]: row[1] for row in rows}


def _joined(db: Session, today: date) -> Sequence[tuple[Membership, Owner]]:
    rows = db.execute(
        select(Membership, Owner)
        .join(Owner, Owner.id == Membership.owner_id)
        .where(Membership.left_on.is_(None), Membership.joined_on <= today)
        .order_by(Membership.joined_on.desc(), Membership.owner_id.desc())
        .limit(JOINED_SHOWN)
    )
    return [(row[0], row[1]) for row in rows]


def _files(db: Session, kind: FileKind) -> Sequence[ImportBatch]:
    query = (
        select(ImportBatch).where(ImportBatch.kind == kind).options(joinedload(ImportBatch.source))
    )
    return db.scalars(query.order_by(ImportBatch.id.desc()).limit(3)).all()
