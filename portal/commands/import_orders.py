"""Import a workshop's orders from the command line."""

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from foundation import clock
from foundation.refusals import Refusal
from foundation.web.database import db, then_write
from portal.importing import application, reception, trial
from portal.models import ImportBatch, ImportRow, RowOutcome
from portal.order_rows import COLUMNS, read_orders

APPLIED, NOTHING, WITH_REFUSALS = 0, 1, 3


@click.command("import-orders")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="The system that the file comes from.")
@click.option("--map", "columns", multiple=True, metavar="FIELD=COLUMN", help="e.g. order_no=No.")
@click.option("--dry-run", is_flag=True, help="Report what would happen and leave nothing.")
@click.option("--json", "as_json", is_flag=True, help="Counts as JSON on stdout.")
@with_appcontext
@click.pass_context
def import_orders(
    context: click.Context,
    file: Path,
    source: str,
    columns: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import service orders from FILE, a CSV file or a workbook.

    Exit 0 when applied, 1 when nothing was applied, 3 when applied with refused rows.
    """
    try:
        batch = _run(file, source, dict(_pair(column) for column in columns), dry_run)
    except Refusal as refusal:
        db.session.rollback()
        click.echo(str(refusal), err=True)
        context.exit(NOTHING)
    _say(batch, dry_run)
    if as_json:
        names = ("rows", "created", "changed", "unchanged", "refused")
        click.echo(json.dumps({name: getattr(batch, name) for name in names}))
    context.exit(_exit_code(batch))


def _run(file: Path, source: str, mapping: dict[str, str], dry_run: bool) -> ImportBatch:
    now = clock.now()
    content = file.read_bytes()
    _read_to_the_end(source, file.name, content, mapping)
    batch = reception.upload(
        db.session, source, file.name, content, mapping=mapping, by=None, now=now
    )
    if dry_run:
        trial.ask(db.session, batch)
        steps = trial.check(db.session, batch, now=now)
    else:
        application.release(db.session, batch, by=None, now=now)
        today = clock.shop_day(now, current_app.extensions["club_settings"].zone)
        steps = application.apply(db.session, batch, today=today, now=now)
    for _ in steps:
        db.session.commit()
        if done := batch.resume_mark or batch.checked_rows:
            click.echo(f"{done} of {batch.rows} rows", err=True)
    return batch


def _read_to_the_end(source: str, name: str, content: bytes, mapping: dict[str, str]) -> None:
    """Say what is wrong with the file as a whole before any of it is kept."""
    arrived = reception.look(name, content)
    columns = reception.columns_for(db.session, source, arrived, mapping)
    read_orders(content, name, columns)
    then_write()


def _pair(column: str) -> tuple[str, str]:
    field, equals, header = column.partition("=")
    if not equals or field not in COLUMNS:
        raise click.BadParameter(f"{column!r}: FIELD=COLUMN with one of {', '.join(COLUMNS)}")
    return field, header


def _say(batch: ImportBatch, dry_run: bool) -> None:
    head = "Would import" if dry_run else "Imported"
    click.echo(
        f"{head} {batch.filename}: {batch.rows} rows, {batch.created} created, "
        f"{batch.changed} changed, {batch.unchanged} unchanged, {batch.refused} refused.",
        err=True,
    )
    if batch.ignored:
        click.echo(f"Columns not read: {', '.join(batch.ignored)}", err=True)
    refused = select(ImportRow).where(
        ImportRow.batch_id == batch.id, ImportRow.outcome == RowOutcome.REFUSED
    )
    for row in db.session.scalars(refused.order_by(ImportRow.row_no)):
        click.echo(f"Row {row.row_no}: {row.sentence}", err=True)


def _exit_code(batch: ImportBatch) -> int:
    if batch.rows and batch.refused == batch.rows:
        return NOTHING
    return WITH_REFUSALS if batch.refused else APPLIED
