"""The portal's own lists come back: through the reader of sheets, and through the importer."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from foundation import clock
from foundation.sheets.reading import open_sheet
from foundation.sheets.writing import Value, csv_pieces, workbook_bytes
from foundation.web.database import db, write
from members.models import Owner
from tests.browsing import fresh, send
from tests.entering import at_desk
from tests.events.at_the_desk import make_running, sign_up, stored
from tests.making import make_member, make_vehicle
from tests.portal.order_files import bring_in, counts

NAMES = ["=1+1", "'=1+1", "''@a", "+8", "-王", "＝二", "@SUM(A1)", "李\t雷", 'O"Hara, 三']
ORDER = ("工单号", "日期", "金额")
Rows = list[dict[str, Value]]


def exported(app: Flask, url: str, form: str) -> Rows:
    """What a reader of the downloaded file finds in it."""
    answer = send(at_desk(app), url, form=form, reason="核对")
    assert answer.status_code == 200
    return [dict(row.cells) for row in open_sheet(answer.get_data(), f"list.{form}").rows]


def with_orders(rows: Rows, form: str) -> bytes:
    """The list as the desk would send it on, with an order in each row."""
    heads = [*rows[0], *ORDER]
    lines: Iterator[list[Value]] = (
        [*row.values(), f"W{number}", "2026-02-01", "100.00"] for number, row in enumerate(rows)
    )
    return b"".join(csv_pieces(heads, lines)) if form == "csv" else workbook_bytes(heads, lines)


@pytest.fixture
def phones(app: Flask) -> dict[str, str | None]:
    """Members with these names and a car each; their numbers."""
    with app.app_context():
        write()
        made = {name: make_member(db.session, name, login=False) for name in NAMES}
        for owner in made.values():
            make_vehicle(db.session, owner)
        db.session.commit()
        return {name: owner.phone for name, owner in made.items()}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_of_members_comes_back(
    app: Flask, phones: dict[str, str | None], form: str
) -> None:
    """R61: every name and number as it was; red without `unguarded`."""
    rows = exported(app, "/desk/members/export", form)
    assert {row["姓名"]: row["手机"] for row in rows} == phones


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_of_members_can_be_imported(
    app: Flask, phones: dict[str, str | None], form: str
) -> None:
    """R61, R49: orders added to our own list find their owners; red without `unguarded`."""
    content = with_orders(exported(app, "/desk/members/export", form), form)
    with fresh(app) as session:
        batch = bring_in(session, content, now=clock.now())
        assert counts(batch) == (len(NAMES), 0, 0, 0)
        assert session.scalars(select(func.count()).select_from(Owner)).one() == len(NAMES)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_of_an_event_comes_back(app: Flask, form: str) -> None:
    """R61: every name as it was; red without `unguarded`."""
    event_id = stored(app, make_running)
    phones = {name: sign_up(app, event_id, name).owner.phone for name in NAMES}
    rows = exported(app, f"/desk/events/{event_id}/export", form)
    assert {row["姓名"]: row["手机"] for row in rows} == phones
