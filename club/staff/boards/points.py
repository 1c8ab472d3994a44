"""Points: what is outstanding and when it ends, what was issued, spent and lost."""

from flask_babel import gettext as _

from club.figures import points_outstanding
from club.point_figures import Flow, Outstanding, flow_in, flows, outstanding
from club.staff.boards.asking import Ask
from foundation.charts import Board, Chart, Row, Tile


def board(ask: Ask) -> Board:
    """The page of points."""
    held, now, before = outstanding(ask.db, max(ask.period.last, ask.today)), *_both(ask)
    total = points_outstanding(ask.db, ask.period.last) if ask.is_past else held.total
    endless = _("%(points)s without an end", points=f"{held.endless:,}")
    at_end = _("at the end of %(day)s", day=ask.period.last)
    tiles = [
        Tile(_("Points outstanding"), total, note=at_end if ask.is_past else endless),
        Tile(_("Worth"), ask.fen(total), "money"),
        Tile(_("Issued"), now.issued, before=before.issued),
        Tile(_("Spent"), -now.spent, before=-before.spent),
        Tile(_("Expired"), -now.expired, before=-before.expired),
    ]
    months = flows(ask.db, ask.period.chart_first, ask.period.last)
    return Board(tiles, [*_ends(ask, held), *_moves(ask, months)], _notes(ask, held))


def _both(ask: Ask) -> tuple[Flow, Flow]:
    return flow_in(ask.db, ask.period), flow_in(ask.db, ask.period.before)


def _ends(ask: Ask, held: Outstanding) -> list[Chart]:
    points = [Row(month, [count]) for month, count in held.months]
    money = [Row(month, [ask.fen(count)]) for month, count in held.months]
    title = _("Outstanding points by the month they end in")
    if ask.is_past:
        title = _("Outstanding today, by the month they end in")
    return [
        Chart("columns", title, points, _("Month")),
        Chart("columns", _("The same in yuan"), money, _("Month"), unit="money"),
    ]


def _moves(ask: Ask, months: dict[str, Flow]) -> list[Chart]:
    found = [(month, months.get(month, Flow())) for month in ask.period.months]
    pair = [Row(month, [-one.spent, one.issued]) for month, one in found]
    whole = [
        Row(month, [one.issued, one.taken_back, one.spent, one.expired, one.adjusted, one.change])
        for month, one in found
    ]
    heads = [_("Issued"), _("Taken back"), _("Spent"), _("Expired"), _("Adjusted"), _("Net change")]
    ended = {month: -one.expired for month, one in found}
    return [
        Chart("lines", _("Issued and spent by month"), pair, _("Month"), [_("Spent"), _("Issued")]),
        ask.by_month("columns", _("Expired by month"), ended),
        Chart("table", _("How the balance moved"), whole, _("Month"), heads),
    ]


def _notes(ask: Ask, held: Outstanding) -> list[str]:
    notes = [
        _(
            "Outstanding is at the end of %(day)s; points of owners who have not joined are in it: "
            "they can use them as soon as they join.",
            day=ask.period.last,
        )
    ]
    if ask.is_past:
        notes.append(_("In which months points end is told of what is outstanding today."))
    if held.debts and not ask.is_past:
        notes.append(
            _(
                "Debts of %(points)s points are taken off: points that were spent and then taken "
                "back by a refund.",
                points=f"{-held.debts:,}",
            )
        )
    return notes
