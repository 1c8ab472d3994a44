"""A partner at the desk: who checks cards there, and what a month comes to."""

from datetime import date

from flask import abort, current_app, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import partner_clerks, settlement
from club.blueprint import bp
from club.models import Partner, PartnerClerk
from club.staff import reading
from foundation import audit, clock
from foundation.roles import Permission
from foundation.sheets.writing import workbook_bytes
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.files import list_file
from foundation.web.incoming import typed
from foundation.web.language import reader_language, say
from foundation.web.pages import page
from members.emails import normalise_email
from members.phones import normalise_mobile


@bp.get("/desk/partners/<int:partner_id>/settlement")
@requires(Permission.PARTNER_SETTLE)
def partner_settlement(partner_id: int) -> Response:
    partner, month = _partner(partner_id), _month(request.args.get("month", ""))
    return page(
        "club/staff/settlement.html",
        partner=partner,
        month=month,
        earlier=clock.add_months(month, -1),
        later=clock.add_months(month, 1),
        today=reading.today(),
        sums=settlement.sums_of(db.session, partner.id, month),
    )


@bp.post("/desk/partners/<int:partner_id>/settlement")
@requires(Permission.PARTNER_SETTLE)
def partner_settlement_file(partner_id: int) -> Response:
    """The workbook; that it left the house is noted."""
    partner, month = _partner(partner_id), _month(typed("month", 7))
    zone = current_app.extensions["club_settings"].zone
    rows = settlement.rows_of(db.session, partner.id, month, language=reader_language(), zone=zone)
    audit.record(
        db.session,
        "partner.settle",
        "partner",
        partner.id,
        by=current_user.id,
        now=clock.now(),
        month=f"{month:%Y-%m}",
        rows=len(rows),
    )
    db.session.commit()
    heads = [say(head) for head in settlement.HEADERS]
    rows.append(settlement.total_of(rows, say(settlement.TOTAL)))
    content = workbook_bytes(heads, rows, title=f"{month:%Y-%m}")
    return list_file(content, f"partner-{partner.id}-{month:%Y-%m}", "xlsx")


@bp.get("/desk/partners/<int:partner_id>/clerks")
@requires(Permission.PARTNER_SETTLE)
def partner_clerk_list(partner_id: int) -> Response:
    return _clerks_page(_partner(partner_id))


@bp.post("/desk/partners/<int:partner_id>/clerks")
@requires(Permission.PARTNER_SETTLE)
def partner_clerk_add(partner_id: int) -> Response:
    partner, phone, email = _partner(partner_id), typed("phone", 40), typed("address", 120)
    return done_or_shown(
        lambda: partner_clerks.add_clerk(
            db.session,
            partner,
            name=typed("name", 60),
            phone=normalise_mobile(phone) if phone else None,
            email=normalise_email(email).key if email else None,
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _clerks_page(_partner(partner_id), *no),
        back=f"/desk/partners/{partner_id}/clerks",
        said=_("The login is open. A letter says how to sign in the first time."),
    )


@bp.post("/desk/partners/<int:partner_id>/clerks/<int:account_id>/close")
@requires(Permission.PARTNER_SETTLE)
def partner_clerk_close(partner_id: int, account_id: int) -> Response:
    clerk = db.session.get(PartnerClerk, account_id)
    if clerk is None or clerk.partner_id != partner_id:
        abort(404)
    partner_clerks.close_clerk(db.session, clerk, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("The login is closed."))
    return redirect(f"/desk/partners/{partner_id}/clerks", 303)


def _clerks_page(partner: Partner, status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "club/staff/partner_clerks.html",
        status,
        partner=partner,
        clerks=partner_clerks.clerks_of(db.session, partner.id),
        typed=request.form if status == 422 else {},
        refusal=refusal,
    )


def _month(text: str) -> date:
    return settlement.month_of(text, today=reading.today())


def _partner(partner_id: int) -> Partner:
    return db.session.get(Partner, partner_id) or abort(404)
