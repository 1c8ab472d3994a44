"""Kinds of packages at the desk: what is sold, a draft's terms, on sale, stopped."""

from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers.response import Response

from club import package_kinds as rules
from club.blueprint import bp
from club.models import Package, PackageKind
from club.package_kinds import ItemWords, PackageNotReady, PackageWords
from club.staff import reading
from club.views.vouchers import work_words
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.pages import page
from foundation.words import N_
from members.models import AT_THE_WORKSHOP

HERE = "/desk/packages"
FIELDS, ROWS = ("item_zh", "item_en", "work", "times"), 4


@bp.get(HERE)
@requires(Permission.CLUB_RULES)
def package_kinds() -> Response:
    return _list_page()


@bp.get(f"{HERE}/new")
@requires(Permission.CLUB_RULES)
def package_kind_new() -> Response:
    return _form_page(None)


@bp.post(f"{HERE}/new")
@requires(Permission.CLUB_RULES)
def package_kind_add() -> Response:
    return _keep(None)


@bp.get(f"{HERE}/<int:kind_id>/edit")
@requires(Permission.CLUB_RULES)
def package_kind_edit(kind_id: int) -> Response:
    return _form_page(_kind(kind_id))


@bp.post(f"{HERE}/<int:kind_id>/edit")
@requires(Permission.CLUB_RULES)
def package_kind_change(kind_id: int) -> Response:
    return _keep(_kind(kind_id))


@bp.post(f"{HERE}/<int:kind_id>/publish")
@requires(Permission.CLUB_RULES)
def package_kind_publish(kind_id: int) -> Response:
    return done_or_shown(
        lambda: rules.publish(db.session, _kind(kind_id), by=current_user.id, now=clock.now()),
        _list_page,
        back=HERE,
        said=_("On sale. Its terms stay as they are from now on."),
    )


@bp.post(f"{HERE}/<int:kind_id>/stop")
@requires(Permission.CLUB_RULES)
def package_kind_stop(kind_id: int) -> Response:
    return done_or_shown(
        lambda: rules.stop(db.session, _kind(kind_id), by=current_user.id, now=clock.now()),
        _list_page,
        back=HERE,
        said=_("Stopped. Packages already sold stay good until their day."),
    )


def _kind(kind_id: int) -> PackageKind:
    return db.session.get(PackageKind, kind_id) or abort(404)


def _list_page(status: int = 200, refusal: str | None = None) -> Response:
    sold = select(Package.kind_id, func.count()).group_by(Package.kind_id)
    return page(
        "club/staff/package_kinds.html",
        status,
        kinds=rules.all_kinds(db.session),
        sold=dict(db.session.execute(sold).all()),
        work=work_words(),
        refusal=refusal,
    )


def _keep(kind: PackageKind | None) -> Response:
    kind_id = kind.id if kind else None
    return done_or_shown(
        lambda: rules.keep(db.session, kind, _words(), by=current_user.id, now=clock.now()),
        lambda *no: _form_page(_kind(kind_id) if kind_id else None, *no),
        back=HERE,
        said=_("Saved."),
    )


def _words() -> PackageWords:
    price = reading.amount("price")
    if price is None:
        raise PackageNotReady(N_("Please enter the price."))
    return PackageWords(
        name_zh=typed("name_zh", 60),
        name_en=typed("name_en", 60),
        about_zh=typed("about_zh", 300),
        about_en=typed("about_en", 300),
        items=tuple(_item(row) for row in _rows_as_typed() if row["item_zh"]),
        price_fen=price,
        months=reading.number("months") or 0,
        one_car="one_car" in request.form,
    )


def _item(row: dict[str, str]) -> ItemWords:
    work = next((one for one in AT_THE_WORKSHOP if one.value == row["work"]), None)
    if work is None:
        raise PackageNotReady(N_("Please choose the kind of work of each thing."))
    times = int(row["times"]) if row["times"].isdecimal() and len(row["times"]) < 5 else 0
    return ItemWords(row["item_zh"], work, times, row["item_en"])


def _rows_as_typed() -> list[dict[str, str]]:
    columns = {name: request.form.getlist(name)[: rules.MOST_ITEMS] for name in FIELDS}
    return [
        {name: got[nth].strip()[:60] if nth < len(got) else "" for name, got in columns.items()}
        for nth in range(max(len(columns["item_zh"]), ROWS))
    ]


def _rows(kind: PackageKind | None) -> list[dict[str, Any]]:
    filled = [
        {
            "item_zh": one.name_zh,
            "item_en": one.name_en or "",
            "work": one.work.value,
            "times": one.times,
        }
        for one in (kind.items if kind else ())
    ]
    blank = dict.fromkeys(FIELDS, "")
    return filled + [dict(blank) for _row in range(max(ROWS - len(filled), 1))]


def _form_page(kind: PackageKind | None, status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "club/staff/package_kind_form.html",
        status,
        kind=kind,
        rows=_rows_as_typed() if status == 422 else _rows(kind),
        works=AT_THE_WORKSHOP,
        typed=request.form if status == 422 else None,
        refusal=refusal,
    )
