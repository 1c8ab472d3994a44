"""Bring a club up: keys, tables, and what every club has from its first day."""

import click
from flask import current_app
from sqlalchemy import select

from foundation import clock, epoch
from foundation.outbox import Letter, LetterState
from foundation.settings import Mode, Settings
from foundation.web import letters
from foundation.web.database import db, write
from portal.demo import building
from portal.reference.seeding import seed


@click.command("setup")
def setup() -> None:
    """Migrate the database and seed what is missing; safe to repeat."""
    settings: Settings = current_app.extensions["club_settings"]
    bring_up(settings)
    click.echo("The club's tables are up to date.", err=True)
    if settings.mode is Mode.DEMO and not building.is_built(db.session):
        build_demo(settings)


def bring_up(settings: Settings) -> None:
    """The tables of this version, the rows of every club, and the club's epoch."""
    write()
    current_app.extensions["alembic"].upgrade()
    seed(db.session, now=clock.now())
    epoch.begin(db.session, epoch.file_of(settings.state_dir, settings.database_url))
    db.session.commit()


def build_demo(settings: Settings) -> None:
    """Build the demo club on today, and say so."""
    click.echo("Building the demo club …", err=True)
    building.build(db.session, settings=settings, now=clock.now())
    _write_out_what_was_sent()
    db.session.commit()
    click.echo("The demo club is built.", err=True)


def _write_out_what_was_sent() -> None:
    """The words of the letters that count as sent, as the worker would have kept them."""
    unwritten = select(Letter).where(
        Letter.state == LetterState.SENT, Letter.sent_text.is_(None), Letter.template != "code"
    )
    for letter in db.session.scalars(unwritten):
        words = letters.render(letter)
        letter.sent_subject, letter.sent_text = words.subject, words.text
