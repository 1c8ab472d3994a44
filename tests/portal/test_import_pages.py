"""Importing orders at the desk, from upload to the worker's last row."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from foundation import clock
from foundation.web.database import db, write
from members.models import ServiceOrder
from portal import jobs
from portal.models import BatchState, ImportBatch
from tests import making
from tests.browsing import TOKEN, fresh, send
from tests.house.walking import visitor

ORDERS = "order_no,customer_id,order_date,amount\nA1,7,2026-01-05,100.00\nA2,7,2026-01-06,oops\n"
OWN_NAMES = "Nr,Who,Day,Paid out\nA1,7,2026-01-05,100.00\n"


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    return visitor(app, making.make_staff)


def upload(client: FlaskClient, text: str, name: str = "orders.csv") -> TestResponse:
    found = TOKEN.search(client.get("/desk/imports").text)
    assert found
    file = (io.BytesIO(text.encode()), name)
    data = {"csrf_token": found[1], "source": "workshop", "file": file}
    return client.post("/desk/imports", data=data)


def orders(app: Flask) -> int:
    with fresh(app) as session:
        return session.scalar(select(func.count()).select_from(ServiceOrder)) or 0


def work(app: Flask) -> None:
    with app.app_context():
        write()
        settings = app.extensions["club_settings"]
        jobs.work_on_imports(db.session, settings, clock.now() + timedelta(seconds=1))


def test_a_dry_run_reports_each_row_and_changes_nothing(app: Flask, manager: FlaskClient) -> None:
    here = upload(manager, ORDERS).location
    send(manager, f"{here}/check", here)
    assert "data-watch" in manager.get(here).text
    work(app)
    report = manager.get(here)
    with fresh(app) as session:
        batch = session.scalars(select(ImportBatch)).one()
    assert (batch.state, batch.created, batch.refused) == (BatchState.CHECKED, 1, 1)
    assert "A1" in report.text
    assert orders(app) == 0


def test_an_applied_file_is_in_after_the_worker_was_there(app: Flask, manager: FlaskClient) -> None:
    here = upload(manager, ORDERS).location
    send(manager, f"{here}/check", here)
    work(app)
    send(manager, f"{here}/apply", here)
    work(app)
    with fresh(app) as session:
        batch = session.scalars(select(ImportBatch)).one()
    assert (batch.state, batch.created, orders(app)) == (BatchState.APPLIED, 1, 1)


def test_a_file_waits_for_its_worker_in_words(app: Flask, manager: FlaskClient) -> None:
    """Red when the page shows a bar that nobody moves, or a second check is let in."""
    here = upload(manager, ORDERS).location
    send(manager, f"{here}/check", here)
    again = send(manager, f"{here}/check", "/desk/imports")
    assert again.status_code == 422
    assert "后台程序没有运行" in again.text


def test_chosen_columns_are_remembered_for_the_source(app: Flask, manager: FlaskClient) -> None:
    here = upload(manager, OWN_NAMES).location
    chosen = {"order_no": "Nr", "customer_id": "Who", "order_date": "Day", "amount": "Paid out"}
    form = {f"column_{field}": name for field, name in chosen.items()}
    assert send(manager, f"{here}/columns", here, **form).status_code == 303
    again = upload(manager, OWN_NAMES).location
    send(manager, f"{again}/check", again)
    work(app)
    with fresh(app) as session:
        batch = session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
    assert batch is not None
    assert (batch.mapping, batch.created) == (chosen, 1)


@pytest.mark.parametrize("name", ["photo.png", "orders.xlsx", "orders.csv"])
def test_a_file_that_is_no_sheet_is_refused_in_a_sentence(
    app: Flask, manager: FlaskClient, name: str
) -> None:
    answer = upload(manager, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", name)
    assert answer.status_code == 422
    with fresh(app) as session:
        assert session.scalars(select(ImportBatch)).all() == []
