"""The front page of the figures: five key numbers that open their page, and how the club grows."""

from flask_babel import gettext as _

from club import join_figures, return_figures
from club.figures import points_outstanding
from club.staff.boards.asking import Ask
from club.tier_figures import Moves, changes, moves
from foundation.charts import Board, Chart, Row, Tile
from foundation.periods import Period


def board(ask: Ask) -> Board:
    """What a manager wants to see first."""
    now, before = ask.period, ask.period.before
    points, found = points_outstanding(ask.db, now.last), moves(ask.db, now)
    old_points = points_outstanding(ask.db, before.last)
    cost = return_figures.costs(ask.db, now, zone=ask.zone)
    old_cost = return_figures.costs(ask.db, before, zone=ask.zone)
    rises = _rises(ask, now)
    tiles = [
        Tile(
            _("Members"),
            join_figures.members_at(ask.db, now.last),
            before=join_figures.members_at(ask.db, before.last),
            href=ask.address("/desk/figures/tiers"),
        ),
        Tile(
            _("New members"),
            _joined(ask, now),
            before=_joined(ask, before),
            href=ask.address("/desk/figures/sources"),
        ),
        Tile(
            _("Points outstanding"),
            ask.fen(points),
            "money",
            ask.fen(old_points),
            note=_("%(points)s points", points=f"{points:,}"),
            href=ask.address("/desk/figures/points"),
        ),
        Tile(
            _("Rises of tier"),
            rises,
            before=_rises(ask, before),
            href=ask.address("/desk/figures/tiers"),
        ),
        Tile(
            _("The club cost"),
            cost.total,
            "money",
            old_cost.total,
            href=ask.address("/desk/figures/return"),
        ),
    ]
    return Board(tiles, _charts(ask, found), _notes(now))


def _notes(period: Period) -> list[str]:
    return [
        _(
            "Members, tiers and points are those at the end of %(day)s. Members are who had joined "
            "by then; points are those of all owners, who can use them as soon as they join.",
            day=period.last,
        )
    ]


def _rises(ask: Ask, period: Period) -> int:
    return sum(rises for rises, _falls in changes(ask.db, period.first, period.last).values())


def _joined(ask: Ask, period: Period) -> int:
    return sum(join_figures.joined_by_month(ask.db, period.first, period.last).values())


def _charts(ask: Ask, found: Moves) -> list[Chart]:
    sizes = [
        Row(
            name,
            [found.standing(tier, at_end=True)],
            None if ask.is_past else f"/desk/members?joined=yes&tier={tier.value}",
        )
        for tier, name in ask.tier_words().items()
    ]
    months = join_figures.joined_by_month(ask.db, ask.period.chart_first, ask.period.last)
    return [
        Chart("bars", _("Members by tier"), sizes, _("Tier")),
        ask.by_month("columns", _("Joined by month"), months),
    ]
