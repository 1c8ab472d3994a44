"""The club's work by the clock: points and vouchers that end, tiers, birthdays, trials."""

from collections.abc import Callable
from datetime import datetime, timedelta

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


def review_due(db: Session, settings: Settings, now: datetime) -> str:
    """Bring everybody who is due up to the shop's day, some hundred owners to a transaction."""
    reviewed, today = 0, clock.shop_day(now, settings.zone)
    while count := tiers.review_due(db, today=today, now=now):
        db.commit()
        reviewed += count
    return f"{reviewed} owners reviewed"


def release_points(db: Session, settings: Settings, now: datetime) -> str:
    """Let pending points go whose day has come, some hundred owners to a transaction."""
    released, today = 0, clock.shop_day(now, settings.zone)
    while count := pending.release_due(db, today=today, now=now):
        db.commit()
        released += count
    db.commit()
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
    expired, today = 0, clock.shop_day(now, settings.zone)
    while count := vouchers.expire_due(db, today=today, now=now):
        db.commit()
        expired += count
    db.commit()
    return f"{expired} vouchers expired"


def give_birthdays(db: Session, settings: Settings, now: datetime) -> str:
    """The birthday points of today and of the days that a sleeping worker missed."""
    today = clock.shop_day(now, settings.zone)
    for ago in range(bonuses.CATCHES_UP.days, -1, -1):
        after: int | None = 0
        while after is not None:
            day = today - timedelta(days=ago)
            after = bonuses.give_birthdays(db, day=day, now=now, after=after)
            db.commit()
    return "birthdays given"


def credit_referrals(db: Session, settings: Settings, now: datetime) -> str:
    """Points for who brought others: first those to take back, then those to give."""
    today = clock.shop_day(now, settings.zone)
    rounds = (
        lambda after: referral_due.find_people(db, after=after),
        lambda after: referral_due.take_back_due(db, today=today, now=now, after=after),
        lambda after: referral_due.credit_due(db, today=today, now=now, after=after),
        lambda after: referral_due.credit_deliveries(db, today=today, now=now, after=after),
    )
    for run in rounds:
        after: int | None = 0
        while after is not None:
            after = run(after)
            db.commit()
    return "referrals settled"


def tell_of_rules(db: Session, settings: Settings, now: datetime) -> str:
    """Post the notice of announced rules, some hundred members to a transaction."""
    told = 0
    while count := rule_notices.tell_next(db, zone=settings.zone, now=now):
        db.commit()
        told += count
    db.commit()
    return f"{told} members told"


def apply_rules(db: Session, settings: Settings, now: datetime) -> str:
    """On the day of other rules look at everybody, some hundred owners to a transaction.

    What a worker left half done, any worker's next minute goes on with.
    """
    looked, today = 0, clock.shop_day(now, settings.zone)
    while count := rule_turns.look_again(db, today=today, now=now):
        db.commit()
        looked += count
    db.commit()
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
