"""The archive of one owner at the desk: read (and noted as read), and its fixed data corrected."""

from datetime import date, datetime

from flask import abort, current_app, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import statement
from foundation import clock
from foundation.clock import shop_day
from foundation.roles import Permission
from foundation.web.access import may, requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.language import say
from foundation.web.logged import logs_reading
from foundation.web.pages import page
from foundation.words import N_
from members import archive as fixed
from members import phones
from members.car_wear import wear_of
from members.car_words import ENERGY_WORDS
from members.merged import who_stays
from members.models import Advising, Owner
from outreach.staff.letter_words import about
from portal.archive import archive_of
from portal.blueprint import bp
from portal.merging import merges_of
from portal.staff.archive_form import ArchiveForm

PAID_WORDS = {
    "warranty": N_("warranty pays"),
    "insurance": N_("insurance pays"),
    "free": N_("free of charge"),
    "points": N_("paid with points"),
    "voucher": N_("paid with a voucher"),
    "package": N_("from a package"),
}
ADVISOR_WORDS = {Advising.SERVICE: N_("Service advisor"), Advising.SALES: N_("Sales advisor")}


@bp.get("/desk/members/<int:owner_id>")
@requires(Permission.MEMBER_VIEW)
@logs_reading("owner", "owner_id")
def archive(owner_id: int) -> Response:
    """The archive; that of a merged owner is the one that stayed."""
    stays = who_stays(db.session, owner_id)
    return archive_page(_owner(owner_id)) if stays == owner_id else redirect(str(stays), 303)


def archive_page(owner: Owner, status: int = 200, refusal: str | None = None) -> Response:
    """The archive as a page."""
    found = archive_of(
        db.session,
        owner,
        today=_now()[1],
        orders_before=request.args.get("orders", type=whole),
        entries_before=request.args.get("points", type=whole),
    )
    return page(
        "portal/staff/archive.html",
        status,
        refusal=refusal,
        archive=found,
        owner=owner,
        words=statement,
        wear_of=wear_of,
        about=about,
        energy_words=ENERGY_WORDS,
        paid_words=PAID_WORDS,
        advisor_rows=[(say(ADVISOR_WORDS[one.kind]), one.account.name) for one in found.advisors],
        full_phones=may(Permission.MEMBER_CONTACTS),
        may_edit=may(Permission.MEMBER_EDIT),
        may_merge=may(Permission.MEMBER_MERGE),
        merges=merges_of(db.session, owner.id),
    )


@bp.get("/desk/members/<int:owner_id>/edit")
@requires(Permission.MEMBER_EDIT)
@logs_reading("owner", "owner_id")
def archive_edit(owner_id: int) -> Response:
    owner = _owner(owner_id)
    form = ArchiveForm(obj=owner)
    form.phone.data = phones.display(owner.phone) if owner.phone else ""
    return _form_page(owner, form)


@bp.post("/desk/members/<int:owner_id>/edit")
@requires(Permission.MEMBER_EDIT)
def archive_correct(owner_id: int) -> Response:
    owner, form = _owner(owner_id), ArchiveForm()
    if not form.validate():
        return _form_page(owner, form, 422)
    now, today = _now()
    said = form.said(with_contacts=may(Permission.MEMBER_CONTACTS))
    return done_or_shown(
        lambda: fixed.correct(db.session, owner, said, today=today, by=current_user.id, now=now),
        lambda *no: _form_page(owner, form, *no),
        back=f"/desk/members/{owner_id}",
        said=_("Saved."),
    )


def _form_page(
    owner: Owner, form: ArchiveForm, status: int = 200, refusal: str | None = None
) -> Response:
    return page(
        "portal/staff/archive_edit.html",
        status,
        owner=owner,
        form=form,
        refusal=refusal,
        full_phones=may(Permission.MEMBER_CONTACTS),
    )


def _owner(owner_id: int) -> Owner:
    """The owner; a merged one leads to nobody any more."""
    owner = db.session.get(Owner, owner_id)
    if owner is None or owner.is_gone:
        abort(404)
    return owner


def _now() -> tuple[datetime, date]:
    now = clock.now()
    return now, shop_day(now, current_app.extensions["club_settings"].zone)
