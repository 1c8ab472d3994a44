"""Where members come from: joins by month, each source's steps, what members brought."""

from flask_babel import gettext as _

from club import join_figures, source_figures
from club.source_figures import MEMBERS_LINKS, Line
from club.staff.boards.asking import Ask
from foundation.charts import Board, Chart, Row, Tile
from foundation.web.language import say


def board(ask: Ask) -> Board:
    """The page of sources and referrals."""
    now = source_figures.lines(ask.db, ask.period)
    whole, old = (
        source_figures.total(now),
        source_figures.total(source_figures.lines(ask.db, ask.period.before)),
    )
    joined = sum(_joined(ask, before=False).values())
    tiles = [
        Tile(_("New members"), joined, before=sum(_joined(ask, before=True).values())),
        Tile(_("Visits of links"), whole.visits, before=old.visits),
        Tile(_("Joined by a link"), whole.joined, before=old.joined),
        Tile(_("First order of those"), whole.ordered, before=old.ordered),
    ]
    return Board(tiles, _charts(ask, now, whole), _notes())


def _joined(ask: Ask, *, before: bool) -> dict[str, int]:
    period = ask.period.before if before else ask.period
    return join_figures.joined_by_month(ask.db, period.first, period.last)


def _charts(ask: Ask, found: list[Line], whole: Line) -> list[Chart]:
    first, last = ask.period.chart_first, ask.period.last
    came = join_figures.joined_by_month(ask.db, first, last)
    went = join_figures.left_by_month(ask.db, first, last)
    months = [Row(one, [went.get(one, 0), came.get(one, 0)]) for one in ask.period.months]
    steps = [
        Row(_("Visits"), [whole.visits]),
        Row(_("Became members"), [whole.joined]),
        Row(_("First order"), [whole.ordered]),
    ]
    each = [Row(_name(one), [one.joined, one.ordered], _address(ask, one)) for one in found]
    visits = [Row(_name(one), [one.visits], _address(ask, one)) for one in found]
    brought = [
        Row(say(kind.label), [noted, credited, points], f"/desk/referrals?kind={kind.value}")
        for kind, (noted, credited, points) in source_figures.referred(ask.db, ask.period).items()
    ]
    pair, flow = [_("Became members"), _("First order")], [_("Left the club"), _("New members")]
    return [
        Chart("columns", _("Left and joined by month"), months, _("Month"), flow),
        Chart("funnel", _("From the link to the first order"), steps, _("Step")),
        Chart("ranking", _("Who joined, by source"), each, _("Source"), pair),
        Chart("ranking", _("Visits, by source"), visits, _("Source")),
        Chart(
            "table",
            _("What members brought"),
            brought,
            _("Kind"),
            [_("Noted"), _("Credited"), _("Points")],
        ),
    ]  # fmt: skip


def _name(line: Line) -> str:
    return line.source.name if line.source else say(MEMBERS_LINKS)


def _address(ask: Ask, line: Line) -> str:
    if line.source is None:
        return "/desk/referrals?kind=club"
    return ask.address(f"/desk/sources/{line.source.id}")


def _notes() -> list[str]:
    return [
        _("Visits are those of the period. Who joined in it counts with a first order whenever "
          "that came since."),
    ]  # fmt: skip
