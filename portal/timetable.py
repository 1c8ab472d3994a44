"""What happens by the clock: each job at its moments, by one worker of several (decisions)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from club import jobs as club_jobs
from events import jobs as events_jobs
from foundation import clock, jobs
from foundation.settings import Settings
from members import jobs as members_jobs
from outreach import jobs as outreach_jobs
from portal import jobs as portal_jobs

FAILED = "failed"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_LOG = structlog.get_logger("marque.timetable")


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work and how often it is due. `run` commits its steps and says what it did."""

    name: str
    every: timedelta
    run: Callable[[Session, Settings, datetime], str]

    def due_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Its newest moment; daily jobs are due a few minutes into the shop's day."""
        if self.every == DAY:
            begun = clock.start_of(clock.shop_day(now, zone), zone)
            return begun if now >= begun + timedelta(minutes=5) else begun - DAY
        begin = datetime(2026, 1, 1, tzinfo=UTC)
        return begin + (now - begin) // self.every * self.every


def _plain(run: Callable[[Session, datetime], str]) -> Callable[[Session, Settings, datetime], str]:
    """A job that needs no setting."""
    return lambda db, _settings, now: run(db, now)


JOBS: tuple[Job, ...] = (
    Job("club.review", DAY, club_jobs.review_due),
    Job("club.release", DAY, club_jobs.release_points),
    Job("club.endings", DAY, club_jobs.tell_of_endings),
    Job("club.birthdays", DAY, club_jobs.give_birthdays),
    Job("club.referrals", DAY, club_jobs.credit_referrals),
    Job("club.rule-notices", MINUTE, club_jobs.tell_of_rules),
    Job("club.rule-turns", MINUTE, club_jobs.apply_rules),
    Job("club.vouchers", DAY, club_jobs.expire_vouchers),
    Job("portal.imports", MINUTE, portal_jobs.work_on_imports),
    Job("portal.leaving", HOUR, portal_jobs.erase_leavers),
    Job("portal.erase-imports", DAY, _plain(portal_jobs.sweep_imports)),
    Job("events.expire-offers", MINUTE, _plain(events_jobs.expire_offers)),
    Job("events.let-kept-places-go", MINUTE, _plain(events_jobs.let_kept_places_go)),
    Job("events.drives", DAY, _plain(events_jobs.record_drives)),
    Job("events.letters", MINUTE, _plain(events_jobs.remind_and_thank)),
    Job("events.no-shows", HOUR, _plain(events_jobs.note_no_shows)),
    Job("members.sweep", DAY, _plain(members_jobs.sweep)),
    Job("outreach.draw", MINUTE, outreach_jobs.draw_rest),
    Job("outreach.vouchers", MINUTE, outreach_jobs.give_vouchers),
    Job("outreach.lost-letters", MINUTE, _plain(outreach_jobs.give_up_lost)),
    Job("outreach.campaigns", MINUTE, _plain(outreach_jobs.settle_campaigns)),
)


def run_due(db: Session, settings: Settings, now: datetime) -> int:
    """Run what is due and not taken by another worker; how many jobs ran."""
    return sum(_run_once(db, settings, job, now) for job in JOBS)


def run_all(db: Session, settings: Settings, now: datetime) -> dict[str, str]:
    """Run every job for this moment, taken or not; what each says. All are safe to repeat.

    One that breaks does not keep the others from their work.
    """
    return {job.name: _outcome(db, settings, job, now) for job in JOBS}


def _run_once(db: Session, settings: Settings, job: Job, now: datetime) -> bool:
    due_at = job.due_at(now, settings.zone)
    taken = jobs.take(db, job.name, due_at, now=now)
    db.commit()
    if not taken:
        return False
    outcome = _outcome(db, settings, job, now)
    jobs.finish(db, job.name, due_at, outcome, now=clock.now())
    db.commit()
    return True


def _outcome(db: Session, settings: Settings, job: Job, now: datetime) -> str:
    try:
        return job.run(db, settings, now)
    except Exception as broken:
        db.rollback()
        _LOG.error("job.failed", job=job.name, exc_info=broken)
        return f"{FAILED}: {type(broken).__name__}"
