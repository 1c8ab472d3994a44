"""Sources at the desk: the table with its funnel, one source with its code to print."""

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import source_figures
from club import sources as rules
from club.arrivals import BY_SOURCE
from club.blueprint import bp
from club.models import JoinSource
from club.source_figures import Came
from club.sources import SourceWords
from club.staff.source_forms import KINDS, SourceForm
from club.views.refer import link_address, picture
from foundation import clock
from foundation.roles import Permission
from foundation.sheets.writing import workbook_bytes
from foundation.web.access import may, requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.files import list_file
from foundation.web.language import say
from foundation.web.pages import page
from foundation.web.periods import asked_period

MAY = Permission.SOURCE_EDIT


@bp.get("/desk/sources")
@requires(MAY)
def sources() -> Response:
    asked = asked_period()
    found = source_figures.lines(db.session, asked.period)
    total = source_figures.total(found)
    return page("club/staff/sources.html", asked.status, lines=found, total=total, asked=asked)


@bp.get("/desk/sources/export.xlsx")
@requires(MAY)
def sources_workbook() -> Response:
    """Counts only: nobody is named in it."""
    words = {label: say(label) for label in [*source_figures.WORDS, *_labels()]}
    found = source_figures.lines(db.session, asked_period().period)
    heads = [say(head) for head in source_figures.HEADERS]
    content = workbook_bytes(heads, source_figures.sheet(found, words), title=_("Sources"))
    return list_file(content, "sources", "xlsx")


@bp.get("/desk/sources/new")
@requires(MAY)
def source_new() -> Response:
    return _page(None, _form(None))


@bp.post("/desk/sources/new")
@requires(MAY)
def source_add() -> Response:
    return _keep(None)


@bp.get("/desk/sources/<int:source_id>")
@requires(MAY)
def source(source_id: int) -> Response:
    found = _source(source_id)
    return _page(found, _form(found))


@bp.post("/desk/sources/<int:source_id>")
@requires(MAY)
def source_change(source_id: int) -> Response:
    return _keep(_source(source_id))


@bp.get("/desk/sources/<int:source_id>/code.png")
@requires(MAY)
def source_picture(source_id: int) -> Response:
    return picture(link_address(BY_SOURCE, _source(source_id).code), scale=20)


@bp.get("/desk/sources/<int:source_id>/print")
@requires(MAY)
def source_print(source_id: int) -> Response:
    found = _source(source_id)
    link = link_address(BY_SOURCE, found.code)
    return page("club/staff/source_print.html", source=found, link=link)


def _keep(found: JoinSource | None) -> Response:
    form = _form(found)
    if not form.validate():
        return _page(found, form, 422)
    chosen = next(kind for kind in KINDS if kind.value == form.kind.data)
    words = SourceWords(chosen, form.name.data or "", bool(form.active.data))
    return done_or_shown(
        lambda: rules.keep(db.session, found, words, by=current_user.id, now=clock.now()),
        lambda *no: _page(found, form, *no),
        back=lambda kept: f"/desk/sources/{kept.id}",
        said=_("Saved."),
    )


def _form(found: JoinSource | None) -> SourceForm:
    values = {"kind": found.kind.value} if found else {"active": True}
    form = SourceForm(obj=found, data=values)
    if found is not None and not form.is_submitted():
        form.kind.data = found.kind.value
    form.kind.choices = [(kind.value, say(kind.label)) for kind in KINDS]
    return form


def _labels() -> list[str]:
    return [kind.label for kind in KINDS]


def _page(
    found: JoinSource | None, form: SourceForm, status: int = 200, refusal: str | None = None
) -> Response:
    asked = asked_period()
    ordered = request.args.get("who") == "ordered"
    came: list[Came] = []
    if found is not None and may(Permission.MEMBER_VIEW):
        came = source_figures.newest_of(db.session, found, asked.period, ordered=ordered)
    return page(
        "club/staff/source.html",
        status if status != 200 else asked.status,
        asked=asked,
        came=came,
        ordered=ordered,
        source=found,
        form=form,
        refusal=refusal,
        line=source_figures.line_of(db.session, found, asked.period) if found else None,
        link=link_address(BY_SOURCE, found.code) if found else None,
    )


def _source(source_id: int) -> JoinSource:
    return db.session.get(JoinSource, source_id) or abort(404)
