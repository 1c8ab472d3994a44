"""Whom a request is believed to come from, headers that keep a page to itself, and its nonce."""

import secrets

from flask import Flask, Response, g
from werkzeug.middleware.proxy_fix import ProxyFix

from foundation.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE_CACHING = "private, no-cache"
PAGE_VARIES = "Accept-Language, Cookie"
SESSION_COOKIE = "marque"


def csp_nonce() -> str:
    """This answer's nonce, for its script elements."""
    if "csp_nonce" not in g:
        g.csp_nonce = new_nonce()
    return str(g.csp_nonce)


def init_proxies(app: Flask, settings: Settings) -> None:
    """Believe as many proxies as there are, so that each visitor has their own address.

    Host names are believed from nobody: absolute addresses are built from CLUB_BASE_URL.
    """
    count = settings.trusted_proxies
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=0
        )


def new_nonce() -> str:
    """What lets the scripts of one answer run, and no other."""
    return secrets.token_urlsafe(16)


def init_security(app: Flask, settings: Settings) -> None:
    """Cookies and headers of every answer."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=SESSION_COOKIE,
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # its age counts from the sign-in, so once is enough
        REMEMBER_COOKIE_SECURE=settings.secure,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=25 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )

    @app.after_request
    def _headers(answer: Response) -> Response:
        for name, value in answer_headers(settings, csp_nonce()):
            answer.headers.setdefault(name, value)
        if answer.mimetype == "text/html":
            answer.headers.setdefault("Cache-Control", PAGE_CACHING)
            answer.vary.update(PAGE_VARIES.split(", "))
        return answer


def answer_headers(settings: Settings, nonce: str) -> list[tuple[str, str]]:
    """What goes with every answer."""
    headers = [
        ("Content-Security-Policy", POLICY.format(nonce=nonce)),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(self), geolocation=(), microphone=()"),
    ]
    if settings.secure:
        headers.append(("Strict-Transport-Security", "max-age=31536000"))
    return headers
