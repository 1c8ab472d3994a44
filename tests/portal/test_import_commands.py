"""The commands that outside checks use: their JSON, their words, their exit codes."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select, update

from app import create_app
from club.models import Lot
from foundation import clock
from foundation.audit import AuditEntry
from foundation.settings import Settings
from foundation.web.database import db, write
from members.models import ServiceOrder
from portal.models import ImportBatch, ImportRow, ImportSource
from portal.reference.seeding import seed
from tests.portal.order_files import csv_of, made_up, order

LEDGER = Path(__file__).parents[3] / "shared" / "data" / "retail_orders_2010_2011.csv"
FIGURES = {
    "at": "2011-05-29",
    "owners": 353,
    "members": 0,
    "orders": 1324,
    "net_spend_fen": 52751361,
    "points_outstanding": 590315,
    "tiers": {"general": 314, "silver": 31, "gold": 6, "diamond": 2},
    "bands": {"below_3000": 314, "from_3000": 31, "from_8000": 6, "from_20000": 2},
    "no_order_months": {"1": 211, "2": 145, "3": 99, "6": 0, "9": 0, "12": 0},
}


@pytest.fixture
def runner(settings: Settings, database_url: str) -> Iterator[FlaskCliRunner]:
    """The command line of a club that was set up, on each database in turn."""
    app = club_on(settings, database_url)
    yield app.test_cli_runner()
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def club_on(settings: Settings, url: str) -> Flask:
    app = create_app(replace(settings, database_url=url))
    with app.app_context():
        write()
        seed(db.session, now=clock.now())
        db.session.commit()
    return app


def imported(runner: FlaskCliRunner, file: Path, *more: str) -> tuple[int, dict[str, int]]:
    result = runner.invoke(args=["import-orders", str(file), "--source", "dms", "--json", *more])
    assert result.stdout, result.stderr or result.exception
    return result.exit_code, json.loads(result.stdout)


def figures(runner: FlaskCliRunner, day: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(
        runner.invoke(args=["figures", "--at", day, "--json"]).stdout
    )
    return found


def shuffled(file: Path, into: Path) -> Path:
    head, *rows = file.read_text().splitlines()
    random.Random(11).shuffle(rows)
    into.write_text("\n".join([head, *rows]))
    return into


@pytest.mark.skipif(not LEDGER.exists(), reason="the open data set lies beside the checkout")
@pytest.mark.parametrize("mixed", [False, True], ids=["as-it-is", "shuffled"])
def test_a_real_ledger_gives_the_decided_figures(
    runner: FlaskCliRunner, tmp_path: Path, mixed: bool
) -> None:
    """R5, R8, R9, R46 on 1,324 invoices; red with any other reading of the decided points."""
    file = shuffled(LEDGER, tmp_path / "orders.csv") if mixed else LEDGER
    counted = {"rows": 1324, "created": 1324, "changed": 0, "unchanged": 0, "refused": 0}
    assert imported(runner, file) == (0, counted)
    assert figures(runner, "2011-05-29") == FIGURES
    again = counted | {"created": 0, "unchanged": 1324}
    assert imported(runner, LEDGER) == (0, again)
    assert figures(runner, "2011-05-29") == FIGURES
    assert runner.invoke(args=["ledger", "check"]).exit_code == 0


def test_a_ledger_of_the_same_shape_comes_in_once(runner: FlaskCliRunner, tmp_path: Path) -> None:
    """R8, R46: red when a known line is recorded anew."""
    file = tmp_path / "orders.csv"
    file.write_bytes(csv_of(made_up(700, 150)))
    assert imported(runner, file)[1]["created"] == 700
    before = figures(runner, "2025-06-01")
    assert imported(runner, file)[1]["unchanged"] == 700
    assert figures(runner, "2025-06-01") == before


def test_refused_rows_are_named_and_the_rest_applied(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    """Exit 3, words on stderr, JSON alone on stdout; red when refusals exit 0."""
    file = tmp_path / "orders.csv"
    file.write_bytes(csv_of([order("A1"), order("A2", amount="much")]))
    result = runner.invoke(args=["import-orders", str(file), "--source", "dms", "--json"])
    assert result.exit_code == 3
    assert json.loads(result.stdout)["refused"] == 1
    assert "Row 3: “much” is not an amount of money." in result.stderr


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG....", b"a,b\n1,2\n", b"PK\x03\x04broken"], ids=str
)
def test_a_wrong_file_applies_nothing(
    runner: FlaskCliRunner, tmp_path: Path, content: bytes
) -> None:
    """Exit 1 and a sentence; red when the refusal is not caught."""
    file = tmp_path / "orders.csv"
    file.write_bytes(content)
    result = runner.invoke(args=["import-orders", str(file), "--source", "dms", "--json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "orders.csv" in result.stderr


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        ("order_no,customer_id,order_date,amount\n", [], "no orders"),
        (None, [], "nothing was imported"),
        ("order_no\n", ["--map", "colour=x"], "FIELD=COLUMN"),
    ],
    ids=["only-a-header", "no-file", "unknown-field"],
)
def test_nothing_applied_is_exit_one(
    runner: FlaskCliRunner, tmp_path: Path, content: str | None, more: list[str], said: str
) -> None:
    """Red when a file without orders exits 0, or a wrong call exits 2"""
    file = tmp_path / "orders.csv"
    if content is not None:
        file.write_text(content)
    result = runner.invoke(args=["import-orders", str(file), "--source", "dms", "--json", *more])
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr


def test_a_dry_run_leaves_nothing(runner: FlaskCliRunner, tmp_path: Path) -> None:
    """Red when the file is kept, its source is made or its columns are remembered"""
    file = tmp_path / "orders.csv"
    rows = [order("A1"), order("A2", amount="much")]
    file.write_bytes(csv_of([{"Beleg": row.pop("order_no"), **row} for row in rows]))
    code, counts = imported(runner, file, "--map", "order_no=Beleg", "--dry-run")
    assert code == 3
    assert counts == {"rows": 2, "created": 1, "changed": 0, "unchanged": 0, "refused": 1}
    tables = (ImportBatch, ImportRow, ServiceOrder, AuditEntry)
    with runner.app.app_context():
        assert [db.session.scalars(select(table)).first() for table in tables] == [None] * 4
        assert not any(db.session.scalars(select(ImportSource.mapping)))


def test_columns_can_be_named(runner: FlaskCliRunner, tmp_path: Path) -> None:
    """The second time they are remembered; red without the source's mapping."""
    file = tmp_path / "orders.csv"
    rows = [{"Beleg": "A1", "Kunde": "K1", "Tag": "2026-02-01", "Summe": "100"}]
    file.write_bytes(csv_of(rows))
    columns = ["order_no=Beleg", "customer_id=Kunde", "order_date=Tag", "amount=Summe"]
    named = [word for column in columns for word in ("--map", column)]
    assert imported(runner, file, *named)[1]["created"] == 1
    assert imported(runner, file)[1]["unchanged"] == 1


def test_the_ledger_check_finds_a_difference(runner: FlaskCliRunner, tmp_path: Path) -> None:
    """R1: a lot changed by hand; red when the check compares nothing."""
    file = tmp_path / "orders.csv"
    file.write_bytes(csv_of([order("A1")]))
    imported(runner, file)
    with runner.app.app_context():
        write()
        db.session.execute(update(Lot).values(rest=Lot.rest - 1))
        db.session.commit()
    result = runner.invoke(args=["ledger", "check"])
    assert result.exit_code == 1
    assert "entries-lots" in result.stdout
