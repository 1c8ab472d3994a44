"""What the event cost and brought in, and what members spent before and after it."""

from flask_babel import gettext as _
from flask_babel import ngettext

from events import costs, fees
from events.figuring import spending
from events.figuring.spending import Compared, Spent
from events.gatherings import sales
from events.staff.boards.parts import Asked, Part, drawn
from foundation.charts import Chart, Row, Tile


def tile(ask: Asked) -> Tile:
    """What came in less what it cost: the actual cost, or the planned one until it is known."""
    noted, title = costs.of_event(ask.db, ask.event), _("Income less cost")
    came_in = sum(_income(ask))
    if noted is not None and noted.actual_fen is not None:
        return Tile(title, came_in - noted.actual_fen, "money")
    if noted is not None and noted.planned_fen is not None:
        return Tile(title, came_in - noted.planned_fen, "money", note=_("with the planned cost"))
    return Tile(title, None, "money", note=_("No cost is noted yet."))


def _income(ask: Asked) -> tuple[int, int]:
    """Fees and sales, in fen."""
    return fees.received_fen(ask.db, ask.event.id), sales.taken_fen(ask.db, ask.event.id)


def cost(ask: Asked) -> Part:
    """Fees, sales and both costs side by side."""
    noted, (paid, sold) = costs.of_event(ask.db, ask.event), _income(ask)
    rows = [Row(_("Fees paid at the desk"), [paid]), Row(_("Sales at the event"), [sold])]
    if noted is not None and noted.planned_fen is not None:
        rows.append(Row(_("Planned cost"), [noted.planned_fen]))
    if noted is not None and noted.actual_fen is not None:
        rows.append(Row(_("Actual cost"), [noted.actual_fen]))
    chart = Chart("bars", _("Income and cost"), rows, _("What"), unit="money")
    return Part(
        _("Cost and income"),
        drawn([chart]),
        _("Nothing came in, and no cost is noted yet."),
        [_("Payments that were struck out and sales that were taken back do not count.")],
        noted=True,
    )


def spent(ask: Asked) -> Part:
    """The 90 days after against the 90 before, for who came and who was invited and did not."""
    found, title = spending.compare(ask.db, ask.event, now=ask.now), _("Spent before and after")
    if found is None:
        why = (
            _("Nobody was checked in, so there is nobody to compare.")
            if ask.is_over
            else _("This is counted after the event.")
        )
        return Part(title, [], why)
    return Part(
        title,
        drawn(_charts(found)),
        _("None of them paid for anything at the workshop in these days."),
        _notes(found),
        warns=True,
    )


def _charts(found: Compared) -> list[Chart]:
    days = found.spans.days
    pair = [
        ngettext("%(num)s day before", "%(num)s days before", days),
        ngettext("%(num)s day after", "%(num)s days after", days),
    ]
    groups = [(label, one) for label, one in _groups(found) if one.people]
    each = [
        Row(label, [one.each(one.before_fen), one.each(one.after_fen)]) for label, one in groups
    ]
    whole = [Row(label, [one.before_fen, one.after_fen]) for label, one in groups]
    payers = [Row(label, [one.before_payers, one.after_payers]) for label, one in groups]
    head = _("Members")
    return [
        Chart("bars", _("Spent by each member, on average"), each, head, pair, "money", True),
        Chart("bars", _("Members who paid for something"), payers, head, pair, compares=True),
        Chart("table", _("Spent in all"), whole, head, pair, "money"),
    ]


def _groups(found: Compared) -> list[tuple[str, Spent]]:
    away = found.stayed_away
    return [
        (_("Came (%(num)s)", num=found.came.people), found.came),
        (_("Invited, did not come (%(num)s)", num=away.people), away),
    ]


def _notes(found: Compared) -> list[str]:
    notes = [
        _("This proves nothing by itself: who comes to events may be who comes to the workshop "
          "anyway, and a season or a service that was due moves both groups."),
        _("What owners paid for service orders counts, refunds taken off; never the price of a "
          "car, nor what warranty, insurance, points or vouchers paid. The days of the event are "
          "left out."),
    ]  # fmt: skip
    if found.spans.days < spending.DAYS:
        notes.append(
            _("The 90 days are not over: until %(day)s as many days are taken before as have "
              "passed since.", day=found.spans.full_on.isoformat())
        )  # fmt: skip
    return notes
