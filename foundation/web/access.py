"""Who may enter: every route says it, and one gate before all pages keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from flask import Flask, abort, current_app, redirect, request
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers.response import Response

from foundation.roles import Permission

View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()
SIGN_IN, JOIN = "/sign-in", "/join"


@dataclass(frozen=True, slots=True)
class Entry:
    """The sign on a route's door."""

    kind: str
    permission: Permission | None = None
    reason: str | None = None


def _mark(view: View, entry: Entry) -> View:
    view.__dict__["entry"] = entry
    return view


def open_to_all(view: View) -> View:
    """Anyone, signed in or not."""
    return _mark(view, Entry("all"))


def signed_in(view: View) -> View:
    """Any account; the page shows that account's own things alone."""
    return _mark(view, Entry("account"))


def members_only(view: View) -> View:
    """Accounts of owners who joined the club."""
    return _mark(view, Entry("member"))


def requires(permission: Permission) -> Callable[[View], View]:
    """Desk accounts whose roles hold the permission."""
    return lambda view: _mark(view, Entry("permission", permission))


def machine_post(reason: str) -> Callable[[View], View]:
    """An address that machines post to without signing in; the reason says what guards it."""

    def mark(view: View) -> View:
        csrf.exempt(view)
        return _mark(view, Entry("machine", reason=reason))

    return mark


def entry_of(app: Flask, endpoint: str) -> Entry | None:
    """The sign on a route's door, None where it has none."""
    found: Entry | None = getattr(app.view_functions[endpoint], "entry", None)
    return found


def may(permission: Permission) -> bool:
    """Whether the reader of this page holds the permission."""
    return bool(current_user.is_authenticated and permission in current_user.permissions)


def init_access(app: Flask) -> None:
    """Keep the doors. A route without a sign is shut."""
    csrf.init_app(app)
    app.jinja_env.globals["may"] = may
    app.before_request(_gate)


def _gate() -> Response | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    entry = entry_of(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if entry is None:
        abort(403)
    if entry.kind in ("all", "machine"):
        return None
    if not current_user.is_authenticated:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(f"{SIGN_IN}?{urlencode({'next': wanted})}", 303)
    if entry.kind == "permission" and entry.permission not in current_user.permissions:
        abort(403)
    if entry.kind == "member" and not current_user.is_member:
        may_join = current_user.owner_id is not None and request.method == "GET"
        return redirect(JOIN, 303) if may_join else abort(403)
    return None


def safe_next(target: str | None, fallback: str) -> str:
    """Where to go on to: a path of this site, never another one."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return fallback
    parts = urlsplit(target)
    return target if not parts.netloc and not parts.scheme else fallback
