"""In by a sent code; a new password by a sent code."""

from datetime import datetime

from flask import current_app, redirect, request, session
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.outbox import Reader
from foundation.refusals import Refusal
from foundation.web import limits
from foundation.web.access import open_to_all, safe_next
from foundation.web.database import db
from foundation.web.pages import page, refused
from members import codes, passwords, signing_in
from members.blueprint import bp
from members.codes import Proof
from members.contacts import of_key, read_contact
from members.forms import CodeForm, ContactForm, ResetForm
from members.models import Account, CodePurpose
from members.views.session import begin_session, home_of

ASKED = "code_asked"


@bp.get("/sign-in/code")
@open_to_all
def sign_in_code() -> Response:
    if current_user.is_authenticated:
        return redirect(home_of(current_user), 303)
    form = ContactForm(next=request.args.get("next", ""))
    return page("members/code_ask.html", form=form, refusal=None, purpose="sign-in")


@bp.post("/sign-in/code")
@open_to_all
@limits.code_requests
def sign_in_code_post() -> Response:
    return _ask(CodePurpose.SIGN_IN, "/sign-in/code/confirm")


@bp.get("/sign-in/code/confirm")
@open_to_all
def sign_in_code_confirm() -> Response:
    proof = asked(CodePurpose.SIGN_IN)
    if proof is None:
        return redirect("/sign-in/code", 303)
    return page("members/code_confirm.html", form=CodeForm(), refusal=None, contact=proof.contact)


@bp.post("/sign-in/code/confirm")
@open_to_all
@limits.wrong_answers
def sign_in_code_confirm_post() -> Response:
    proof, form = asked(CodePurpose.SIGN_IN), CodeForm()
    if proof is None:
        return redirect("/sign-in/code", 303)
    account = _proven(proof, form, clock.now()) if form.validate() else None
    db.session.commit()  # a wrong try counts too
    if account is None:
        no = None if form.errors else wrong_code()
        return page("members/code_confirm.html", 422, form=form, refusal=no, contact=proof.contact)
    onwards = session.get(ASKED, {}).get("next")
    begin_session(account)
    return redirect(safe_next(onwards, home_of(account)), 303)


@bp.get("/reset-password")
@open_to_all
def reset_password() -> Response:
    return page("members/code_ask.html", form=ContactForm(), refusal=None, purpose="reset")


@bp.post("/reset-password")
@open_to_all
@limits.code_requests
def reset_password_post() -> Response:
    return _ask(CodePurpose.RESET, "/reset-password/confirm")


@bp.get("/reset-password/confirm")
@open_to_all
def reset_password_confirm() -> Response:
    proof = asked(CodePurpose.RESET)
    if proof is None:
        return redirect("/reset-password", 303)
    return page("members/reset.html", form=ResetForm(), refusal=None, contact=proof.contact)


@bp.post("/reset-password/confirm")
@open_to_all
@limits.wrong_answers
def reset_password_confirm_post() -> Response:
    proof, form, now = asked(CodePurpose.RESET), ResetForm(), clock.now()
    if proof is None:
        return redirect("/reset-password", 303)
    no = None
    if form.validate():
        try:
            passwords.check_new(form.password.data or "", proof.contact.key)
            hashed = passwords.hash_password(
                form.password.data or "", current_app.config["PASSWORD_COST"]
            )
            account = _proven(proof, form, now)
            if account is not None:
                signing_in.set_password(db.session, account, hashed, by=account.id, now=now)
            db.session.commit()
            if account is not None:
                begin_session(account)
                return redirect(home_of(account), 303)
            no = wrong_code()
        except Refusal as refusal:
            no = refused(refusal)
    return page("members/reset.html", 422, form=form, refusal=no, contact=proof.contact)


def wrong_code() -> str:
    """What is said of a code that is wrong, used or too old; never which."""
    return str(_("This code is not right or is no longer valid. You can ask for a new one."))


def remember_asked(proof: Proof, onwards: str = "") -> None:
    """Keep in the browser's cookie which code was asked for."""
    session[ASKED] = {
        "purpose": proof.purpose.value,
        "contact": proof.contact.key,
        "next": onwards[:500],
    }


def asked(purpose: CodePurpose) -> Proof | None:
    """The proof that this browser asked a code for, if for this purpose."""
    kept = session.get(ASKED) or {}
    if kept.get("purpose") != purpose.value:
        return None
    return Proof(purpose, of_key(kept["contact"]))


def _ask(purpose: CodePurpose, onwards: str) -> Response:
    """Send a code to a known contact; the answer is the same for an unknown one."""
    form = ContactForm()
    try:
        if not form.validate():
            return page("members/code_ask.html", 422, form=form, refusal=None, purpose=purpose)
        proof = Proof(purpose, read_contact(form.email.data or ""))
        account = signing_in.find_proven(db.session, proof.contact)
        reader = account_reader(account, proof) if account else None
        key = current_app.extensions["club_settings"].hash_key
        codes.send(db.session, proof, reader, hash_key=key, now=clock.now())
    except Refusal as no:
        return page("members/code_ask.html", 422, form=form, refusal=refused(no), purpose=purpose)
    db.session.commit()
    remember_asked(proof, form.next.data or "")
    return redirect(onwards, 303)


def account_reader(account: Account, proof: Proof) -> Reader:
    """The account as reader of a code, at the contact to be proven."""
    contact = proof.contact
    return Reader("account", account.id, contact.channel, contact.key, account.language)


def _proven(proof: Proof, form: CodeForm, now: datetime) -> Account | None:
    """The account behind a contact whose code was typed; its wrong passwords are forgotten."""
    key = current_app.extensions["club_settings"].hash_key
    if not codes.use(db.session, proof, form.code.data or "", hash_key=key, now=now):
        return None
    account = signing_in.find_proven(db.session, proof.contact)
    if account is not None:
        signing_in.forget_all_tries(db.session, account, hash_key=key)
    return account
