"""The club's figures at the desk, topic by topic, each as a page and as a workbook."""

from collections.abc import Callable
from typing import NamedTuple

from flask import abort, current_app
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club.blueprint import bp
from club.staff import reading
from club.staff.boards import given, owners, partners, paying, points, sources, tiers
from club.staff.boards.asking import Ask
from foundation import audit, clock
from foundation.charts import Board, sheet_of
from foundation.roles import Permission
from foundation.sheets.writing import workbook_of
from foundation.web.access import requires
from foundation.web.database import db, reads_first, then_write
from foundation.web.files import list_file
from foundation.web.pages import page
from foundation.web.periods import Asked, asked_period
from foundation.words import N_


class Topic(NamedTuple):
    """A page of figures: its name and how its board is made."""

    title: str
    board: Callable[[Ask], Board]


TOPICS = {
    "points": Topic(N_("Points"), points.board),
    "tiers": Topic(N_("Tiers"), tiers.board),
    "owners": Topic(N_("All owners"), owners.board),
    "benefits": Topic(N_("Benefits and vouchers"), given.board),
    "partners": Topic(N_("Partners"), partners.board),
    "sources": Topic(N_("Sources and referrals"), sources.board),
    "return": Topic(N_("Did it pay?"), paying.board),
}


@bp.get("/desk/figures/<topic>")
@requires(Permission.FIGURES_VIEW)
def figures_topic(topic: str) -> Response:
    asked = asked_period()
    found = _topic(topic)
    return page(
        "club/staff/figures_topic.html",
        asked.status,
        topic=topic,
        title=found.title,
        asked=asked,
        board=found.board(_ask(asked)),
    )


@bp.post("/desk/figures/<topic>/workbook")
@reads_first
@requires(Permission.FIGURES_VIEW)
def figures_workbook(topic: str) -> Response:
    """The charts' figures, one sheet each; that they left the house is noted."""
    asked, found = asked_period(), _topic(topic)
    board = found.board(_ask(asked))
    content = workbook_of([sheet_of(one) for one in (*board.charts, *board.more)])
    then_write()
    first, last = asked.period.first.isoformat(), asked.period.last.isoformat()
    audit.record(
        db.session,
        "figures.export",
        "figures",
        0,
        by=current_user.id,
        now=clock.now(),
        topic=topic,
        first=first,
        last=last,
    )
    db.session.commit()
    return list_file(content, f"figures-{topic}-{first}-{last}", "xlsx")


def _topic(name: str) -> Topic:
    return TOPICS.get(name) or abort(404)


def _ask(asked: Asked) -> Ask:
    zone = current_app.extensions["club_settings"].zone
    return Ask(db.session, asked.period, reading.today(), zone, asked.query)
