"""The audit trail as people read it: newest first, page by key, whole sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.audit import AuditEntry
from foundation.words import N_
from members.models import Account

PAGE = 50

SENTENCES: Mapping[str, str] = {
    "account.contact": N_("%(who)s confirmed a new contact."),
    "account.language": N_("%(who)s chose another language."),
    "account.password": N_("%(who)s set a new password for account %(thing)s."),
    "account.rename": N_("%(who)s changed the name on account %(thing)s."),
    "account.sessions-ended": N_("%(who)s ended all sessions of account %(thing)s."),
    "claim.confirm": N_("%(who)s confirmed claim %(thing)s on archive %(archive)s."),
    "claim.decline": N_("%(who)s declined claim %(thing)s on archive %(archive)s."),
    "claim.make": N_("A new member claimed an archive (claim %(thing)s)."),
    "consent.give": N_("%(who)s noted a yes of owner %(thing)s to %(topic)s."),
    "consent.withdraw": N_("%(who)s noted a no of owner %(thing)s to %(topic)s."),
    "interests.choose": N_("%(who)s chose %(count)s interests for owner %(thing)s."),
    "member.export": N_("%(who)s exported %(rows)s owners: %(reason)s"),
    "member.join": N_("Owner %(thing)s joined the club."),
    "membership.begin": N_("Membership %(number)s began for owner %(thing)s."),
    "owner.correct": N_("%(who)s corrected the archive of owner %(thing)s."),
    "owner.merge": N_("%(who)s merged owner %(merged)s into owner %(thing)s."),
    "owner.read": N_("%(who)s read the archive of owner %(thing)s."),
    "shop.change": N_("%(who)s changed the shop's texts."),
    "staff.change": N_("%(who)s changed staff account %(thing)s."),
    "staff.close": N_("%(who)s closed staff account %(thing)s."),
    "staff.hire": N_("%(who)s opened staff account %(thing)s."),
    "staff.reopen": N_("%(who)s opened staff account %(thing)s again."),
    "tunable.change": N_("%(who)s changed %(key)s from %(was)s to %(set)s."),
    "vehicle.add": N_("%(who)s put car %(thing)s into the garage of owner %(owner)s."),
    "vehicle.change": N_("%(who)s corrected car %(thing)s of owner %(owner)s."),
    "vehicle.give-up": N_("%(who)s took car %(thing)s out of the garage of owner %(owner)s."),
}
OTHERWISE = N_("%(who)s: %(act)s, %(kind)s %(thing)s.")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: a marked sentence and what fills its holes."""

    id: int
    at: datetime
    sentence: str
    values: Mapping[str, object]


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
    found = [_line(entry, name) for entry, name in rows[:PAGE]]
    return found, (found[-1].id if len(rows) > PAGE else None)


def _line(entry: AuditEntry, name: str | None) -> Line:
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
    return Line(entry.id, entry.at, sentence, values)
