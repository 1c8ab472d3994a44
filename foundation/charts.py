"""A chart: its title, its rows of figures, how it is drawn. Page, table and workbook say the same.

templates/macros/charts.html draws it. Texts are in the reader's language already.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from foundation.sheets.writing import Sheet, Value

Kind = Literal["bars", "stacked", "columns", "lines", "funnel", "ranking", "table"]
Unit = Literal["points", "money"]


class Row(NamedTuple):
    """One line: what it is about, a figure for each series, the address of its list."""

    label: str
    values: Sequence[int | None]
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """`head` stands over the labels of the table; money is fen, everything else whole numbers.

    Over months the labels are "2026-11". `compares` says the difference of a pair in the table;
    a funnel `of_first` has the shares of its first step and not of the one before.
    """

    kind: Kind
    title: str
    rows: Sequence[Row]
    head: str
    series: Sequence[str] = field(default=())
    unit: Unit = "points"
    compares: bool = False
    of_first: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for row in self.rows for value in row.values)


@dataclass(frozen=True, slots=True)
class Tile:
    """A key number, what it was in the period before, and the page behind it."""

    label: str
    value: int | None
    unit: Unit = "points"
    before: int | None = None
    note: str | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """A page of figures: key numbers, charts, and what to mind when reading them.

    `more` are tables that only the workbook holds.
    """

    tiles: Sequence[Tile]
    charts: Sequence[Chart]
    notes: Sequence[str] = ()
    more: Sequence[Chart] = ()


def sheet_of(chart: Chart) -> Sheet:
    """The chart's figures as a sheet of a workbook, money in yuan."""
    return Sheet(chart.title, (chart.head, *(chart.series or (chart.title,))), _cells(chart))


def _cells(chart: Chart) -> Iterator[Sequence[Value]]:
    for row in chart.rows:
        yield row.label, *(_cell(value, chart.unit) for value in row.values)


def _cell(value: int | None, unit: Unit) -> Value:
    return Decimal(value) / 100 if unit == "money" and value is not None else value
