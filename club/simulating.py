"""Trials of a draft over the real ledger: asked for at the desk, run by a worker, kept."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select, update
from sqlalchemy.orm import Session

from club import referral_credit, simulation_benefits
from club.figures import points_outstanding
from club.models import (
    BonusKind,
    EntryKind,
    LedgerEntry,
    Referral,
    RuleCampaign,
    RuleSimulation,
    RuleVersion,
    ServiceDiscount,
    SimulationState,
)
from club.rule_comparison import mark_of
from club.rule_drafts import NotADraft
from club.rules_in_force import RuleBook, rule_book, rules_of
from club.simulation_tally import Question, Side, Tally
from club.worth import BENEFIT_COST, POINTS_PER_YUAN
from foundation import audit, clock, tunables
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_

PERIODS = (3, 6, 12, 24, 36)
LOST_AFTER = timedelta(minutes=3)
"""A trial that did not move for so long has lost its worker, and another one takes it."""


class NoSuchPeriod(Refusal):
    """A trial goes back some months."""


def ask(
    db: Session, draft: RuleVersion, months: int, *, today: date, by: int | None, now: datetime
) -> RuleSimulation:
    """Ask for a trial: as if the draft had been in force for the last months.

    One that waits or runs for the same numbers is the same trial.
    """
    if not draft.is_draft:
        raise NotADraft(N_("These rules are published already."))
    if months not in PERIODS:
        raise NoSuchPeriod(N_("Please choose how far back the trial goes."))
    mark, since = mark_of(rules_of(draft)), clock.add_months(today, -months) + timedelta(days=1)
    found = db.scalar(
        select(RuleSimulation).where(
            RuleSimulation.version_id == draft.id,
            RuleSimulation.mark == mark,
            RuleSimulation.since == since,
            RuleSimulation.state.in_([SimulationState.WAITING, SimulationState.RUNNING]),
        )
    )
    if found is not None:
        return found
    asked = RuleSimulation(
        version=draft, mark=mark, since=since, as_of=today, asked_at=now, account_id=by
    )
    db.add(asked)
    audit.record(db, "rules.simulate", "rules", draft.id, by=by, now=now, months=months)
    db.flush()
    return asked


def anything_waits(db: Session, *, now: datetime) -> bool:
    """Whether a worker has a trial to run."""
    return db.scalar(select(RuleSimulation.id).where(_free(now)).limit(1)) is not None


def claim(db: Session, *, now: datetime) -> RuleSimulation | None:
    """Take the next trial for this worker; of two workers one gets it."""
    found = db.scalar(select(RuleSimulation.id).where(_free(now)).order_by(RuleSimulation.id))
    if found is None:
        return None
    taken = rows_changed(
        db,
        update(RuleSimulation)
        .where(RuleSimulation.id == found, _free(now))
        .values(state=SimulationState.RUNNING, moved_at=now, done=0),
    )
    return db.get(RuleSimulation, found, populate_existing=True) if taken else None


def question_of(db: Session, trial: RuleSimulation) -> Question:
    """The two books and the discounts that the trial compares."""
    book = rule_book(db)
    discounts = db.scalars(select(ServiceDiscount))
    return Question(
        now=book,
        draft=book.as_if(rules_of(trial.version), trial.since),
        since=trial.since,
        as_of=trial.as_of,
        percents={(row.kind.value, row.tier.value): row.percent for row in discounts},
    )


def moved(db: Session, trial: RuleSimulation, owners: int, *, now: datetime) -> None:
    """So many more owners are done."""
    trial.done, trial.moved_at = trial.done + owners, now
    db.flush()


def fail(db: Session, trial_id: int, *, now: datetime) -> None:
    """It broke; the log says why, and it may be asked for again. Its draft may be gone by now."""
    db.execute(
        update(RuleSimulation)
        .where(RuleSimulation.id == trial_id)
        .values(state=SimulationState.FAILED, ended_at=now)
    )


def finish(
    db: Session, trial: RuleSimulation, question: Question, tally: Tally, *, now: datetime
) -> None:
    """Keep what was found."""
    per_yuan = tunables.value(db, POINTS_PER_YUAN)
    outstanding = points_outstanding(db, trial.as_of)
    bonuses = _bonuses(db, question)
    grown = tally.draft.alive - tally.now.alive + sum(one["grown"] for one in bonuses)
    trial.result = {
        **{name: getattr(tally, name) for name in _COUNTS},
        "moves": dict(tally.moves),
        "months": [
            {"month": month, "now": tally.now.months[month], "draft": tally.draft.months[month]}
            for month in sorted(tally.now.months | tally.draft.months)
        ],
        "now": _side(tally.now) | {"outstanding": outstanding},
        "draft": _side(tally.draft) | {"outstanding": outstanding + grown},
        "bonuses": bonuses,
        "benefits": simulation_benefits.yearly(db, tally),
        "benefits_fen": simulation_benefits.yearly(db, tally, in_fen=True),
        "benefit_fen": tunables.value(db, BENEFIT_COST) * 100,
        "per_yuan": per_yuan,
        "rises": [list(one) for one in tally.rises],
        "falls": [list(one) for one in tally.falls],
    }
    trial.state, trial.ended_at, trial.done = SimulationState.DONE, now, trial.owners
    db.flush()


def trials_of(db: Session, version_id: int, most: int = 10) -> Sequence[RuleSimulation]:
    """The newest trials of a draft, finished or not."""
    return db.scalars(
        select(RuleSimulation)
        .where(RuleSimulation.version_id == version_id)
        .order_by(RuleSimulation.id.desc())
        .limit(most)
    ).all()


def outside(trial: RuleSimulation) -> list[RuleCampaign]:
    """The draft's campaigns of which no day lies in the trial's period."""
    return [
        one
        for one in trial.version.campaigns
        if one.until_on < trial.since or one.from_on > trial.as_of
    ]


_COUNTS = ("owners", "members", "lines", "better", "worse", "unlike")
_SUMS = ("points", "issued", "base", "by_tier", "by_campaign", "discount_fen")


def _free(now: datetime) -> Any:
    lost = and_(
        RuleSimulation.state == SimulationState.RUNNING,
        RuleSimulation.moved_at < now - LOST_AFTER,
    )
    return or_(RuleSimulation.state == SimulationState.WAITING, lost)


def _side(side: Side) -> dict[str, Any]:
    sums = {name: getattr(side, name) for name in _SUMS}
    return sums | {"tiers": dict(side.tiers), "member_tiers": dict(side.member_tiers)}


def _bonuses(db: Session, question: Question) -> list[dict[str, Any]]:
    """Bonuses that were given in the period, and the same ones at the draft's points.

    One that an event paid with points of its own stays as it is, and so does one for a referral
    of a kind that has points of its own in the settings: no rules reach it.
    """
    kinds, own = [kind.value for kind in BonusKind], referral_credit.kinds_with_own_points(db)
    settled = case((Referral.kind.in_(own), 1), else_=0)
    day = LedgerEntry.effective_on
    rows = db.execute(
        select(LedgerEntry.cause_kind, day, LedgerEntry.points, settled, func.count())
        .outerjoin(Referral, _brought())
        .where(
            LedgerEntry.kind == EntryKind.BONUS,
            LedgerEntry.cause_kind.in_(kinds),
            LedgerEntry.effective_on.between(question.since, question.as_of),
        )
        .group_by(LedgerEntry.cause_kind, day, LedgerEntry.points, settled)
    )
    given = dict.fromkeys(kinds, (0, 0, 0, 0))
    for kind, on, points, is_settled, times in rows:
        usual = not is_settled and points == _bonus(question.now, kind, on)
        each = _bonus(question.draft, kind, on) if usual else points
        now, draft = points * times, each * times
        grown = draft * question.lives(question.draft, on) - now * question.lives(question.now, on)
        added = zip(given[kind], (times, now, draft, grown), strict=True)
        given[kind] = tuple(before + more for before, more in added)
    return [
        {"kind": kind, **dict(zip(("times", "now", "draft", "grown"), sums, strict=True))}
        for kind, sums in given.items()
        if sums[0]
    ]


def _brought() -> ColumnElement[bool]:
    """The referral that a bonus was for."""
    number = cast(Referral.id, String)
    cause = LedgerEntry.cause_id
    return and_(
        LedgerEntry.cause_kind == BonusKind.REFERRAL.value,
        Referral.referrer_id == LedgerEntry.owner_id,
        or_(cause == number, cause.like(number + ":%")),
    )


def _bonus(book: RuleBook, kind: str, on: date) -> int:
    return book.on(on).bonus(next(one for one in BonusKind if one.value == kind))
