"""Sources: made by staff, visited by strangers, and who joined by them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from club.models import Arrival, JoinSource, SourceDay, SourceKind
from club.referral_links import free_code
from foundation import audit, tokens
from foundation.refusals import Refusal
from foundation.words import N_


class NameMissing(Refusal):
    """A source without a name cannot be told from the others."""


class NameTaken(Refusal):
    """Two sources of one name would be counted as one by everybody who reads the table."""


@dataclass(frozen=True, slots=True)
class SourceWords:
    """A source as typed."""

    kind: SourceKind
    name: str
    active: bool = True


def keep(
    db: Session, found: JoinSource | None, words: SourceWords, *, by: int | None, now: datetime
) -> JoinSource:
    """Make a source or change it; its code, and so what is printed, stays."""
    name = " ".join(words.name.split())[:80]
    if not name:
        raise NameMissing(N_("Please give the source a name."))
    same = db.scalar(select(JoinSource.id).where(JoinSource.name == name))
    if same is not None and (found is None or same != found.id):
        raise NameTaken(N_("There is a source of this name already."))
    act = "source.change" if found else "source.add"
    made = found or JoinSource(code=free_code(db), created_at=now, account_id=by)
    made.kind, made.name, made.active = words.kind, name, words.active
    db.add(made)
    db.flush()
    audit.record(db, act, "source", made.id, by=by, now=now, active=made.active)
    db.flush()
    return made


def source_of(db: Session, code: str) -> JoinSource | None:
    """The source of a code, one that rests too: what is printed stays in people's hands."""
    return db.scalar(select(JoinSource).where(JoinSource.code == tokens.normalise_clear(code)))


def visited(db: Session, source: JoinSource, *, on: date) -> None:
    """One more browser came by the link on this day."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(SourceDay).values(source_id=source.id, on=on, visits=1)
    more = {"visits": SourceDay.visits + 1}
    db.execute(row.on_conflict_do_update(index_elements=["source_id", "on"], set_=more))


def joined(db: Session, owner_id: int, source: JoinSource, *, on: date) -> None:
    """Somebody joined by a source; who came by another one before keeps that."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(Arrival).values(owner_id=owner_id, source_id=source.id, on=on)
    db.execute(row.on_conflict_do_nothing())
