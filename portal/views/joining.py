"""Joining on a phone: who you are, the code, and you are in."""

from datetime import datetime
from typing import Any

from flask import current_app, redirect, request, session
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import arrivals
from club.views.refer import came_by
from foundation import clock
from foundation.outbox import Reader
from foundation.refusals import Refusal
from foundation.settings import Settings
from foundation.web import limits
from foundation.web.access import open_to_all
from foundation.web.database import db
from foundation.web.language import reader_language
from foundation.web.pages import page, refused
from members import codes, emails, passwords, phones, signing_in
from members.codes import Proof
from members.contacts import Contact, of_key, read_contact
from members.models import Account, CodePurpose
from members.views.codes import account_reader, wrong_code
from members.views.session import begin_session, home_of
from portal import claims, joining
from portal.blueprint import bp
from portal.forms import JoinCodeForm, JoinForm
from portal.joining import Applicant, Joined
from portal.joining_cars import Car, read_car

DRAFT = "joining"


@bp.get("/join")
@open_to_all
def join() -> Response:
    if current_user.is_authenticated and current_user.is_member:
        return redirect("/me", 303)
    return page("portal/join.html", form=JoinForm(data=session.get(DRAFT)), refusal=None)


@bp.post("/join")
@open_to_all
@limits.code_requests
def join_post() -> Response:
    form = JoinForm()
    draft = _draft(form)
    if draft is None:
        return page("portal/join.html", 422, form=form, refusal=None)
    try:
        _send_code(of_key(draft["phone"]), clock.now())
    except Refusal as no:
        return page("portal/join.html", 422, form=form, refusal=refused(no))
    db.session.commit()
    session[DRAFT] = draft
    return redirect("/join/code", 303)


@bp.get("/join/code")
@open_to_all
def join_code() -> Response:
    if DRAFT not in session:
        return redirect("/join", 303)
    return _code_page(JoinCodeForm())


@bp.post("/join/code/again")
@open_to_all
@limits.code_requests
def join_code_again_post() -> Response:
    """Another code, by text or to the e-mail address that was given."""
    draft = session.get(DRAFT)
    if draft is None:
        return redirect("/join", 303)
    by_email = request.form.get("by") == "email" and draft["email"]
    contact = read_contact(draft["email"]) if by_email else of_key(draft["phone"])
    try:
        _send_code(contact, clock.now())
    except Refusal as no:
        return _code_page(JoinCodeForm(formdata=None), 422, refused(no))
    db.session.commit()
    session[DRAFT] = {**draft, "to": contact.key}
    return redirect("/join/code", 303)


@bp.post("/join/code")
@open_to_all
@limits.wrong_answers
def join_code_post() -> Response:
    form, now = JoinCodeForm(), clock.now()
    if DRAFT not in session:
        return redirect("/join", 303)
    if not form.validate():
        return _code_page(form, 422)
    try:
        joined = _join(form, now)
    except Refusal as no:
        return _code_page(form, 422, refused(no))
    db.session.commit()
    if joined is None:
        return _code_page(form, 422, wrong_code())
    return _go_in(joined, asked_for_car=bool(session[DRAFT]["plate"]))


def _draft(form: JoinForm) -> dict[str, Any] | None:
    """What was typed, normalised; None with the reasons at the fields."""
    good, draft = form.validate(), {"name": " ".join((form.name.data or "").split())}
    readers = {
        "phone": phones.normalise_mobile,
        "email": lambda text: emails.normalise_email(text).key if text.strip() else "",
        "plate": lambda text: _car_text(read_car(text)),
    }
    for field, read in readers.items():
        try:
            draft[field] = read(form[field].data or "")
        except Refusal as no:
            if not form[field].errors:
                form[field].errors = [refused(no)]
            good = False
    return {**draft, "to": draft["phone"]} if good else None


def _car_text(car: Car | None) -> str:
    return (car.plate or car.vin or "") if car else ""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["club_settings"]
    return settings


def _send_code(contact: Contact, now: datetime) -> None:
    """A code to the contact, whether or not it belongs to someone already."""
    proof = Proof(CodePurpose.JOIN, contact)
    account = signing_in.find_proven(db.session, contact)
    stranger = Reader("contact", 0, contact.channel, contact.key, reader_language())
    reader = account_reader(account, proof) if account else stranger
    codes.send(db.session, proof, reader, hash_key=_settings().hash_key, now=now)


def _code_page(form: JoinCodeForm, status: int = 200, refusal: str | None = None) -> Response:
    draft = session[DRAFT]
    return page(
        "portal/join_code.html",
        status,
        form=form,
        refusal=refusal,
        contact=of_key(draft["to"]),
        draft=draft,
    )


def _join(form: JoinCodeForm, now: datetime) -> Joined | None:
    """The member that the right code makes; None for a wrong code, whose try counts."""
    draft, settings = session[DRAFT], _settings()
    hashed = None
    if form.password.data:
        passwords.check_new(form.password.data, draft["name"], draft["phone"], draft["email"])
        hashed = passwords.hash_password(form.password.data, current_app.config["PASSWORD_COST"])
    contact = of_key(draft["to"])
    proof = Proof(CodePurpose.JOIN, contact)
    typed = form.code.data or ""
    if not codes.use(db.session, proof, typed, hash_key=settings.hash_key, now=now):
        return None
    applicant = _applicant(draft)
    joined = joining.join(
        db.session,
        applicant,
        contact,
        on=clock.shop_day(now, settings.zone),
        now=now,
        present=_present(),
    )
    signing_in.forget_all_tries(db.session, joined.account, hash_key=settings.hash_key)
    if joined.new and hashed:
        by = joined.account.id
        signing_in.set_password(db.session, joined.account, hashed, by=by, now=now)
    if joined.archive is not None and joined.account.owner is not None:
        claims.claim(
            db.session,
            joined.account.owner,
            joined.archive,
            hash_key=settings.hash_key,
            now=now,
        )
    _note_arrival(joined, now)
    return joined


def _note_arrival(joined: Joined, now: datetime) -> None:
    """By whose link, or by which source, a new member came."""
    mark, account = came_by(), joined.account
    if joined.new and mark is not None and account.owner is not None:
        on = clock.shop_day(now, _settings().zone)
        arrivals.arrived(db.session, account.owner.id, mark, on=on, by=account.id, now=now)


def _applicant(draft: dict[str, Any]) -> Applicant:
    return Applicant(
        name=draft["name"],
        phone=draft["phone"],
        email=draft["email"] or None,
        car=read_car(draft["plate"]),
        language=reader_language(),
    )


def _present() -> Account | None:
    """The signed-in reader, if any: staff who join keep their login."""
    return db.session.get(Account, current_user.id) if current_user.is_authenticated else None


def _go_in(joined: Joined, *, asked_for_car: bool) -> Response:
    begin_session(joined.account)
    if not joined.new:
        return redirect(home_of(joined.account), 303)
    return redirect("/join/archive" if asked_for_car else "/join/interests", 303)
