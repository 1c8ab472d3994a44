"""One's own data, for a machine to read (R63).

What is told follows from what the rooms declare of their tables for leaving, so that no table can
be forgotten here that is remembered there. Beside it stand the cars with what was measured at
them, the letters, whom they sent us or who sent them, and the trail. Who at the desk did
something, and what others did, is not theirs to know: they get the words of what they did
themselves, and of the rest what and when. Raw files stay the club's books.
"""

import enum
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, RowMapping, Table, or_, select
from sqlalchemy.orm import Session

from club.models import Referral
from foundation import audit
from foundation.audit import AuditEntry
from foundation.belongings import Belongings, told
from foundation.database import Base
from foundation.outbox import Letter
from foundation.shop import the_shop
from members.leaving import cars_of
from members.models import Account, CarMeasurement, HandReading, Owner, Ownership, Vehicle
from outreach.leaving import written_to
from portal.audit_trail import Line, line_of
from portal.leaving import TREATED
from portal.leaving_traces import merged_into, trail_of

SEALED = frozenset(
    {"password_hash", "secret_sealed", "secret_index", "session_version", "request_id", "record"}
)
"""Columns that open something, or say nothing outside of the club's own programs."""
DOERS = ("account_id", "_by", "_by_id")
"""How columns end that say who at the desk did it."""
NAMES = ("title_zh", "name_zh", "text_zh", "name")
"""What things are called that the rows point at."""
LETTER = ("channel", "purpose", "topic", "address", "language", "state", "created_at", "sent_at")
SAID = ("sent_subject", "sent_text")
TRAIL = ("at", "act", "thing_kind", "thing_id")
SENT_US = ("kind", "state", "began_on")
TOLD = told(TREATED)

Rows = list[dict[str, Any]]


def packed(db: Session, owner: Owner, *, say: Callable[[Line], str], now: datetime) -> bytes:
    """A ZIP file: data.json with a list of rows for each table, and the pictures as files.

    Moments are UTC, money is fen. `names` says what the numbers of things stand for; `say` puts a
    line of the trail into the reader's words.
    """
    tables, pictures = Copy(db, owner, say).told()
    number = owner.membership.number if owner.membership else None
    about = {"club": the_shop(db).club_name_zh, "member": number, "made_at": _plain(now)}
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.json", json.dumps(about | tables, ensure_ascii=False, indent=1))
        for name, content in pictures.items():
            file.writestr(name, content, zipfile.ZIP_STORED)
    return kept.getvalue()


def note(db: Session, owner_id: int, *, by: int | None, now: datetime) -> None:
    """A copy was taken (R67)."""
    audit.record(db, "owner.copy", "owner", owner_id, by=by, now=now)
    db.flush()


