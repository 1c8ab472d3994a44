"""Tiers: how many hold which, who rose and fell, who kept theirs."""

from flask_babel import gettext as _

from club.staff.boards.asking import Ask
from club.tier_figures import Moves, changes, moves
from foundation.charts import Board, Chart, Row, Tile


def board(ask: Ask) -> Board:
    """The page of tiers."""
    found, words = moves(ask.db, ask.period), ask.tier_words()
    rises, falls = _counted(ask, before=False)
    old_rises, old_falls = _counted(ask, before=True)
    members = sum(row.members for row in found.rows)
    old = sum(row.members for row in found.rows if not row.joined)
    kept = sum(found.kept(tier) for tier in words)
    tiles = [
        Tile(_("Members at its end"), members, before=old, href="/desk/members?joined=yes"),
        Tile(_("Rises"), rises, before=old_rises),
        Tile(_("Falls"), falls, before=old_falls),
        Tile(_("Kept their tier"), kept, note=_("of %(all)s", all=f"{old:,}")),
    ]
    return Board(tiles, _charts(ask, found), _notes())


def _counted(ask: Ask, *, before: bool) -> tuple[int, int]:
    period = ask.period.before if before else ask.period
    found = changes(ask.db, period.first, period.last).values()
    return sum(rises for rises, _falls in found), sum(falls for _rises, falls in found)


def _charts(ask: Ask, found: Moves) -> list[Chart]:
    words = ask.tier_words()
    sizes = [
        Row(
            name,
            [found.standing(tier, at_end=False), found.standing(tier, at_end=True)],
            None if ask.is_past else f"/desk/members?joined=yes&tier={tier.value}",
        )
        for tier, name in words.items()
    ]
    kept = [
        Row(name, [found.standing(t, at_end=False), found.kept(t)]) for t, name in words.items()
    ]
    months = changes(ask.db, ask.period.chart_first, ask.period.last)
    moved = [
        Row(month, [months.get(month, (0, 0))[1], months.get(month, (0, 0))[0]])
        for month in ask.period.months
    ]
    pairs = [
        Row(f"{words[row.before]} → {words[row.after]}", [row.members])
        for row in sorted(found.rows, key=lambda row: (row.before.rank, row.after.rank))
        if not row.joined and row.before is not row.after
    ]
    then = [_("At its beginning"), _("At its end")]
    return [
        Chart("bars", _("Members by tier"), sizes, _("Tier"), then, compares=True),
        Chart("bars", _("Who kept their tier"), kept, _("Tier"), [_("Held it"), _("Kept it")]),
        Chart(
            "columns", _("Falls and rises by month"), moved, _("Month"), [_("Falls"), _("Rises")]
        ),
        Chart("table", _("From tier to tier"), pairs, _("From and to"), [_("Members")]),
    ]


def _notes() -> list[str]:
    return [
        _("Counted are the members of the period’s last day, each by the tier held on the day "
          "before it began and on its last day. Who rose and fell again in between kept theirs."),
    ]  # fmt: skip
