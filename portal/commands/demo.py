"""Build the demo club anew, on today's date."""

import click
from flask import current_app

from foundation.settings import Mode, Settings
from portal.commands.setup import bring_up, build_demo


@click.command("demo")
@click.option("--yes", is_flag=True, help="Do not ask.")
def demo(yes: bool) -> None:
    """Throw the demo club away and build it anew on today; never in production."""
    settings: Settings = current_app.extensions["club_settings"]
    if settings.mode is Mode.PRODUCTION:
        raise click.ClickException("This is a club in production: it has no demo to rebuild.")
    if not yes:
        click.confirm(
            "All data of this demo club will be lost. Build it anew?", abort=True, err=True
        )
    current_app.extensions["alembic"].downgrade("base")
    bring_up(settings)
    build_demo(settings)
