"""What a member enjoys."""

from flask import flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.web.access import members_only
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.pages import page
from members import interests
from members.blueprint import bp


@bp.get("/me/interests")
@members_only
def own_interests() -> Response:
    return page(
        "members/interests.html",
        groups=interests.groups(db.session),
        chosen=interests.chosen(db.session, current_user.owner_id),
    )


@bp.post("/me/interests")
@members_only
def own_interests_post() -> Response:
    wanted = request.form.getlist("interest", type=whole)
    interests.choose(db.session, current_user.owner_id, wanted, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("Your interests are saved. We pick events by them."))
    return redirect("/me/interests", 303)
