"""The club in numbers, and its ledger checked, from the command line."""

import json
from datetime import date

import click
from flask.cli import with_appcontext

from club import checking
from club.figures import figures_at
from foundation.refusals import Refusal
from foundation.sheets.cells import read_day
from foundation.web.database import db


@click.command("figures")
@click.option("--at", "day", required=True, help="A shop day; its end is meant.")
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@with_appcontext
def figures(day: str, as_json: bool) -> None:
    """What the club was at the end of a shop day."""
    found = figures_at(db.session, _day(day))
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, value in found.items():
        click.echo(f"{name}: {value}")


def _day(text: str) -> date:
    try:
        return read_day(text)
    except Refusal as refusal:
        raise click.BadParameter(str(refusal)) from refusal


@click.group("ledger")
def ledger() -> None:
    """The points ledger."""


@ledger.command("check")
@with_appcontext
@click.pass_context
def check(context: click.Context) -> None:
    """Compare entries, lots, allocations and facts of every owner; exit 1 where they differ."""
    count = 0
    for count, each in enumerate(checking.differences(db.session), start=1):  # noqa: B007
        click.echo(f"{each.kind} {each.id}: {each.left} and {each.right}")
    click.echo(f"{count} differences.", err=True)
    context.exit(1 if count else 0)
