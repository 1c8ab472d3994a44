"""Import a workshop's orders from the command line."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from foundation import clock
from foundation.refusals import Refusal
from foundation.settings import Settings
from foundation.web.database import db, then_write
from foundation.words import N_
from portal.importing import application, reception, reporting, trial
from portal.importing.recording import Outcome
from portal.models import ImportBatch, ImportRow, RowOutcome
from portal.order_rows import COLUMNS, OrderRow, read_orders
from portal.row_cells import FileRead

APPLIED, NOTHING, WITH_REFUSALS = 0, 1, 3


class NoOrders(Refusal):
    """The file has its columns and nothing under them."""


@click.command("import-orders")
@click.argument("file", type=click.Path(path_type=Path))
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
        report = _run(file, source, dict(_pair(column) for column in columns), dry_run)
    except Refusal as refusal:
        db.session.rollback()
        click.echo(str(refusal), err=True)
        context.exit(NOTHING)
    _say(report, "Would import" if dry_run else "Imported")
    if as_json:
        click.echo(json.dumps({"rows": report.rows, **report.counts}))
    context.exit(_exit_code(report))


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file, or would become of it."""

    filename: str
    rows: int
    counts: dict[str, int]
    ignored: Sequence[str]
    refused: list[tuple[int, str]]


def _run(file: Path, source: str, mapping: dict[str, str], dry_run: bool) -> Report:
    """Say what is wrong with the file as a whole before any of it is kept."""
    now, content = clock.now(), _content(file)
    settings: Settings = current_app.extensions["club_settings"]
    act: dict[str, Any] = {"today": clock.shop_day(now, settings.zone), "now": now}
    act["hash_key"] = settings.hash_key
    arrived = reception.look(file.name, content)
    columns = reception.columns_for(db.session, source, arrived, mapping)
    read = read_orders(content, file.name, columns)
    if not read.rows and not read.refused:
        raise NoOrders(N_("“%(name)s” holds no orders; nothing was imported."), name=file.name)
    if dry_run:
        tried = trial.rehearse(db.session, source.strip(), read, **act)
        return _tried(file.name, read, tried)
    then_write()
    return _applied(_apply(source, file.name, content, mapping, act))


def _apply(
    source: str, name: str, content: bytes, mapping: dict[str, str], act: dict[str, Any]
) -> ImportBatch:
    now = act["now"]
    batch = reception.upload(db.session, source, name, content, mapping=mapping, by=None, now=now)
    application.release(db.session, batch, by=None, now=now)
    for _ in application.apply(db.session, batch, **act):
        db.session.commit()
        if done := batch.resume_mark:
            click.echo(f"{done} of {batch.rows} rows", err=True)
    return batch


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as wrong:
        raise click.ClickException(f"{file}: {wrong.strerror}; nothing was imported.") from wrong


def _pair(column: str) -> tuple[str, str]:
    field, equals, header = column.partition("=")
    if not equals or field not in COLUMNS:
        known = ", ".join(COLUMNS)
        raise click.ClickException(f"--map {column!r}: FIELD=COLUMN with one of {known}.")
    return field, header


def _applied(batch: ImportBatch) -> Report:
    refused = select(ImportRow).where(
        ImportRow.batch_id == batch.id, ImportRow.outcome == RowOutcome.REFUSED
    )
    rows = db.session.scalars(refused.order_by(ImportRow.row_no))
    said = [(row.row_no, row.sentence) for row in rows]
    return Report(batch.filename, batch.rows, reporting.counts(batch), batch.ignored, said)


def _tried(name: str, read: FileRead[OrderRow], outcomes: list[Outcome]) -> Report:
    counts = {kind.value: sum(one.outcome is kind for one in outcomes) for kind in RowOutcome}
    said = sorted(
        (one.row_no, one.sentence) for one in outcomes if one.outcome is RowOutcome.REFUSED
    )
    return Report(name, len(outcomes), counts, read.columns.ignored, said)


def _say(report: Report, head: str) -> None:
    counts = ", ".join(f"{number} {word}" for word, number in report.counts.items())
    click.echo(f"{head} {report.filename}: {report.rows} rows, {counts}.", err=True)
    if report.ignored:
        click.echo(f"Columns not read: {', '.join(report.ignored)}", err=True)
    for number, sentence in report.refused:
        click.echo(f"Row {number}: {sentence}", err=True)


def _exit_code(report: Report) -> int:
    if report.counts["refused"] == report.rows:
        return NOTHING
    return WITH_REFUSALS if report.counts["refused"] else APPLIED
