"""Importing orders at the desk, from upload to the worker's last row."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from club.voucher_use import OrderDraft
from foundation import clock
from foundation.web.database import db, write
from members.models import Owner, ServiceOrder
from portal import jobs
from portal.models import BatchState, ImportBatch
from tests.browsing import TOKEN, fresh, send, send_as_it_is
from tests.club import vouching
from tests.entering import at_desk
from tests.portal.order_files import bring_in, csv_of, order
from tests.reading import texts

ORDERS = "order_no,customer_id,order_date,amount\nA1,7,2026-01-05,100.00\nA2,7,2026-01-06,oops\n"
REFUNDS = (
    "order_no,customer_id,order_date,amount\n"
    "A1,7,2026-01-05,100.00\nC2,7,2026-01-06,-30.00\nC3,8,2026-01-06,-5.00\n"
)
OWN_NAMES = "Nr,Who,Day,Paid out\nA1,7,2026-01-05,100.00\n"


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    return at_desk(app)


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
    send_as_it_is(manager, here, f"{here}/columns")
    assert "data-watch" in manager.get(here).text
    work(app)
    report = manager.get(here)
    with fresh(app) as session:
        batch = session.scalars(select(ImportBatch)).one()
    assert (batch.state, batch.created, batch.refused) == (BatchState.CHECKED, 1, 1)
    for told in ("A1", "A2", "2026-01-05", "¥100.00", "oops"):
        assert told in report.text
    assert orders(app) == 0


def test_a_file_of_headings_alone_offers_nothing_to_apply(app: Flask, manager: FlaskClient) -> None:
    here = upload(manager, ORDERS.partition("\n")[0] + "\n").location
    send_as_it_is(manager, here, f"{here}/columns")
    work(app)
    report = manager.get(here).text
    assert ("没有数据行" in report, f"{here}/apply" in report) == (True, False)


def test_an_applied_file_is_in_after_the_worker_was_there(app: Flask, manager: FlaskClient) -> None:
    here = upload(manager, ORDERS).location
    send_as_it_is(manager, here, f"{here}/columns")
    work(app)
    send(manager, f"{here}/apply", here)
    work(app)
    with fresh(app) as session:
        batch = session.scalars(select(ImportBatch)).one()
    assert (batch.state, batch.created, orders(app)) == (BatchState.APPLIED, 1, 1)


def test_a_file_waits_for_its_worker_in_words(app: Flask, manager: FlaskClient) -> None:
    """Red when the page shows a bar that nobody moves, or a second check is let in."""
    here = upload(manager, ORDERS).location
    send_as_it_is(manager, here, f"{here}/columns")
    again = send(manager, f"{here}/columns", "/desk/imports")
    assert again.status_code == 422
    assert "后台程序没有运行" in again.text


def test_chosen_columns_are_remembered_for_the_source(app: Flask, manager: FlaskClient) -> None:
    here = upload(manager, OWN_NAMES).location
    chosen = {"order_no": "Nr", "customer_id": "Who", "order_date": "Day", "amount": "Paid out"}
    form = {f"column_{field}": name for field, name in chosen.items()}
    assert send(manager, f"{here}/columns", here, **form).status_code == 303
    again = upload(manager, OWN_NAMES).location
    send_as_it_is(manager, again, f"{again}/columns")
    work(app)
    with fresh(app) as session:
        batch = session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
    assert batch is not None
    assert (batch.mapping, batch.created) == (chosen, 1)


def test_refunds_without_their_purchase_are_counted_and_named(
    app: Flask, manager: FlaskClient
) -> None:
    """Before and after applying; red when the report is silent about them."""
    here = upload(manager, REFUNDS).location
    send_as_it_is(manager, here, f"{here}/columns")
    work(app)
    before = manager.get(f"{here}?outcome=unnamed").text
    send(manager, f"{here}/apply", here)
    work(app)
    for page in (before, manager.get(f"{here}?outcome=unnamed").text):
        assert "未注明原单，已从 A1 中扣减。" in page
        assert "未注明原单，也没有找到可扣减的更早工单。" in page
        assert '<td class="figures" data-label="工单号">A1<' not in page
    assert "文件已导入" in manager.get(here).text


def test_an_uploaded_file_can_be_discarded_at_once(app: Flask, manager: FlaskClient) -> None:
    """Nothing of it stays; one that is being applied stays. Red without the look at its state."""
    here, applied = upload(manager, ORDERS).location, upload(manager, REFUNDS).location
    send(manager, f"{applied}/apply", applied)
    assert send(manager, f"{applied}/discard", here).status_code == 422
    assert send(manager, f"{here}/discard", here).location == "/desk/imports"
    with fresh(app) as session:
        batch = session.get_one(ImportBatch, int(here.rsplit("/", 1)[1]))
        assert (batch.state, batch.content, batch.preview) == (BatchState.EXPIRED, None, None)
    assert "未导入即被作废" in manager.get(here).text


@pytest.mark.parametrize("name", ["photo.png", "orders.xlsx", "orders.csv"])
def test_a_file_that_is_no_sheet_is_refused_in_a_sentence(
    app: Flask, manager: FlaskClient, name: str
) -> None:
    answer = upload(manager, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", name)
    assert answer.status_code == 422
    with fresh(app) as session:
        assert session.scalars(select(ImportBatch)).all() == []


def test_a_refund_of_what_was_paid_is_in_doubt(app: Flask, manager: FlaskClient) -> None:
    """R5: ¥1,000 with a voucher of ¥120; a refund of ¥880 takes a part, and the report asks, before
    and after it. Half of it, and all at the list price, are in no doubt. Red without `in_doubt`."""
    with fresh(app) as session:
        bring_in(session, csv_of([order("A1")]), source="workshop")
        who = session.scalars(select(Owner)).one()
        kind = vouching.kind(session, fen=120_00)
        for number in ("W1", "W2", "W3"):
            voucher = vouching.voucher(session, who, kind)
            vouching.redeem(session, voucher, OrderDraft((), number, "workshop"))
        session.commit()
    sums = {"W1": "-880.00", "W2": "-440.00", "W3": "-1000.00"}
    sold = [order(each, amount="1000.00", refund_of="") for each in sums]
    back = [order(f"C{each}", amount=fen, refund_of=each) for each, fen in sums.items()]
    here = upload(manager, csv_of([*sold, *back]).decode()).location
    send_as_it_is(manager, here, f"{here}/columns")
    work(app)
    before = manager.get(f"{here}?outcome=as_paid").text
    send(manager, f"{here}/apply", here)
    work(app)
    for page in (before, manager.get(f"{here}?outcome=as_paid").text):
        assert "金额与 W1 的实付金额相同" in page
        assert [one for one in texts(page, "figures", "td") if "行" in one] == ["CW1 第 5 行"]
    assert "有 1 笔退款为实付金额" in manager.get(here).text
