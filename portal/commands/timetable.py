"""Run the timetable by hand, also for a moment that is not now."""

from datetime import date, datetime, timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from foundation import clock
from foundation.web.database import db, write
from portal import timetable as clockwork
from portal.commands.worker import deliver

LAST = timedelta(microseconds=1)


@click.group("timetable")
def timetable() -> None:
    """What happens by the clock."""


@timetable.command("run")
@with_appcontext
@click.option("--at", "at", metavar="MOMENT", help="A day (its end) or a moment; now by default.")
def run(at: str | None) -> None:
    """Run every job once for a moment, then send what is due then. Safe to repeat.

    Exit 1 when a job broke; the others were run all the same.
    """
    now = _moment(at)
    settings = current_app.extensions["club_settings"]
    write()
    said = clockwork.run_all(db.session, settings, now)
    for name, outcome in said.items():
        click.echo(f"{name}: {outcome}", err=True)
    sent = deliver("timetable-run", lambda: now)
    click.echo(f"letters: {sent} sent", err=True)
    if any(outcome.startswith(clockwork.FAILED) for outcome in said.values()):
        raise click.exceptions.Exit(1)


def _moment(text: str | None) -> datetime:
    """`--at D` is the end of shop day D; a moment without an offset is the shop's."""
    zone = current_app.extensions["club_settings"].zone
    if text is None:
        return clock.now()
    try:
        if len(text) == len("2026-01-01"):
            return clock.end_of(date.fromisoformat(text), zone) - LAST
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise click.BadParameter(f"{text!r} is not a day or a moment", param_hint="--at") from wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
