"""One-to-one WeChat messages at the desk: copy, send by hand, tick."""

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import or_, select
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.web.access import may, requires
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.pages import page, refused
from members.models import Owner
from outreach import tasks
from outreach.blueprint import bp
from outreach.models import AdvisorTask

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
    try:
        tasks.tick_sent(db.session, task, by=current_user.id, now=clock.now())
    except Refusal as refusal:
        return _list_page(422, refused(refusal))
    db.session.commit()
    flash(_("Noted as sent."), "success")
    return redirect("/desk/tasks", 303)


def _mine(task: AdvisorTask) -> bool:
    """Own tasks, those of nobody, and for the club's managers all of them."""
    return task.account_id in (None, current_user.id) or may(Permission.LETTER_VIEW)


def _list_page(status: int = 200, refusal: str | None = None) -> Response:
    wanted = tasks.open_query()
    if not may(Permission.LETTER_VIEW):
        own = or_(AdvisorTask.account_id.is_(None), AdvisorTask.account_id == current_user.id)
        wanted = wanted.where(own)
    after = request.args.get("after", type=whole) or 0
    rows = db.session.execute(wanted.where(AdvisorTask.id > after).limit(SHOWN + 1)).all()
    ids, now = [task.owner_id for task, _letter in rows], clock.now()
    owners = db.session.scalars(select(Owner).where(Owner.id.in_(ids)))
    return page(
        "outreach/staff/tasks.html",
        status,
        rows=rows[:SHOWN],
        owners={owner.id: owner for owner in owners},
        refused={task.id: tasks.may_not_go(db.session, letter, now) for task, letter in rows},
        later=rows[SHOWN - 1][0].id if len(rows) > SHOWN else None,
        refusal=refusal,
    )
