"""Partners: how often their offers were used, by month, and what the shop pays."""

from flask_babel import gettext as _

from club.partner_figures import PartnerSum, confirmed
from club.staff.boards.asking import Ask, word
from foundation.charts import Board, Chart, Row, Tile

SHOWN = 3


def board(ask: Ask) -> Board:
    """The page of partners."""
    now = confirmed(ask.db, ask.period.first, ask.period.last)
    before = confirmed(ask.db, ask.period.before.first, ask.period.before.last)
    charted = confirmed(ask.db, ask.period.chart_first, ask.period.last)
    tiles = [
        Tile(_("Offers confirmed"), _uses(now), before=_uses(before)),
        Tile(_("We pay partners"), _fen(now), "money", _fen(before)),
        Tile(
            _("Partners with a use"),
            sum(one.uses > 0 for one in now),
            note=_("of %(all)s", all=len(now)),
        ),
    ]
    ranked = [Row(word(one.partner), [one.uses], _address(one)) for one in now]
    pays = [Row(word(one.partner), [one.fen], _address(one)) for one in now]
    return Board(
        tiles,
        [
            Chart("ranking", _("Offers confirmed, by partner"), ranked, _("Partner")),
            Chart("ranking", _("What we pay, by partner"), pays, _("Partner"), unit="money"),
            _months(ask, charted),
        ],
        more=[_each_month(ask, charted)],
    )


def _uses(found: list[PartnerSum]) -> int:
    return sum(one.uses for one in found)


def _fen(found: list[PartnerSum]) -> int:
    return sum(one.fen for one in found)


def _address(one: PartnerSum) -> str:
    return f"/desk/partners/{one.partner.id}/settlement"


def _months(ask: Ask, found: list[PartnerSum]) -> Chart:
    """The busiest partners by name, the others together."""
    busy = sorted(found, key=lambda one: -one.uses)
    shown, rest = busy[:SHOWN], busy[SHOWN:]
    names = [*(word(one.partner) for one in shown), *([_("Others")] if rest else [])]
    rows = []
    for month in reversed(ask.period.months):
        values = [one.months.get(month, 0) for one in shown]
        others = [sum(one.months.get(month, 0) for one in rest)] if rest else []
        rows.append(Row(month, [*values, *others]))
    return Chart("stacked", _("Offers confirmed by month"), rows, _("Month"), names)


def _each_month(ask: Ask, found: list[PartnerSum]) -> Chart:
    months = ask.period.months
    rows = [Row(word(one.partner), [one.months.get(month, 0) for month in months]) for one in found]
    return Chart("table", _("By partner and month"), rows, _("Partner"), months)
