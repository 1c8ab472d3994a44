"""A draft becomes the rules of a day to come: members are told first and lose nothing meanwhile."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import (
    RuleNotice,
    RuleSimulation,
    RuleVersion,
    SimulationState,
)
from club.rule_comparison import Change, anybody_worse, changes, mark_of
from club.rule_drafts import NotADraft
from club.rules import Rules
from club.rules_in_force import rule_book, rules_of
from foundation import audit, clock, tunables
from foundation.refusals import Refusal
from foundation.words import N_

NOTICE_DAYS = tunables.declare(
    "club.rules_notice_days", 30, N_("Notice before rules that take something away"), N_("days")
)
A_DAY = timedelta(days=1)


class NotTried(Refusal):
    """A draft is tried over the real ledger as it stands before it is published."""


class NothingNew(Refusal):
    """Members are told of what changes, so something does."""


class TooSoon(Refusal):
    """Rules begin on a day to come, and after the notice where anybody is worse off."""


class OutOfTurn(Refusal):
    """Rules begin no earlier than those that are already announced."""


def earliest_start(db: Session, draft: RuleVersion, *, today: date) -> date:
    """The first day on which this draft may begin, if it were published today."""
    tomorrow = today + A_DAY
    days = tunables.value(db, NOTICE_DAYS) if worsens(db, draft, on=tomorrow) else 1
    newest = baseline(db).starts_on
    return max(today + timedelta(days=max(days, 1)), newest)


def worsens(db: Session, draft: RuleVersion, *, on: date) -> bool:
    """Whether any number of the draft is worse than what counts from this day on without it."""
    new = rules_of(draft)
    later = [rules for rules in rule_book(db).versions if rules.starts_on > on]
    return any(anybody_worse(one, new, from_on=on) for one in [_without(db, on), *later])


def baseline(db: Session) -> Rules:
    """The newest published rules: a draft begins as a copy of them and comes after them."""
    return rule_book(db).versions[-1]


def differences(db: Session, draft: RuleVersion, *, today: date) -> list[Change]:
    """The draft against the newest published rules, from the first day that it could replace."""
    before = baseline(db)
    return changes(before, rules_of(draft), from_on=max(today + A_DAY, before.starts_on))


def tried(db: Session, draft: RuleVersion) -> RuleSimulation | None:
    """The newest finished trial of the draft as it stands now."""
    return db.scalar(
        select(RuleSimulation)
        .where(
            RuleSimulation.version_id == draft.id,
            RuleSimulation.state == SimulationState.DONE,
            RuleSimulation.mark == mark_of(rules_of(draft)),
        )
        .order_by(RuleSimulation.id.desc())
        .limit(1)
    )


def publish(
    db: Session,
    draft: RuleVersion,
    starts_on: date,
    *,
    today: date,
    by: int | None,
    now: datetime,
) -> None:
    """Announce the draft as the rules from a day on; from here on nobody edits it (R11).

    Where it takes something away, the better of both counts from tomorrow until that day.
    """
    if not draft.is_draft:
        raise NotADraft(N_("These rules are published already."))
    if tried(db, draft) is None:
        raise NotTried(N_("Please try the draft as it is now over the ledger first."))
    if not differences(db, draft, today=today):
        raise NothingNew(N_("Nothing is different from the newest rules, so nobody need be told."))
    _check_start(db, draft, starts_on, today)
    tomorrow = today + A_DAY
    worse = worsens(db, draft, on=min(starts_on, tomorrow))
    draft.starts_on, draft.published_at, draft.account_id = starts_on, now, by
    draft.notice_from = tomorrow if worse and tomorrow < starts_on else None
    db.add(RuleNotice(version_id=draft.id))
    audit.record(
        db, "rules.publish", "rules", draft.id, by=by, now=now, name=draft.name,
        starts_on=starts_on.isoformat(),
    )  # fmt: skip
    db.flush()


def _check_start(db: Session, draft: RuleVersion, starts_on: date, today: date) -> None:
    if starts_on <= today or not clock.is_meant(starts_on):
        raise TooSoon(N_("Rules begin tomorrow at the earliest: what was earned today stands."))
    newest = baseline(db).starts_on
    if starts_on < newest:
        raise OutOfTurn(
            N_("Other rules are announced for %(day)s; these cannot begin before."), day=newest
        )
    earliest = earliest_start(db, draft, today=today)
    if starts_on < earliest:
        raise TooSoon(
            N_("They take something from members, so they begin on %(day)s at the earliest."),
            day=earliest,
        )


def _without(db: Session, on: date) -> Rules:
    return rule_book(db).on(on).both[0]
