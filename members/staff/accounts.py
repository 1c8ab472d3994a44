"""The desk's page of colleagues: accounts, roles, stand-ins."""

from typing import Any

from flask import abort, flash, redirect
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.roles import Permission, Role
from foundation.shop import the_shop
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.language import say
from foundation.web.pages import page
from members import staff_accounts
from members.blueprint import bp
from members.emails import normalise_email
from members.forms import StaffForm
from members.models import Account
from members.phones import display, normalise_mobile
from members.staff_accounts import Colleague

MANAGE = Permission.STAFF_MANAGE
ROLES = {role.value: role for role in Role}


@bp.get("/desk/staff")
@requires(MANAGE)
def staff_list() -> Response:
    everybody = staff_accounts.staff(db.session)
    names = {account.id: account.name for account in everybody}
    return page("members/staff/list.html", everybody=everybody, names=names, number=display)


@bp.get("/desk/staff/new")
@requires(MANAGE)
def staff_new() -> Response:
    return _form_page(_form(None), None)


@bp.post("/desk/staff/new")
@requires(MANAGE)
def staff_new_post() -> Response:
    form = _form(None)
    if not form.validate():
        return _form_page(form, None, 422)
    return done_or_shown(
        lambda: staff_accounts.hire(
            db.session,
            _colleague(form),
            shop_id=the_shop(db.session).id,
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _form_page(form, None, *no),
        back="/desk/staff",
        said=lambda made: _("%(name)s can sign in now. A letter says how.", name=made.name),
    )


@bp.get("/desk/staff/<int:account_id>")
@requires(MANAGE)
def staff_edit(account_id: int) -> Response:
    account = _account(account_id)
    return _form_page(_form(account), account)


@bp.post("/desk/staff/<int:account_id>")
@requires(MANAGE)
def staff_edit_post(account_id: int) -> Response:
    account = _account(account_id)
    form = _form(account)
    if not form.validate():
        return _form_page(form, account, 422)
    return done_or_shown(
        lambda: staff_accounts.change(
            db.session,
            account,
            _colleague(form),
            shop_id=the_shop(db.session).id,
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _form_page(form, _account(account_id), *no),
        back="/desk/staff",
        said=lambda _made: _("The account of %(name)s is saved.", name=account.name),
    )


@bp.post("/desk/staff/<int:account_id>/close")
@requires(MANAGE)
def staff_close_post(account_id: int) -> Response:
    account = _account(account_id)
    staff_accounts.close(db.session, account, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("The account of %(name)s is closed.", name=account.name))
    return redirect("/desk/staff", 303)


@bp.post("/desk/staff/<int:account_id>/reopen")
@requires(MANAGE)
def staff_reopen_post(account_id: int) -> Response:
    account = _account(account_id)
    staff_accounts.reopen(db.session, account, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("The account of %(name)s is open again.", name=account.name))
    return redirect("/desk/staff", 303)


def _account(account_id: int) -> Account:
    return staff_accounts.find_colleague(db.session, account_id) or abort(404)


def _form(account: Account | None) -> StaffForm:
    """The form with today's choices, filled from the account."""
    held: dict[str, Any] = {}
    if account is not None:
        held = {
            "name": account.name,
            "phone": display(account.phone) if account.phone else "",
            "email": account.email or "",
            "roles": [row.role.value for row in account.roles],
            "stand_in": str(account.stand_in_id or ""),
        }
    form = StaffForm(data=held)
    form.roles.choices = [(role.value, say(role.label)) for role in Role]
    others = [
        (str(one.id), one.name or one.email or "")
        for one in staff_accounts.staff(db.session)
        if one.active and (account is None or one.id != account.id)
    ]
    form.stand_in.choices = [("", _("nobody")), *others]
    return form


def _colleague(form: StaffForm) -> Colleague:
    """What was typed, normalised; a Refusal says which contact is none."""
    phone, email = (form.phone.data or "").strip(), (form.email.data or "").strip()
    return Colleague(
        name=" ".join((form.name.data or "").split()),
        phone=normalise_mobile(phone) if phone else None,
        email=normalise_email(email).key if email else None,
        roles=frozenset(ROLES[value] for value in form.roles.data or []),
        stand_in_id=int(form.stand_in.data) if form.stand_in.data else None,
    )


def _form_page(
    form: StaffForm, account: Account | None, status: int = 200, refusal: str | None = None
) -> Response:
    return page(
        "members/staff/form.html",
        status,
        form=form,
        account=account,
        refusal=refusal,
        roles=Role,
        chosen=set(form.roles.data or []),
        allowed=account.permissions if account else frozenset(),
        permissions=Permission,
    )
