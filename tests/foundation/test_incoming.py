"""Numbers and signs that no row can hold end in a page, not in a fault."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from foundation.jobs import JobRun
from foundation.web.access import open_to_all
from foundation.web.database import db
from foundation.web.incoming import LARGEST, whole
from tests.browsing import send
from tests.making import NOW

BEYOND = str(LARGEST + 1)


@pytest.mark.parametrize("text", ["", "x", "1.5", BEYOND, f"-{BEYOND}", "9" * 5000])
def test_a_number_beyond_any_row_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        whole(text)


@pytest.mark.parametrize(
    "url", [f"/events/{BEYOND}", f"/newsletter/{BEYOND}", f"/events/{BEYOND}/calendar.ics"]
)
def test_an_id_beyond_any_row_leads_nowhere(client: FlaskClient, url: str) -> None:
    """Red without RowNumber: the database cannot hold the number"""
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("query", [f"before={BEYOND}", "before=abc", "before=-1"])
def test_a_wrong_page_is_a_page(client: FlaskClient, query: str) -> None:
    """Red when the archive reads `before` with int"""
    assert client.get(f"/newsletter?{query}").status_code == 200


@pytest.mark.parametrize("month", ["0000-00", "0001-01", "9999-12", "9999-13", "x", "2026-11"])
def test_a_month_that_no_calendar_ends_is_no_month(client: FlaskClient, month: str) -> None:
    """Red without the bounds of years: the month after 9999-12 does not exist"""
    assert client.get(f"/events?month={month}").status_code == 200


def test_a_nul_is_refused_before_the_page(client: FlaskClient) -> None:
    """Red without the check: PostgreSQL refuses the text in the middle of the page"""
    answers = [client.get("/events?kind=%00"), client.get("/i/a%00b")]
    assert [answer.status_code for answer in answers] == [400, 400]


@pytest.mark.parametrize(("name", "status"), [("twice", 409), (None, 500)])
def test_two_at_once_are_asked_to_try_again(app: Flask, name: str | None, status: int) -> None:
    """Red without the handler of clashes (500), and when it takes every wrong row for one (409)"""

    def clash() -> str:
        rows = [{"name": name, "due_at": NOW, "started_at": NOW}] * 2
        db.session.execute(insert(JobRun), rows)
        return "made"

    app.add_url_rule("/clash", view_func=open_to_all(clash))
    assert app.test_client().get("/clash").status_code == status


def test_a_file_under_the_name_of_a_text_is_refused(client: FlaskClient) -> None:
    """Red without the check (500): the form measures the file as if it were a text"""
    file = (io.BytesIO(b"x"), "x.txt")
    assert send(client, "/sign-in", email=file, password="x").status_code == 400
