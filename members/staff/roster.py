"""The desk's list of members, and its export."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.clock import shop_day
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.sheets.writing import file_of
from foundation.web.access import may, requires
from foundation.web.database import db, reads_first, then_write
from foundation.web.files import list_file
from foundation.web.incoming import whole
from foundation.web.language import say
from foundation.web.pages import page, refused
from members.blueprint import bp
from members.exporting import HEADERS, record_export, roster_rows
from members.models import Interest
from members.roster import ORDERS, Wanted, count_of, models_in_use, page_of
from members.staff.taking import asked_taking

EVERYBODY = "all"
NAMES = ("q", "tier", "model", "interest", "joined", "visit", "sort")
TIERS = ("general", "silver", "gold", "diamond")


@bp.get("/desk/members")
@requires(Permission.MEMBER_VIEW)
def roster() -> Response:
    wanted = _wanted(request.args)
    today = _today()
    found = page_of(
        db.session,
        wanted,
        today=today,
        after=request.args.get("after", type=whole),
        before=request.args.get("before", type=whole),
    )
    return page(
        "members/staff/roster.html",
        found=found,
        total=count_of(db.session, wanted, today=today),
        **_frame(wanted),
    )


@bp.get("/desk/members/export")
@requires(Permission.MEMBER_EXPORT)
def export_ask() -> Response:
    return _ask(_wanted(request.args))


@bp.post("/desk/members/export")
@reads_first
@requires(Permission.MEMBER_EXPORT)
def export() -> Response:
    wanted, taking = _wanted(request.form), asked_taking()
    try:
        taking.check()
    except Refusal as no:
        return _ask(wanted, 422, refused(no))
    rows = roster_rows(db.session, wanted, phones=taking.phones, today=_today())
    content = file_of(taking.form, [say(head) for head in HEADERS], rows)
    then_write()
    record_export(db.session, wanted, taking, rows=len(rows), by=current_user.id, now=clock.now())
    db.session.commit()
    return list_file(content, f"members-{_today()}", taking.form)


def _ask(wanted: Wanted, status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "members/staff/export.html",
        status,
        total=count_of(db.session, wanted, today=_today()),
        refusal=refusal,
        fields={name: value for name, value in asdict(wanted).items() if value}
        | {"joined": wanted.joined or EVERYBODY},
        reason=request.form.get("reason", ""),
        **_frame(wanted),
    )


def _frame(wanted: Wanted) -> dict[str, Any]:
    interests = db.session.scalars(
        select(Interest).where(Interest.retired.is_(False)).order_by(Interest.position)
    ).all()
    return {
        "wanted": wanted,
        "interests": interests,
        "models": models_in_use(db.session),
        "link": lambda **changes: _link(wanted, "/desk/members", **changes),
        "export_link": _link(wanted, "/desk/members/export"),
        "visit_words": visit_words(),
        "may_export": may(Permission.MEMBER_EXPORT),
        "full_phones": may(Permission.MEMBER_CONTACTS),
    }


def visit_words() -> dict[str, str]:
    """The filter for the last visit in words."""
    return {
        "3": _("Not here for 3 months"),
        "6": _("Not here for 6 months"),
        "12": _("Not here for 12 months"),
        "never": _("Never here"),
    }


def _link(wanted: Wanted, path: str, **changes: object) -> str:
    values = {**asdict(wanted), **changes}
    if values["sort"] == "name":
        values.pop("sort")
    kept = {name: value for name, value in values.items() if value}
    if not kept.keys() - {"sort", "after", "before"}:
        kept["joined"] = EVERYBODY
    return f"{path}?{urlencode(kept)}" if kept else path


def _wanted(source: Mapping[str, str]) -> Wanted:
    """The filters of an address or a form; what is unknown filters nothing.

    Without any filter the list shows who is in the club: archives of a first import, most of
    them without a name, would fill its pages.
    """
    said = {name: source.get(name, "")[:80] for name in NAMES}
    if not any(name in source for name in NAMES if name != "sort"):
        said["joined"] = "yes"
    if said["joined"] not in ("yes", "no"):
        said["joined"] = ""
    if said["sort"].removeprefix("-") not in ORDERS:
        said["sort"] = "name"
    if said["tier"] not in TIERS:
        said["tier"] = ""
    return Wanted(**said)


def _today() -> date:
    return shop_day(clock.now(), current_app.extensions["club_settings"].zone)
