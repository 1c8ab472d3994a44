"""How pages are read: the language, kept with the account, and the colours, kept in the browser."""

from typing import Any

from flask import current_app, redirect, request
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.web.access import open_to_all, safe_next
from foundation.web.database import db
from foundation.web.language import COOKIE, LANGUAGES
from foundation.web.pages import THEMES
from members import account_details
from members.blueprint import bp

YEAR = 365 * 24 * 3600


@bp.get('/language/<any("zh-Hans", "en"):tag>')
@open_to_all
def language(tag: str) -> Response:
    return _kept(COOKIE, tag, request.args.get("next"))


@bp.post("/language")
@open_to_all
def language_post() -> Response:
    tag = request.form.get("language", "")
    if tag in LANGUAGES and current_user.is_authenticated:
        mine = current_user._get_current_object()
        account_details.speak(db.session, mine, tag, by=mine.id, now=clock.now())
        db.session.commit()
    return _kept(COOKIE, tag if tag in LANGUAGES else None, request.form.get("next"))


@bp.get('/theme/<any("light", "dark", "auto"):name>')
@open_to_all
def theme(name: str) -> Response:
    return _kept("theme", name, request.args.get("next"))


@bp.post("/theme")
@open_to_all
def theme_post() -> Response:
    name = request.form.get("theme", "")
    known = name in THEMES or name == "auto"
    return _kept("theme", name if known else None, request.form.get("next"))


def _kept(cookie: str, value: str | None, onwards: Any) -> Response:
    """Back to the page, with the choice in a cookie; "auto" and unknown words take it away."""
    answer = redirect(safe_next(onwards, "/"), 303)
    secure = current_app.extensions["club_settings"].secure
    if value is None or value == "auto":
        answer.delete_cookie(cookie, secure=secure, samesite="Lax")
    else:
        answer.set_cookie(cookie, value, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer
