"""One's own password and contacts, changed by whoever is signed in."""

from flask import current_app, flash, redirect, session
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.outbox import Reader
from foundation.refusals import Refusal
from foundation.web import limits
from foundation.web.access import signed_in
from foundation.web.database import db
from foundation.web.pages import page, refused
from members import account_details, codes, passwords, signing_in
from members.blueprint import bp
from members.codes import Proof
from members.contacts import of_key, read_contact
from members.forms import CodeForm, ContactForm, PasswordForm
from members.models import Account, CodePurpose
from members.views.codes import wrong_code
from members.views.session import begin_session

NEW_CONTACT = "new_contact"


@bp.get("/me/account/password")
@signed_in
def own_password() -> Response:
    return page("members/own_password.html", form=PasswordForm(), refusal=None)


@bp.post("/me/account/password")
@signed_in
@limits.wrong_answers
def own_password_post() -> Response:
    form = PasswordForm()
    if not form.validate():
        return page("members/own_password.html", 422, form=form, refusal=None)
    try:
        mine = _change_password(form)
    except Refusal as no:
        return page("members/own_password.html", 422, form=form, refusal=refused(no))
    begin_session(mine)
    flash(_("Your new password is saved. Your other devices are signed out."))
    return redirect("/me/account", 303)


def _change_password(form: PasswordForm) -> Account:
    """The account with its new password; compared and hashed while no lock is held."""
    mine, stored, cost = current_user.id, current_user.password_hash, _cost()
    new = form.password.data or ""
    passwords.check_new(new, current_user.name, current_user.phone, current_user.email)
    db.session.commit()
    good = stored is None or passwords.matches(stored, form.old_password.data or "", cost)
    hashed = passwords.hash_password(new, cost)
    account = db.session.get_one(Account, mine, populate_existing=True)
    if not good or account.password_hash != stored:
        raise signing_in.wrong_password()
    signing_in.set_password(db.session, account, hashed, by=mine, now=clock.now())
    db.session.commit()
    return account


def _cost() -> passwords.Cost:
    cost: passwords.Cost = current_app.config["PASSWORD_COST"]
    return cost


@bp.get("/me/account/contact")
@signed_in
def own_contact() -> Response:
    return page("members/own_contact.html", form=ContactForm(), refusal=None)


@bp.post("/me/account/contact")
@signed_in
@limits.code_requests
def own_contact_post() -> Response:
    form = ContactForm()
    try:
        if not form.validate():
            return page("members/own_contact.html", 422, form=form, refusal=None)
        proof = _proof(read_contact(form.email.data or "").key)
        contact = proof.contact
        reader = Reader(
            "account", current_user.id, contact.channel, contact.key, current_user.language
        )
        key = current_app.extensions["club_settings"].hash_key
        codes.send(db.session, proof, reader, hash_key=key, now=clock.now())
    except Refusal as no:
        return page("members/own_contact.html", 422, form=form, refusal=refused(no))
    db.session.commit()
    session[NEW_CONTACT] = contact.key
    return redirect("/me/account/contact/confirm", 303)


@bp.get("/me/account/contact/confirm")
@signed_in
def own_contact_confirm() -> Response:
    if NEW_CONTACT not in session:
        return redirect("/me/account/contact", 303)
    contact = of_key(session[NEW_CONTACT])
    return page("members/own_contact_confirm.html", form=CodeForm(), refusal=None, contact=contact)


@bp.post("/me/account/contact/confirm")
@signed_in
@limits.wrong_answers
def own_contact_confirm_post() -> Response:
    if NEW_CONTACT not in session:
        return redirect("/me/account/contact", 303)
    form, proof, no = CodeForm(), _proof(session[NEW_CONTACT]), None
    try:
        if form.validate() and _take_contact(proof, form.code.data or ""):
            session.pop(NEW_CONTACT)
            flash(_("%(contact)s is confirmed.", contact=proof.contact.masked))
            return redirect("/me/account", 303)
        no = None if form.errors else wrong_code()
    except Refusal as refusal:
        no = refused(refusal)
    return page(
        "members/own_contact_confirm.html",
        422,
        form=form,
        refusal=no,
        contact=proof.contact,
    )


def _take_contact(proof: Proof, typed: str) -> bool:
    """Whether the code was right; then the contact is the account's."""
    key, now = current_app.extensions["club_settings"].hash_key, clock.now()
    mine = current_user._get_current_object()
    good = codes.use(db.session, proof, typed, hash_key=key, now=now)
    try:
        if good:
            account_details.take_contact(db.session, mine, proof.contact, by=mine.id, now=now)
        db.session.commit()  # a wrong try counts too
    except IntegrityError as taken:
        db.session.rollback()
        raise account_details.contact_taken() from taken
    return good


def _proof(key: str) -> Proof:
    """Bound to the account that asks, so that a code works for nobody else."""
    return Proof(CodePurpose.CONTACT, of_key(key), about=f"account {current_user.id}")
