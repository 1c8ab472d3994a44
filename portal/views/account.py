"""A person's own account: name, language, what we may write, sessions."""

from flask import current_app, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.shop import the_shop
from foundation.web.access import members_only, signed_in
from foundation.web.acting import done_or_shown
from foundation.web.database import db, reads_first, then_write
from foundation.web.files import attachment
from foundation.web.pages import page
from members import account_details, signing_in
from members.phones import display
from members.views.session import begin_session
from outreach import consents
from outreach.models import Topic
from portal import own_data
from portal.blueprint import bp
from portal.forms import NameForm
from portal.leaving import wish_of
from portal.views.leaving import own_archive
from portal.views.trail import in_words


@bp.get("/me/account")
@signed_in
def account() -> Response:
    return _page(NameForm(obj=current_user))


@bp.post("/me/account")
@signed_in
def account_post() -> Response:
    form = NameForm()
    if not form.validate():
        return _page(form, 422)
    return done_or_shown(
        lambda: account_details.rename(
            db.session,
            current_user._get_current_object(),
            form.name.data or "",
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _page(form, *no),
        back="/me/account",
        said=_("Your name is saved."),
    )


@bp.post("/me/account/sessions")
@signed_in
def account_sessions_post() -> Response:
    """Out everywhere else; this browser gets a new session."""
    mine = current_user._get_current_object()
    signing_in.end_sessions(db.session, mine, by=mine.id, now=clock.now())
    db.session.commit()
    begin_session(mine)
    flash(_("All your other devices are signed out."))
    return redirect("/me/account", 303)


@bp.post("/me/account/data")
@signed_in
@reads_first
def account_data_post() -> Response:
    """What the club holds of the reader, as a file (R63); only its note in the trail writes."""
    owner, now = own_archive(), clock.now()
    mine = owner.id
    content = own_data.packed(db.session, owner, say=in_words, now=now)
    today = clock.shop_day(now, the_shop(db.session).zone)
    then_write()
    own_data.note(db.session, mine, by=current_user.id, now=now)
    db.session.commit()
    return attachment(content, "zip", f"my-data-{today}")


@bp.post("/me/account/consents")
@members_only
def account_consents_post() -> Response:
    consents.answer_all(
        db.session,
        current_user.owner_id,
        request.form.getlist("topic"),
        source="account",
        by=current_user.id,
        hash_key=current_app.extensions["club_settings"].hash_key,
        now=clock.now(),
    )
    db.session.commit()
    flash(_("Your choice is saved and holds from now on."))
    return redirect("/me/account", 303)


def _page(form: NameForm, status: int = 200, refusal: str | None = None) -> Response:
    answers = (
        consents.answers_of(db.session, current_user.owner_id) if current_user.is_member else None
    )
    return page(
        "portal/account.html",
        status,
        form=form,
        refusal=refusal,
        topics=Topic,
        answers=answers,
        leaving=wish_of(db.session, current_user.owner_id) if current_user.owner_id else None,
        contact_words=display,
    )
