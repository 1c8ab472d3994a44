"""Charts: every figure in its table, nothing drawn outside, no name that does anything."""

import io
import re
from decimal import Decimal

import pytest
from flask import Flask, render_template_string
from openpyxl import load_workbook

from foundation.charts import Chart, Kind, Row, sheet_of
from foundation.sheets.writing import Sheet, workbook_of

DRAW = '{% from "macros/charts.html" import chart with context %}{{ chart(figure) }}'
MONTHS = [Row(f"2026-{n:02d}", [n * 100, 1300 - n * 100], f"/list/{n}") for n in range(1, 13)]
PERCENT = re.compile(r'\s(?:x|cx|width)="([0-9.]+)%"')


def drawn(app: Flask, figure: Chart) -> str:
    with app.test_request_context():
        return render_template_string(DRAW, figure=figure)


def chart(kind: Kind, rows: list[Row] = MONTHS) -> Chart:
    series = ["before", "now"] if len(rows[0].values) == 2 else []
    return Chart(kind, "Points", rows, "Month", series, compares=kind == "lines")


@pytest.mark.parametrize("kind", ["bars", "stacked", "columns", "lines", "ranking"])
def test_a_chart_says_each_figure_and_stays_within_its_frame(app: Flask, kind: Kind) -> None:
    html = drawn(app, chart(kind))
    label = re.search(r'role="img" aria-label="([^"]*)"', html)
    assert label
    assert "2026-10 before 1,000, now 300" in label[1]
    cells = re.findall(r'<td class="num" data-label="(?:before|now)">([\d,]+)</td>', html)
    assert len(cells) == 24
    assert {"1,200", "100"} <= set(cells)
    assert html.count('<a href="/list/') == 12
    assert [float(n) for n in PERCENT.findall(html) if float(n) > 100] == []
    assert "style=" not in html


def test_a_pair_that_compares_says_the_difference(app: Flask) -> None:
    html = drawn(app, chart("lines"))
    assert re.findall(r'class="gain-(more|less)">([+\d,-]+)<', html)[0] == ("more", "+1,100")


def test_a_funnel_says_the_share_of_the_step_before(app: Flask) -> None:
    rows = [Row("Visits", [200]), Row("Joined", [50]), Row("Ordered", [10]), Row("Back", [0])]
    html = drawn(app, chart("funnel", rows))
    assert re.findall(r">(\d+(?: · \d+ %)?)</text>", html) == [
        "200",
        "50 · 25 %",
        "10 · 20 %",
        "0 · 0 %",
    ]


@pytest.mark.parametrize("kind", ["bars", "stacked", "columns", "lines", "ranking", "funnel"])
def test_a_name_in_a_chart_is_only_a_name(app: Flask, kind: Kind) -> None:
    """R45: red with `|safe` on a label, drawn, read out or in the table, with a link or without;
    on a title, a head, or the name of a series. The labels of upright charts are months."""
    bad = '<b>"&{{ 7 }}'
    upright = kind in ("columns", "lines")
    rows = [
        Row("2026-01" if upright else bad, [5, 3], "/list"),
        Row("" if upright else bad, [0, 0]),
    ]
    html = drawn(app, Chart(kind, bad, rows, bad, [bad, "now"]))
    assert "<b>" not in html
    assert "{{ 7 }}" in html


@pytest.mark.parametrize("kind", ["bars", "stacked", "columns", "lines", "ranking", "funnel"])
def test_a_chart_of_nothing_is_drawn_all_the_same(app: Flask, kind: Kind) -> None:
    empty = [Row("2026-01", [0]), Row("2026-02", [None])]
    assert "<svg" in drawn(app, chart(kind, empty))
    assert chart(kind, empty).is_empty


def test_the_sheet_of_a_chart_holds_the_same_figures() -> None:
    money = Chart("bars", "Spend", [Row("=1+1", [12345]), Row("b", [None])], "Who", unit="money")
    more = [Sheet("Spend", ["x"], []), Sheet("From the link to the first order", ["x"], [])]
    content = workbook_of([sheet_of(chart("lines")), sheet_of(money), *more])
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Points", "Spend", "Spend1", "From the link to the first"]
    points = list(book["Points"].values)
    assert points[:2] == [("Month", "before", "now"), ("2026-01", 100, 1200)]
    assert list(book["Spend"].values)[1:] == [("'=1+1", float(Decimal("123.45"))), ("b", None)]
