"""The statement by lots: every lot and every line left out, on screen and in the workbook."""

import io
from datetime import timedelta

from openpyxl import load_workbook
from sqlalchemy.orm import Session

from club import ledger, lots, statement_sheet
from foundation.sheets.writing import workbook_bytes
from members.models import Owner, PaidBy
from tests.club import scene
from tests.club.scene import NOW, TODAY, days


def rich(db: Session) -> Owner:
    """A member with a lot half used, a lot half refunded, and a line that insurance paid."""
    who = scene.owner(db)
    scene.buy(db, who, TODAY - days(9), 100_00)
    bought = scene.buy(db, who, TODAY - days(8), 80_00)
    scene.buy(db, who, TODAY - days(7), 90_00, paid_by=PaidBy.INSURANCE)
    scene.buy(db, who, TODAY - days(6), -40_00, refund_of_id=bought.id)
    cause = {"cause_kind": "bill", "cause_id": "1", "on": TODAY, "by": None, "now": NOW}
    ledger.spend(db, who.id, 60, **cause)
    return who


def test_each_lot_says_what_became_of_it(db: Session) -> None:
    """R5, R7: red when the lines that brought nothing are missing."""
    rows = lots.page_of(db, rich(db).id).rows
    assert [(row.points, row.spent, row.taken, row.rest, row.state(TODAY)) for row in rows] == [
        (0, 0, 0, 0, "left-out"),
        (80, 0, 40, 40, "open"),
        (100, 60, 0, 40, "open"),
    ]


def test_an_undone_use_counts_as_unused(db: Session) -> None:
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 100_00)
    cause = {"cause_kind": "bill", "cause_id": "1", "on": TODAY, "by": None, "now": NOW}
    spent = ledger.spend(db, who.id, 60, **cause)
    ledger.undo(db, spent, reason="退单", on=TODAY, by=None, now=NOW)
    (row,) = lots.page_of(db, who.id).rows
    assert (row.spent, row.rest) == (0, 100)


def test_pages_meet_without_a_gap(db: Session) -> None:
    """Seven on three days in pages of two; red when the key forgets kind or id."""
    who = scene.owner(db)
    for number in range(7):
        by = PaidBy.INSURANCE if number % 2 else PaidBy.OWNER
        scene.buy(db, who, TODAY + timedelta(days=number // 3), 10_00, paid_by=by)
    seen, before = [], None
    while True:
        page = lots.page_of(db, who.id, before=before, most=2)
        seen += [str(row.key) for row in page.rows]
        if page.older is None:
            break
        before = lots.Key.read(str(page.older))
    assert seen == [str(row.key) for row in lots.all_of(db, who.id)]
    assert len(set(seen)) == 7


def test_a_broken_key_is_no_key() -> None:
    broken = ["", None, "x", "2026-01-01.1", "2026-99-01.1.1", "2026-01-01.-1.1", "2026-01-01.1.x"]
    assert [lots.Key.read(text) for text in broken] == [None] * len(broken)


def test_the_workbook_holds_the_rows_and_runs_nothing(db: Session) -> None:
    """R61: a work text that begins with = stays text; red without the guard."""
    who = rich(db)
    scene.buy(db, who, TODAY, 10_00, description="=cmd|' /C calc'!A0")
    rows = statement_sheet.rows(db, who.id, today=TODAY, say=str)
    book = load_workbook(io.BytesIO(workbook_bytes(statement_sheet.HEADERS, rows)))
    cells = list(book.active.iter_rows(values_only=True))
    assert [row[6] for row in cells[1:]] == [10, 0, 80, 100]
    assert cells[1][3] == "'=cmd|' /C calc'!A0"
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
    assert kinds <= {"s", "inlineStr", "n", "d"}
