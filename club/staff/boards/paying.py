"""Did it pay? Members beside others and beside themselves before, and what the club cost."""

from flask_babel import gettext as _

from club import return_figures
from club.return_figures import BeforeAfter, Costs, Spenders
from club.staff.boards.asking import Ask
from foundation.charts import Board, Chart, Row, Tile


def board(ask: Ask) -> Board:
    """The page for the general manager's question."""
    members, others = return_figures.members_and_others(ask.db, ask.period)
    now = return_figures.costs(ask.db, ask.period, zone=ask.zone)
    before = return_figures.costs(ask.db, ask.period.before, zone=ask.zone)
    tiles = [
        Tile(_("Members paid us"), members.fen, "money", note=_visits(members)),
        Tile(_("The club cost"), now.total, "money", before.total, note=_share(now, members)),
        Tile(_("A member paid on average"), members.each_fen, "money"),
        Tile(_("Another owner paid on average"), others.each_fen, "money", note=_visits(others)),
    ]
    cohort = return_figures.before_and_after(ask.db, today=ask.today)
    return Board(
        tiles,
        [*_beside(members, others), *_joining(*cohort), _costs(now, before)],
        [*_caveats(ask), *_cost_notes()],
    )


def _visits(found: Spenders) -> str:
    owners, visits = f"{found.owners:,}", f"{found.visits:,}"
    return str(_("%(owners)s owners, %(visits)s visits", owners=owners, visits=visits))


def _share(cost: Costs, members: Spenders) -> str | None:
    if members.fen <= 0:
        return None
    share = f"{100 * cost.total / members.fen:.1f}"
    return str(_("%(share)s %% of what members paid", share=share))


def _beside(members: Spenders, others: Spenders) -> list[Chart]:
    names = (_("Members"), _("Other owners"))
    both = list(zip(names, (members, others), strict=True))
    paid = [Row(name, [one.each_fen]) for name, one in both]
    came = [Row(name, [one.visits_each_100]) for name, one in both]
    return [
        Chart("bars", _("Paid in the period, on average"), paid, _("Owners"), unit="money"),
        Chart("bars", _("Visits in the period, of 100 owners"), came, _("Owners")),
    ]


def _joining(everybody: BeforeAfter, known: BeforeAfter) -> list[Chart]:
    names = (
        _("All %(people)s who joined", people=f"{everybody.people:,}"),
        _("Of them %(people)s who had come before", people=f"{known.people:,}"),
    )
    both = list(zip(names, (everybody, known), strict=True))
    year = [_("Year before"), _("Year after")]
    paid = [
        Row(name, [_each(one.before_fen, one), _each(one.after_fen, one)]) for name, one in both
    ]
    came = [
        Row(name, [_each(100 * one.before_visits, one), _each(100 * one.after_visits, one)])
        for name, one in both
    ]
    return [
        Chart(
            "bars",
            _("Paid a year before and after joining, on average"),
            paid,
            _("Owners"),
            year,
            "money",
            compares=True,
        ),
        Chart(
            "bars",
            _("Visits a year before and after joining, of 100 people"),
            came,
            _("Owners"),
            year,
            compares=True,
        ),
    ]


def _each(total: int, found: BeforeAfter) -> int:
    return total // found.people if found.people else 0


def _costs(now: Costs, before: Costs) -> Chart:
    rows = [
        Row(_("Points paid with at the till"), [before.points, now.points]),
        Row(_("Vouchers"), [before.vouchers, now.vouchers]),
        Row(_("Workshop discounts by tier"), [before.discounts, now.discounts]),
        Row(_("Yearly benefits"), [before.benefits, now.benefits]),
        Row(_("Paid to partners"), [before.partners, now.partners]),
        Row(_("All together"), [before.total, now.total]),
    ]
    pair = [_("Period before"), _("This period")]
    return Chart("bars", _("What the club gave"), rows, _("What"), pair, "money", compares=True)


def _caveats(ask: Ask) -> list[str]:
    first, last = return_figures.cohort_months(ask.today)
    return [
        _("This is no proof that the club makes people spend more. Owners who come often and "
          "spend much are more likely to join, so members would lead even if the club did "
          "nothing."),
        _("Before and after compares the same people, and leaves out the month in which they "
          "joined; counted are those who joined from %(first)s to %(last)s, whose year after is "
          "over. Cars get older and prices rise, which also moves it.",
          first=f"{first:%Y-%m}", last=f"{last:%Y-%m}"),
        _("Who had not come before starts from nothing: the second row leaves them out."),
    ]  # fmt: skip


def _cost_notes() -> list[str]:
    return [
        _("Paid is what owners paid themselves for work, parts and packages, net of refunds: the "
          "price of cars, insurance, warranty and free work are not in it, and the sale of a "
          "package is no visit. Points that bought a reward count as the voucher they became. The "
          "work of the club’s people and of events is not in it."),
    ]  # fmt: skip
