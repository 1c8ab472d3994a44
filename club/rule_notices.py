"""Members hear of announced rules: by a letter each, and on their points page until the day."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from club.campaign_words import limits_of
from club.models import RuleNotice, RuleVersion
from club.notice_hours import by_day
from club.rule_comparison import Change, changes, label_of
from club.rules import Rules
from club.rules_in_force import DEFAULT, RuleBook, rule_book
from foundation.outbox import Draft, post_many
from members.models import Membership, Owner
from members.reaching import readers_of


@dataclass(frozen=True, slots=True)
class Announced:
    """What changes on a day to come, as letter and page say it."""

    starts_on: date
    better_counts: bool
    changes: Sequence[Mapping[str, object]]


def announced(db: Session, *, today: date) -> list[Announced]:
    """The rule sets that wait for their day, the nearest first."""
    book = rule_book(db)
    return [_announced(book, rules) for rules in book.versions if rules.starts_on > today]


def tell_next(db: Session, *, zone: ZoneInfo, now: datetime, most: int = 500) -> int:
    """Post the notice of announced rules to the next members; how many. Again changes nothing."""
    row = db.execute(
        select(RuleNotice, RuleVersion)
        .join(RuleVersion, RuleVersion.id == RuleNotice.version_id)
        .where(RuleNotice.ended_at.is_(None))
        .order_by(RuleNotice.version_id)
        .limit(1)
        .with_for_update(of=RuleNotice)
    ).first()
    if row is None:
        return 0
    notice, version = row
    owners = db.scalars(_next_members(notice.told_up_to, most)).all()
    details, letters_from = _details(db, version), by_day(now, zone)
    readers, letters = readers_of(db, owners), []
    for owner in owners:
        words = details | {"name": owner.name}
        draft = Draft("club/rules-coming", "rules", version.id, words, not_before=letters_from)
        letters.append((f"rules-coming:{version.id}:{owner.id}", readers[owner.id], draft))
        notice.told_up_to, notice.told = owner.id, notice.told + 1
    post_many(db, letters, now=now)
    if len(owners) < most:
        notice.ended_at = now
    db.flush()
    return len(owners)


def _next_members(after: int, most: int) -> Select[Owner]:
    """Where to begin is said of both tables: PostgreSQL takes it from neither for the other, and
    SQLite would sort all who wait by the owner's number."""
    return (
        select(Owner)
        .join(Membership, Membership.owner_id == Owner.id)
        .where(Owner.id > after, Membership.owner_id > after, Membership.left_on.is_(None))
        .order_by(Membership.owner_id)
        .limit(most)
    )


def _details(db: Session, version: RuleVersion) -> dict[str, object]:
    """What the notice says, as it will still be true when the letter goes out."""
    book = rule_book(db)
    rules = next(one for one in book.versions if one.version_id == version.id)
    found = _announced(book, rules)
    return {
        "starts_on": found.starts_on.isoformat(),
        "better_counts": found.better_counts,
        "changes": json.loads(json.dumps(found.changes, default=date.isoformat)),
    }


def _announced(book: RuleBook, rules: Rules) -> Announced:
    others = [one for one in book.versions if one is not rules]
    before = RuleBook(others or DEFAULT.versions).on(rules.starts_on).both[0]
    found = changes(before, rules, from_on=rules.starts_on)
    return Announced(rules.starts_on, rules.notice_from is not None, [_said(one) for one in found])


def _said(change: Change) -> dict[str, object]:
    new = change.new
    campaign = new or change.old
    return {
        "what": change.what,
        "key": change.key,
        "name_en": campaign and campaign.name_en,
        "before": change.before,
        "after": change.after,
        "label": label_of(change),
        "from_on": new and new.from_on,
        "until_on": new and new.until_on,
        "limits": limits_of(new) if new else [],
    }
