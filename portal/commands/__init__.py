"""The command line: flask --app app …"""

import click
from flask import Flask

from portal.commands.bench_club import bench_club
from portal.commands.demo import demo
from portal.commands.event_figures import event_figures
from portal.commands.figures import figures, ledger
from portal.commands.import_orders import import_orders
from portal.commands.run import run_club
from portal.commands.setup import setup
from portal.commands.staff import make_admin
from portal.commands.timetable import timetable
from portal.commands.worker import worker

COMMANDS: tuple[click.Command, ...] = (
    bench_club,
    demo,
    event_figures,
    figures,
    import_orders,
    ledger,
    make_admin,
    run_club,
    setup,
    timetable,
    worker,
)


def init_commands(app: Flask) -> None:
    """Add the club's commands."""
    for command in COMMANDS:
        app.cli.add_command(command)
