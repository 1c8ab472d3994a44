"""Settings at the desk: numbers of all rooms, texts of the shop."""

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.shop import the_shop
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.language import say
from foundation.web.pages import page, refused
from portal import house_settings
from portal.blueprint import bp

CHANGE = Permission.SETTING_CHANGE


@bp.get("/desk/settings")
@requires(CHANGE)
def settings_page() -> Response:
    return _page()


@bp.post("/desk/settings/numbers")
@requires(CHANGE)
def settings_number_post() -> Response:
    key, typed = request.form.get("key", ""), request.form.get("value", "").strip()
    try:
        if not typed.isdecimal() or len(typed) > 9:
            return _page(422, _("Please enter a whole number."), key)
        changed = house_settings.set_number(
            db.session, key, int(typed), by=current_user.id, now=clock.now()
        )
    except Refusal as no:
        return _page(422, refused(no), key)
    if changed is None:
        abort(404)
    db.session.commit()
    flash(_("“%(label)s” is now %(value)s.", label=say(changed.label), value=int(typed)))
    return redirect("/desk/settings", 303)


@bp.post("/desk/settings/shop")
@requires(CHANGE)
def settings_shop_post() -> Response:
    return done_or_shown(
        lambda: house_settings.set_shop_texts(
            db.session,
            the_shop(db.session),
            request.form,
            by=current_user.id,
            now=clock.now(),
        ),
        _page,
        back="/desk/settings",
        said=_("The shop’s texts are saved."),
    )


def _page(status: int = 200, refusal: str | None = None, key: str | None = None) -> Response:
    return page(
        "portal/staff/settings.html",
        status,
        rooms=house_settings.numbers(db.session),
        texts=the_shop(db.session),
        typed=request.form if status == 422 else {},
        wrong_key=key,
        refusal=refusal,
    )
