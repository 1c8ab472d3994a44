"""All owners at the end of the period, joined or not: what the club was on that day."""

from flask_babel import gettext as _

from club.figures import LOWEST_BAND, Figures, figures_at
from club.staff.boards.asking import Ask
from foundation.charts import Board, Chart, Row, Tile


def board(ask: Ask) -> Board:
    """The figures of one day, as the command `figures` tells them."""
    found = figures_at(ask.db, ask.period.last)
    points = found["points_outstanding"]
    tiles = [
        Tile(_("Owners"), found["owners"]),
        Tile(_("of them members"), found["members"], href=ask.address("/desk/figures/tiers")),
        Tile(_("Orders so far"), found["orders"]),
        Tile(_("Net spend so far"), found["net_spend_fen"], "money"),
        Tile(_("Points outstanding"), points),
        Tile(_("Worth"), ask.fen(points), "money"),
    ]
    return Board(tiles, _charts(ask, found), _notes(ask))


def _charts(ask: Ask, found: Figures) -> list[Chart]:
    tiers = [Row(name, [found["tiers"][code.value]]) for code, name in ask.tier_words().items()]
    words = {
        LOWEST_BAND: _("below ¥3,000"),
        "from_3000": _("from ¥3,000"),
        "from_8000": _("from ¥8,000"),
        "from_20000": _("from ¥20,000"),
    }
    bands = [Row(words[band], [owners]) for band, owners in found["bands"].items()]
    months = [
        Row(_("%(months)s months or longer", months=number), [owners])
        for number, owners in found["no_order_months"].items()
    ]
    return [
        Chart("bars", _("Owners by tier"), tiers, _("Tier")),
        Chart("bars", _("Owners by the spend that counts"), bands, _("Spend")),
        Chart("bars", _("Owners without an order"), months, _("For")),
    ]


def _notes(ask: Ask) -> list[str]:
    day = ask.period.last
    return [
        _(
            "Everything is as of the end of %(day)s. Counted are owners with an order by then, and "
            "members; whoever never joined is in it, with the points and the tier that would be "
            "theirs.",
            day=day,
        ),
        _(
            "Files that came in later count for the days that their orders name, so a day in the "
            "past can change when an older file comes in."
        ),
    ]
