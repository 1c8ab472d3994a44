"""Bring a club up: keys, tables, and what every club has from its first day."""

import click
from flask import current_app

from foundation.web.database import db, write


@click.command("setup")
def setup() -> None:
    """Migrate the database and seed what is missing; safe to repeat."""
    write()
    current_app.extensions["alembic"].upgrade()
    db.session.commit()
    click.echo("The club's tables are up to date.", err=True)
