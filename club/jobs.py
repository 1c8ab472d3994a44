"""The club's work by the clock: points and vouchers that end, tiers, birthdays, trials."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session

from club import (
    bonuses,
    ending_notices,
    pending,
    referral_due,
    rule_notices,
    rule_turns,
    simulating,
    simulation_runs,
    tiers,
    vouchers,
)
from club.simulation_tally import Tally
from foundation import clock
from foundation.settings import Settings


def _to_the_end(db: Session, step: Callable[[], int]) -> int:
    """Step after step until one finds nothing to do, each committed; how much was done."""
    done = 0
    while count := step():
        db.commit()
        done += count
    db.commit()
    return done


def _from_the_first(db: Session, step: Callable[..., int | None]) -> None:
    """Step after step, each behind the last one that was looked at (`after=`), and committed."""
    after: int | None = 0
    while after is not None:
        after = step(after=after)
        db.commit()


def review_due(db: Session, settings: Settings, now: datetime) -> str:
    """Bring everybody who is due up to the shop's day, some hundred owners to a transaction."""
    today = clock.shop_day(now, settings.zone)
    reviewed = _to_the_end(db, lambda: tiers.review_due(db, today=today, now=now))
    return f"{reviewed} owners reviewed"


def release_points(db: Session, settings: Settings, now: datetime) -> str:
    """Let pending points go whose day has come, some hundred owners to a transaction."""
    today = clock.shop_day(now, settings.zone)
    released = _to_the_end(db, lambda: pending.release_due(db, today=today, now=now))
    return f"points of {released} owners released"


def tell_of_endings(db: Session, settings: Settings, now: datetime) -> str:
    """Post the notices of tiers and points that end, some hundred to a transaction."""
    told, today = 0, clock.shop_day(now, settings.zone)
    for posted in ending_notices.tell_all(db, today=today, zone=settings.zone, now=now):
        db.commit()
        told += posted
    db.commit()
    return f"{told} notices posted"


def expire_vouchers(db: Session, settings: Settings, now: datetime) -> str:
    """Mark the vouchers whose last day is over, some hundred to a transaction."""
    today = clock.shop_day(now, settings.zone)
    expired = _to_the_end(db, lambda: vouchers.expire_due(db, today=today, now=now))
    return f"{expired} vouchers expired"


def give_birthdays(db: Session, settings: Settings, now: datetime) -> str:
    """The birthday points of today and of the days that a sleeping worker missed."""
    today = clock.shop_day(now, settings.zone)
    for ago in range(bonuses.CATCHES_UP.days, -1, -1):
        day = today - timedelta(days=ago)
        _from_the_first(db, partial(bonuses.give_birthdays, db, day=day, now=now))
    return "birthdays given"


def credit_referrals(db: Session, settings: Settings, now: datetime) -> str:
    """Points for who brought others: first those to take back, then those to give."""
    today = clock.shop_day(now, settings.zone)
    _from_the_first(db, partial(referral_due.find_people, db))
    _from_the_first(db, partial(referral_due.take_back_due, db, today=today, now=now))
    _from_the_first(db, partial(referral_due.credit_due, db, today=today, now=now))
    _from_the_first(db, partial(referral_due.credit_deliveries, db, today=today, now=now))
    return "referrals settled"


def tell_of_rules(db: Session, settings: Settings, now: datetime) -> str:
    """Post the notice of announced rules, some hundred members to a transaction."""
    told = _to_the_end(db, lambda: rule_notices.tell_next(db, zone=settings.zone, now=now))
    return f"{told} members told"


def apply_rules(db: Session, settings: Settings, now: datetime) -> str:
    """On the day of other rules look at everybody, some hundred owners to a transaction.

    What a worker left half done, any worker's next minute goes on with.
    """
    today = clock.shop_day(now, settings.zone)
    looked = _to_the_end(db, lambda: rule_turns.look_again(db, today=today, now=now))
    return f"{looked} owners looked at under other rules"


def run_trial(db: Session, settings: Settings, now: Callable[[], datetime]) -> bool:
    """Run the next trial of a draft, if one waits, noting after each part how far it is."""
    trial = simulating.claim(db, now=now())
    db.commit()
    if trial is None:
        return False
    trial_id = trial.id
    try:
        question, total = simulating.question_of(db, trial), Tally()
        runs = simulation_runs.tallies(db, settings.database_url, question)
        trial.owners = next(runs).owners
        db.commit()
        for tally in runs:
            total.add(tally)
            simulating.moved(db, trial, tally.owners, now=now())
            db.commit()
        simulating.finish(db, trial, question, total, now=now())
    except Exception as broken:
        db.rollback()
        structlog.get_logger("marque").error("rules.trial-broken", exc_info=broken)
        simulating.fail(db, trial_id, now=now())
    db.commit()
    return True
