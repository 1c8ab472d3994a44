"""In by password, and out again."""

from datetime import datetime

from flask import current_app, redirect, request
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.refusals import Refusal
from foundation.web import limits
from foundation.web.access import open_to_all, safe_next
from foundation.web.database import db
from foundation.web.pages import page, refused
from members import passwords, signing_in
from members.blueprint import bp
from members.forms import SignInForm
from members.models import Account
from members.views.session import begin_session, end_session, home_of


@bp.get("/sign-in")
@open_to_all
def sign_in() -> Response:
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next"), home_of(current_user)), 303)
    form = SignInForm(next=request.args.get("next", ""))
    return page("members/sign_in.html", form=form, refusal=None)


@bp.post("/sign-in")
@open_to_all
@limits.wrong_answers
def sign_in_post() -> Response:
    form = SignInForm()
    if not form.validate():
        return page("members/sign_in.html", 422, form=form, refusal=None)
    try:
        account = _answer(form, limits.client_address(), clock.now())
    except Refusal as no:
        return page("members/sign_in.html", 422, form=form, refusal=refused(no))
    begin_session(account)
    return redirect(safe_next(form.next.data, home_of(account)), 303)


def _answer(form: SignInForm, address: str, now: datetime) -> Account:
    """The account behind login and password.

    The try is committed before the slow comparison: no lock is held meanwhile, and tries sent
    at the same time all count.
    """
    key = current_app.extensions["club_settings"].hash_key
    attempt = signing_in.begin_attempt(
        db.session, form.email.data or "", address, hash_key=key, now=now
    )
    db.session.commit()
    signing_in.refuse_paused(db.session, attempt, address, now=now)
    db.session.commit()
    cost = current_app.config["PASSWORD_COST"]
    good = passwords.matches(attempt.password_hash, form.password.data or "", cost)
    account = signing_in.finish_attempt(db.session, attempt, address, good=good)
    db.session.commit()
    return account


@bp.get("/sign-out")
@open_to_all
def sign_out() -> Response:
    if not current_user.is_authenticated:
        return redirect("/", 303)
    return page("members/sign_out.html")


@bp.post("/sign-out")
@open_to_all
def sign_out_post() -> Response:
    end_session()
    return redirect("/", 303)
