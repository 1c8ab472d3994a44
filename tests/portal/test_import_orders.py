"""Order files: once, in any order, in parts, corrected, refused with a reason."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from club import checking, ledger
from club.figures import figures_at
from club.models import Earning
from foundation.sheets.writing import workbook_bytes
from members.models import OrderLine, Owner, OwnerIdentity, ServiceOrder
from portal.importing import application, reception, recording, standing
from portal.models import BatchState, ImportRow
from portal.reference import seeding
from portal.row_cells import ColumnMissing
from tests.club.scene import NOW
from tests.conftest import Sessions
from tests.portal.order_files import (
    ACT,
    bring_in,
    counts,
    csv_of,
    made_up,
    number_of,
    order,
    sentences,
)

LAST = date(2025, 5, 29)


def test_the_same_file_again_changes_nothing(sessions: Sessions) -> None:
    """R8, R46: 0 created and 0 changed; red when every known line counts as changed."""
    content = csv_of(made_up(60, 12))
    with sessions() as db:
        assert counts(bring_in(db, content)) == (60, 0, 0, 0)
        before = figures_at(db, LAST)
    with sessions() as db:
        assert counts(bring_in(db, content)) == (0, 0, 60, 0)
        assert figures_at(db, LAST) == before
        assert list(checking.differences(db)) == []


def test_rows_and_columns_in_another_order_give_the_same(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R46: shuffled rows, turned columns, in parts; red without the sorting by service date."""
    monkeypatch.setattr(recording, "PART", 25)
    rows = made_up(120, 15)
    with sessions() as db:
        bring_in(db, csv_of(rows), source="one")
        first = figures_at(db, LAST)
    turned = [dict(reversed(row.items())) for row in rows]
    random.Random(3).shuffle(turned)
    with sessions() as db:
        bring_in(db, csv_of(turned), source="two")
        both = figures_at(db, LAST)
    assert both["points_outstanding"] == 2 * first["points_outstanding"]
    assert both["tiers"] == {tier: 2 * count for tier, count in first["tiers"].items()}


def test_an_import_that_was_cut_off_goes_on(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R46: two parts of five, then the rest; red when the mark is not kept."""
    monkeypatch.setattr(recording, "PART", 5)
    content = csv_of(made_up(23, 5))
    with sessions() as db:
        seeding.seed(db, now=NOW)
        batch = reception.upload(db, "dms", "o.csv", content, by=None, now=NOW)
        application.release(db, batch, by=None, now=NOW)
        steps = application.apply(db, batch, **ACT, clock=lambda: NOW)
        for _ in range(4):
            next(steps)
            db.commit()
        next(steps)
        db.rollback()
        assert (batch.resume_mark, number_of(db, ImportRow)) == (10, 10)
    with sessions() as db:
        again = db.get_one(type(batch), batch.id)
        later = NOW + standing.TURN + timedelta(seconds=1)
        for _ in application.apply(db, again, **ACT, clock=lambda: later):
            db.commit()
        assert counts(again) == (23, 0, 0, 0)
        assert again.state is BatchState.APPLIED
        assert list(checking.differences(db)) == []


def test_a_changed_amount_is_corrected_by_an_entry(sessions: Sessions) -> None:
    """Told again as ¥60: changed, 60 points, two entries; red when it counts as unchanged."""
    with sessions() as db:
        bring_in(db, csv_of([order("A1")]))
        batch = bring_in(db, csv_of([order("A1", amount="60.00")]))
        assert counts(batch) == (0, 1, 0, 0)
        owner_id = db.scalars(select(Owner.id)).one()
        assert ledger.balance(db, owner_id) == 60
        assert db.scalars(select(OrderLine.fen)).all() == [60_00]


def test_lines_of_one_order_and_a_linked_refund(sessions: Sessions) -> None:
    """Chinese headers, typed lines, a refund of the first; red when the link is not read."""
    head = ("工单号", "客户编号", "日期", "金额（元）", "行号", "工单类型", "付款方式", "原单号")
    rows = [
        ("W1", "K1", date(2026, 2, 1), 300, 1, "定保", "自费", None),
        ("W1", "K1", date(2026, 2, 1), 500, 2, "精品", "自费", None),
        ("W1", "K1", date(2026, 2, 1), 900, 3, "索赔", "厂家", None),
        ("T1", "K1", date(2026, 2, 9), -300, 1, "定保", "自费", "W1#1"),
    ]
    with sessions() as db:
        batch = bring_in(db, workbook_bytes(head, rows))
        assert counts(batch) == (4, 0, 0, 0)
        earned = db.scalars(select(Earning.points).order_by(Earning.order_line_id)).all()
        assert earned == [0, 500, 0]
        assert number_of(db, ServiceOrder) == 2


def test_rows_that_contradict_each_other_are_all_refused(sessions: Sessions) -> None:
    """R46: which comes first must not matter; red when the second is a change."""
    rows = [order("A1"), order("A1", amount="90.00"), order("A2")]
    with sessions() as db:
        batch = bring_in(db, csv_of(rows))
        assert counts(batch) == (1, 0, 0, 2)
        assert db.scalars(select(ServiceOrder.external_id)).all() == ["A2"]


def test_an_order_does_not_move_to_another_owner(sessions: Sessions) -> None:
    """A person decides; red without the check of the known order."""
    with sessions() as db:
        bring_in(db, csv_of([order("A1"), order("B1", customer_id="K2")]))
        batch = bring_in(db, csv_of([order("A1", customer_id="K2")]))
        assert sentences(db, batch) == ["2 refused: Order A1 is known as another owner’s."]


def test_a_refund_of_an_unknown_order_is_refused(sessions: Sessions) -> None:
    """Red when it is taken as a refund without a link."""
    rows = [order("A1"), order("T1", amount="-50", refund_of="X9")]
    rows[0]["refund_of"] = ""
    with sessions() as db:
        batch = bring_in(db, csv_of(rows))
        assert counts(batch) == (1, 0, 0, 1)
        assert ledger.balance(db, db.scalars(select(Owner.id)).one()) == 100


def test_unknown_columns_are_ignored_and_said(sessions: Sessions) -> None:
    with sessions() as db:
        batch = bring_in(db, csv_of([order("A1", weather="rain")]))
        assert batch.ignored == ["weather"]
        assert batch.created == 1


def test_a_file_without_amounts_is_refused(sessions: Sessions) -> None:
    """Red without the list of required columns."""
    rows = [{"order_no": "A1", "order_date": "2026-02-01"}]
    with sessions() as db, pytest.raises(ColumnMissing) as refusal:
        reception.upload(db, "dms", "o.csv", csv_of(rows), by=None, now=NOW)
    assert "amount" in str(refusal.value)


def test_a_batch_is_applied_once(sessions: Sessions) -> None:
    """Red when its state is not looked at."""
    with sessions() as db:
        batch = bring_in(db, csv_of([order("A1")]))
        with pytest.raises(standing.NotAgain):
            application.release(db, batch, by=None, now=NOW)
        assert db.scalars(select(OwnerIdentity.external_id)).all() == ["K1"]
