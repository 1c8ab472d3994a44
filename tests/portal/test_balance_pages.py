"""Opening balances at the desk: from the file to the signature of a second person and back."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foundation import clock
from foundation.roles import Role
from foundation.sheets.reading import open_sheet
from foundation.web.database import db, write
from members.models import MemberFacts, Owner
from portal import jobs
from portal.models import BatchState, ImportBatch
from tests.browsing import TOKEN, fresh, send, send_as_it_is
from tests.entering import at_desk

ROWS = (
    '旧卡号,姓名,手机,积分,积分有效期\nA1,周宁,13800000001,"1,700",2099-12-31\nA2,,,5,2099-12-31\n'
)


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    return at_desk(app)


@pytest.fixture
def chief(app: Flask) -> FlaskClient:
    return at_desk(app, Role.GENERAL_MANAGER)


def upload(client: FlaskClient, text: str) -> str:
    found = TOKEN.search(client.get("/desk/balances").text)
    assert found
    file = (io.BytesIO(text.encode()), "cards.csv")
    data = {"csrf_token": found[1], "source": "旧会员系统", "file": file}
    return client.post("/desk/balances", data=data).location


def work(app: Flask) -> None:
    with app.app_context():
        write()
        jobs.work_on_imports(db.session, app.extensions["club_settings"], clock.now())


def batch_of(app: Flask) -> ImportBatch:
    with fresh(app) as session:
        return session.scalars(select(ImportBatch)).one()


def test_a_file_is_checked_signed_by_another_and_taken_back(
    app: Flask, manager: FlaskClient, chief: FlaskClient
) -> None:
    """The uploader has no form to sign and is refused; who signs is not told the sum; the member's
    archive names the old card, and search finds it. Red when the sum stands on the page."""
    here = upload(manager, ROWS)
    send_as_it_is(manager, here, f"{here}/columns")
    work(app)
    assert batch_of(app).state is BatchState.CHECKED
    assert f"{here}/sign" not in manager.get(here).text
    assert send(manager, f"{here}/sign", here, points="1700").status_code == 422
    signing = chief.get(here).text
    assert "由签字人填写" in signing
    assert "积分之和" in signing
    assert send(chief, f"{here}/sign", here, points="1699").status_code == 422
    assert send(chief, f"{here}/sign", here, points="1,70").status_code == 422
    assert send(chief, f"{here}/sign", here, points=" １，７００ ").status_code == 303
    work(app)
    with fresh(app) as session:
        who = session.scalars(select(Owner).where(Owner.name == "周宁")).one()
        assert session.get_one(MemberFacts, who.id).points == 1700
    archive = manager.get(f"/desk/members/{who.id}").text
    assert "由原会员卡转入" in archive
    assert "旧卡号 · A1" in archive
    assert "周宁" in manager.get("/desk/search?q=A1").text
    assert send(chief, f"{here}/undo", here).status_code == 303
    assert batch_of(app).state is BatchState.UNDONE
    with fresh(app) as session:
        assert session.get(Owner, who.id) is None
    undone = manager.get(here).text
    assert "已撤销" in undone
    assert "A2" in undone


def test_orders_and_balances_have_their_own_addresses(app: Flask, manager: FlaskClient) -> None:
    """A file of balances is none of orders: there it does not exist, nor does it in their list."""
    here = upload(manager, ROWS)
    number = here.rsplit("/", 1)[-1]
    assert manager.get(f"/desk/imports/{number}").status_code == 404
    assert "cards.csv" not in manager.get("/desk/imports").text
    assert "cards.csv" in manager.get("/desk/balances").text


def test_the_workbook_to_fill_in_has_every_column(manager: FlaskClient) -> None:
    answer = manager.get("/desk/balances/template.xlsx")
    sheet = open_sheet(answer.data, "x.xlsx")
    assert len(sheet.headers) == 16
    assert sheet.headers[0] == "旧卡号(Old card)"
    assert len(list(sheet.rows)) == 2
