"""One-to-one WeChat messages at the desk: copy, send by hand, tick."""

from typing import TypeVar

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import and_, or_, select
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.roles import Permission
from foundation.web.access import may, requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.pages import page
from members.models import Account, Owner
from outreach import tasks
from outreach.blueprint import bp
from outreach.models import AdvisorTask
from outreach.staff.letter_words import about

Person = TypeVar("Person", Owner, Account)
SHOWN = 50


@bp.get("/desk/tasks")
@requires(Permission.TASK_DO)
def task_list() -> Response:
    return _list_page()


@bp.post("/desk/tasks/<int:task_id>/sent")
@requires(Permission.TASK_DO)
def task_sent(task_id: int) -> Response:
    task = db.session.get(AdvisorTask, task_id)
    if task is None or not _mine(task):
        abort(404)
    return done_or_shown(
        lambda: tasks.tick_sent(db.session, task, by=current_user.id, now=clock.now()),
        _list_page,
        back="/desk/tasks",
        said=_("Noted as sent."),
    )


def _mine(task: AdvisorTask) -> bool:
    """Own tasks, those of nobody, and for the club's managers all of them."""
    return task.account_id in (None, current_user.id) or may(Permission.LETTER_VIEW)


def _list_page(status: int = 200, refusal: str | None = None) -> Response:
    """Own tasks first, then those of nobody, then colleagues'."""
    turn = tasks.turn_of(current_user.id)
    wanted = tasks.open_query().add_columns(turn).order_by(None).order_by(turn, AdvisorTask.id)
    if not may(Permission.LETTER_VIEW):
        wanted = wanted.where(turn < 2)
    at = request.args.get("turn", 0, type=whole)
    after = request.args.get("after", 0, type=whole)
    wanted = wanted.where(or_(turn > at, and_(turn == at, AdvisorTask.id > after)))
    rows = db.session.execute(wanted.limit(SHOWN + 1)).all()
    shown, now = rows[:SHOWN], clock.now()
    people = {task.account_id for task, _letter, _turn in shown}
    return page(
        "outreach/staff/tasks.html",
        status,
        rows=shown,
        owners=_by_id(Owner, {task.owner_id for task, _letter, _turn in shown}),
        advisors=_by_id(Account, {one for one in people if one}),
        no_go={task.id: tasks.may_not_go(db.session, letter, now) for task, letter, _turn in shown},
        later=shown[-1] if len(rows) > SHOWN else None,
        about=about,
        refusal=refusal,
    )


def _by_id(table: type[Person], ids: set[int]) -> dict[int, Person]:
    return {one.id: one for one in db.session.scalars(select(table).where(table.id.in_(ids)))}
