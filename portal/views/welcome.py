"""The first steps of a new member: the archive of their car, interests, what we may write about."""

from flask import current_app, redirect, request
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.refusals import Refusal
from foundation.web import limits
from foundation.web.access import members_only
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.pages import page, refused
from members import interests
from members.forms import CodeForm
from members.views.codes import wrong_code
from outreach import consents
from outreach.models import Topic
from portal import claims
from portal.blueprint import bp


@bp.get("/join/archive")
@members_only
def join_archive() -> Response:
    return page("portal/join_archive.html", form=CodeForm(), refusal=None)


@bp.post("/join/archive")
@members_only
@limits.wrong_answers
def join_archive_post() -> Response:
    form = CodeForm()
    if not form.validate():
        return page("portal/join_archive.html", 422, form=form, refusal=None)
    key = current_app.extensions["club_settings"].hash_key
    try:
        proven = claims.prove(
            db.session, current_user.owner, form.code.data or "", hash_key=key, now=clock.now()
        )
    except Refusal as no:
        return page("portal/join_archive.html", 422, form=form, refusal=refused(no))
    db.session.commit()
    if not proven:
        return page("portal/join_archive.html", 422, form=form, refusal=wrong_code())
    return redirect("/join/interests", 303)


@bp.get("/join/interests")
@members_only
def join_interests() -> Response:
    return page(
        "portal/join_interests.html",
        groups=interests.groups(db.session),
        chosen=interests.chosen(db.session, current_user.owner_id),
    )


@bp.post("/join/interests")
@members_only
def join_interests_post() -> Response:
    wanted = request.form.getlist("interest", type=whole)
    interests.choose(db.session, current_user.owner_id, wanted, by=current_user.id, now=clock.now())
    db.session.commit()
    return redirect("/join/consents", 303)


@bp.get("/join/consents")
@members_only
def join_consents() -> Response:
    answers = consents.answers_of(db.session, current_user.owner_id)
    return page("portal/join_consents.html", topics=Topic, answers=answers)


@bp.post("/join/consents")
@members_only
def join_consents_post() -> Response:
    consents.answer_all(
        db.session,
        current_user.owner_id,
        request.form.getlist("topic"),
        source="join",
        by=current_user.id,
        hash_key=current_app.extensions["club_settings"].hash_key,
        now=clock.now(),
    )
    db.session.commit()
    return redirect("/me", 303)