class Copy:
    """What the club holds of an owner, with what was merged into them."""

    def __init__(self, db: Session, owner: Owner, say: Callable[[Line], str]) -> None:
        self.db, self.name, self.say = db, owner.name, say
        self.owners = merged_into(db, owner.id)
        mine = db.scalars(select(Account).where(Account.owner_id.in_(self.owners))).all()
        self.accounts = [one.id for one in mine]
        self.at_desk = {one.id for one in mine if one.is_staff}
        self.pictures: dict[str, bytes] = {}
        self.named: dict[Table, set[Any]] = defaultdict(set)

    def told(self) -> tuple[dict[str, Any], dict[str, bytes]]:
        """The tables with their rows and the names of what they point at; the pictures."""
        theirs = Belongings(TOLD, self.owners, self.accounts)
        tables = {
            table.name: self._rows(table, theirs.theirs(table)) for table in reversed(theirs.tables)
        }
        tables |= self._cars()
        tables |= {
            "letter": self._letters(),
            "referral": self._referrals(),
            "trail": self._trail(),
        }
        return {"tables": tables, "names": self._names()}, self.pictures

    def _rows(self, table: Table, which: ColumnElement[bool]) -> Rows:
        query = select(table).where(which).order_by(*table.primary_key)
        return [self._row(table, row) for row in self.db.execute(query).mappings()]

    def _row(self, table: Table, row: RowMapping) -> dict[str, Any]:
        said = {}
        for column in table.columns:
            value = row[column.name]
            if column.name in SEALED or is_doer(table, column.name):
                continue
            if isinstance(value, bytes):
                path = f"{table.name}/{row['id']}.jpg"
                self.pictures[path], value = value, path
            for key in column.foreign_keys:
                if value is not None and key.column.table.name not in TREATED:
                    self.named[key.column.table].add(value)
            said[column.name] = _plain(value)
        return said

    def _cars(self) -> dict[str, Rows]:
        """Those that they drive, and those that nobody else ever had, with what was measured."""
        held = select(Ownership.vehicle_id).where(
            Ownership.owner_id.in_(self.owners), Ownership.until_on.is_(None)
        )
        mine = or_(cars_of(self.owners), Vehicle.id.in_(held))
        ids = self.db.scalars(select(Vehicle.id).where(mine)).all()
        measured = (CarMeasurement.vehicle_id, HandReading.vehicle_id)
        which = {"vehicle": Vehicle.id.in_(ids)} | {
            one.class_.__tablename__: one.in_(ids) for one in measured
        }
        tables = Base.metadata.tables
        return {name: self._rows(tables[name], these) for name, these in which.items()}

    def _letters(self) -> Rows:
        which = written_to(self.owners, self.accounts)
        found = self.db.scalars(select(Letter).where(which).order_by(Letter.id))
        return [_some(one, (*LETTER, *SAID)) for one in found]

    def _referrals(self) -> Rows:
        """Whom they sent us, without who it was, and that somebody sent them."""
        mine = Referral.referrer_id.in_(self.owners)
        query = select(Referral).where(or_(mine, Referral.referred_id.in_(self.owners)))
        return [
            {"sent": True, "points": one.points, **_some(one, SENT_US)}
            if one.referrer_id in self.owners
            else {"sent": False, "name": one.name, "phone": one.phone, **_some(one, SENT_US)}
            for one in self.db.scalars(query.order_by(Referral.id))
        ]

    def _trail(self) -> Rows:
        """What was done with the archive, and when; also that somebody looked at it (R67)."""
        which = trail_of(self.owners, self.accounts)
        found = self.db.scalars(select(AuditEntry).where(which).order_by(AuditEntry.id))
        return [_some(one, TRAIL) | self._words(one) for one in found]

    def _words(self, entry: AuditEntry) -> dict[str, str]:
        """What they did as a member, as the trail tells it; who works here did more than that."""
        if entry.account_id not in self.accounts:
            return {}
        about = {"owner": self.owners, "account": self.accounts}.get(entry.thing_kind, [])
        if entry.account_id in self.at_desk and entry.thing_id not in about:
            return {}
        return {"words": self.say(line_of(entry, self.name))}

    def _names(self) -> dict[str, dict[str, str]]:
        names = {}
        for table, ids in sorted(self.named.items(), key=lambda one: one[0].name):
            called = next((name for name in NAMES if name in table.c), None)
            if called is not None:
                key = next(iter(table.primary_key))
                query = select(key, table.c[called]).where(key.in_(ids)).order_by(key)
                names[table.name] = {str(one): name for one, name in self.db.execute(query)}
        return names


def is_doer(table: Table, name: str) -> bool:
    """Whether a column says who at the desk did it, as a number."""
    treated, column = TREATED.get(table.name), table.c[name]
    if treated is not None and name in treated.through:
        return False
    ends = name.endswith(DOERS) and isinstance(column.type, Integer)
    return ends or any(key.column.table.name == "account" for key in column.foreign_keys)


def _some(thing: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(thing, name)) for name in names}


def _plain(value: Any) -> Any:
    """As JSON holds it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, enum.Enum) else value
