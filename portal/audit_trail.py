"""The audit trail as people read it: newest first, page by key, whole sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.audit import AuditEntry
from members.models import Account
from portal.audit_sentences import OTHERWISE, SENTENCES, words_for

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: a marked sentence and what fills its holes; `words` are marked themselves."""

    id: int
    at: datetime
    sentence: str
    values: Mapping[str, object]
    words: Mapping[str, str]


def lines(
    db: Session,
    *,
    before: int | None = None,
    account_id: int | None = None,
    thing: tuple[str, int] | None = None,
) -> tuple[list[Line], int | None]:
    """One page of entries older than `before`, and the key of the next page if there is one."""
    wanted = (
        select(AuditEntry, Account.name)
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .order_by(AuditEntry.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        wanted = wanted.where(AuditEntry.id < before)
    if account_id is not None:
        wanted = wanted.where(AuditEntry.account_id == account_id)
    if thing is not None:
        wanted = wanted.where(AuditEntry.thing_kind == thing[0], AuditEntry.thing_id == thing[1])
    rows = db.execute(wanted).all()
    found = [line_of(entry, name) for entry, name in rows[:PAGE]]
    return found, (found[-1].id if len(rows) > PAGE else None)


def line_of(entry: AuditEntry, name: str | None) -> Line:
    """The sentence of the act; an act without one, or with holes unfilled, is told plainly."""
    who = name or (f"#{entry.account_id}" if entry.account_id else "")
    values = {
        **entry.details,
        "who": who,
        "act": entry.act,
        "kind": entry.thing_kind,
        "thing": entry.thing_id,
    }
    sentence = SENTENCES.get(entry.act, OTHERWISE)
    try:
        _filled = sentence % values
    except (KeyError, TypeError, ValueError):
        sentence = OTHERWISE
    return Line(entry.id, entry.at, sentence, values, words_for(entry.details))
