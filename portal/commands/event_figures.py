"""What happened to one event, from the command line."""

import json

import click

from events.figures import event_figures as figures_of
from events.models import Event
from foundation.web.database import db


@click.command("event-figures")
@click.argument("event_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
def event_figures(event_id: int, as_json: bool) -> None:
    """Places taken and on offer, and registrations: who waits and who is confirmed, in order."""
    event = db.session.get(Event, event_id)
    if event is None:
        raise click.BadParameter(f"there is no event {event_id}", param_hint="EVENT_ID")
    found = figures_of(db.session, event)
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, value in found.items():
        click.echo(f"{name}: {len(value) if isinstance(value, list) else value}")
