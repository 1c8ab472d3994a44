"""Benefits and vouchers: what was used, what became of what was given, what it cost."""

from flask_babel import gettext as _

from club import benefit_figures, voucher_figures
from club.benefit_figures import BenefitSum
from club.staff.boards.asking import Ask, word
from club.voucher_figures import KindSum
from foundation.charts import Board, Chart, Row, Tile


def board(ask: Ask) -> Board:
    """The page of benefits and vouchers."""
    now, before = ask.period, ask.period.before
    uses = benefit_figures.used(ask.db, now.first, now.last)
    old_uses = benefit_figures.used(ask.db, before.first, before.last)
    kinds = voucher_figures.by_kind(ask.db, now, today=ask.today)
    old_kinds = voucher_figures.by_kind(ask.db, before, today=ask.today)
    tiles = [
        Tile(
            _("Benefits used"),
            sum(one.uses for one in uses),
            before=sum(one.uses for one in old_uses),
        ),
        Tile(_("Their cost"), _cost(uses), "money", _cost(old_uses)),
        Tile(_("Vouchers given"), _given(kinds), before=_given(old_kinds)),
        Tile(_("Taken off by vouchers"), _fen(kinds), "money", _fen(old_kinds)),
    ]
    return Board(tiles, [*_benefits(ask, uses), *_vouchers(ask, kinds)], _notes())


def _cost(uses: list[BenefitSum]) -> int:
    return sum(one.fen for one in uses)


def _given(kinds: list[KindSum]) -> int:
    return sum(one.funnel.issued for one in kinds)


def _fen(kinds: list[KindSum]) -> int:
    return sum(one.fen for one in kinds)


def _benefits(ask: Ask, uses: list[BenefitSum]) -> list[Chart]:
    tiers = ask.tier_words()
    by_tier = [Row(word(one.benefit), [one.by_tier.get(tier, 0) for tier in tiers]) for one in uses]
    cost = [Row(word(one.benefit), [one.fen]) for one in uses]
    months = benefit_figures.used_by_month(ask.db, ask.period.chart_first, ask.period.last)
    return [
        Chart("stacked", _("Benefits used, by tier"), by_tier, _("Benefit"), list(tiers.values())),
        Chart("ranking", _("What used benefits cost"), cost, _("Benefit"), unit="money"),
        ask.by_month("columns", _("Benefits used by month"), months),
    ]


def _vouchers(ask: Ask, kinds: list[KindSum]) -> list[Chart]:
    whole = voucher_figures.total(kinds)
    steps = [
        Row(_("Given"), [whole.issued]),
        Row(_("Seen"), [whole.seen]),
        Row(_("Redeemed"), [whole.redeemed]),
    ]
    each = [
        Row(
            word(one.kind),
            [
                *(one.funnel.issued, one.funnel.seen, one.funnel.redeemed),
                *(one.funnel.expired, one.funnel.revoked, one.funnel.open),
            ],
            f"/desk/vouchers/kinds/{one.kind.id}",
        )
        for one in kinds
    ]
    fen = [Row(word(one.kind), [one.fen], f"/desk/vouchers/kinds/{one.kind.id}") for one in kinds]
    months = voucher_figures.taken_off_by_month(ask.db, ask.period.chart_first, ask.period.last)
    heads = [
        *(_("Given"), _("Seen"), _("Redeemed"), _("Expired"), _("Revoked"), _("Still open")),
    ]
    return [
        Chart("funnel", _("Vouchers given in the period"), steps, _("Step"), of_first=True),
        Chart("ranking", _("Taken off, by kind"), fen, _("Kind"), unit="money"),
        ask.by_month("columns", _("Taken off by vouchers, by month"), months, "money"),
        Chart("table", _("Vouchers given, by kind"), each, _("Kind"), heads),
    ]


def _notes() -> list[str]:
    return [
        _("A benefit costs what is set for it under tiers and benefits, else the average of the "
          "settings. A voucher counts as given on its day of issue and as taken off on the day "
          "it was used; what was undone does not count."),
    ]  # fmt: skip
