"""What all pages share: filters, words for refusals, and pages for what went wrong."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, make_response, render_template, request
from flask_babel import gettext as _
from flask_compress import Compress
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers.response import Response

from foundation.database import is_lock_wait, is_unique_clash
from foundation.money import yuan
from foundation.refusals import Refusal
from foundation.rich_text import safe_html
from foundation.shop import Shop, in_language, the_shop
from foundation.web import language, security
from foundation.web.database import db, read

THEMES = ("light", "dark")


def refused(refusal: Refusal) -> str:
    """The rule's no, in the reader's language."""
    return language.say(refusal.message, refusal.values)


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A rendered page with its status: 422 for a form that comes back.

    A page that says no undoes what was begun, and is rendered after the write lock is free.
    """
    if status >= 400:
        read()
    return make_response(render_template(template, **values), status)


class ShopWords:
    """The shop's texts in the reader's language."""

    def __init__(self, shop: Shop, tag: str) -> None:
        self.id, self.phone, self.hours = shop.id, shop.phone, shop.hours
        self.name = in_language(shop, "name", tag)
        self.club_name = in_language(shop, "club_name", tag)
        self.address = in_language(shop, "address", tag)
        self.footer = in_language(shop, "footer", tag)


def shop_words() -> ShopWords:
    """The shop for this page."""
    tag = language.reader_language()
    return ShopWords(the_shop(db.session), tag)


def theme_of(cookies: Mapping[str, str]) -> str | None:
    """ "light" or "dark" where the reader chose, None for what their device says."""
    theme = cookies.get("theme")
    return theme if theme in THEMES else None


def _context() -> dict[str, Any]:
    return {
        "language": language.reader_language(),
        "theme": theme_of(request.cookies),
        "shop": shop_words(),
    }


def _read_again() -> str:
    """Where this page can be read once more; a refused form may stand at an address that cannot."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    asked = request.environ | {"REQUEST_METHOD": "GET"}
    try:
        current_app.url_map.bind_to_environ(asked).match()
    except HTTPException:
        came = urlsplit(request.referrer or "")
        return came.path if came.path and came.netloc == request.host else "/"
    return request.path


def _money(fen: int) -> str:
    """Fen as yuan, the minus before the sign of the currency."""
    return f"{'-' if fen < 0 else ''}¥{yuan(abs(fen))}"


def _came_back(address: str) -> bool:
    """Whether the form that posts to this address is shown again, because it was refused."""
    return request.method == "POST" and request.path == address


def _typed_again(address: str, name: str, otherwise: object = "") -> object:
    """What was typed into a field of the form that came back from this address; else the other."""
    return request.form.get(name, "") if _came_back(address) else otherwise


def init_pages(app: Flask) -> None:
    """Filters and globals for templates, and pages for errors."""
    app.context_processor(_context)
    app.jinja_env.globals.update(
        csp_nonce=security.csp_nonce,
        refused=refused,
        gap=language.gap,
        came_back=_came_back,
        typed_again=_typed_again,
        in_language=_in_language,
        read_again=_read_again,
    )
    app.jinja_env.filters.update(
        money=_money,
        points=lambda number: f"{number:,}",
        day=language.day_text,
        moment=language.moment_text,
        clock_time=language.clock_text,
        shop_date=language.shop_date,
        month_name=language.month_text,
        short_code=lambda code: f"{code[:4]}-{code[4:]}",
        hours=lambda thing: language.hours_text(thing.starts_at, thing.ends_at),
        span=lambda thing: language.span_text(thing.starts_at, thing.ends_at),
        rich=lambda text: Markup(safe_html(text or "")),  # noqa: S704 - cleaned by safe_html
        local=_in_language,
        say=language.say,
    )
    app.jinja_env.tests["another_year"] = language.another_year
    app.config["COMPRESS_ALGORITHM"] = ["zstd", "br", "gzip"]
    app.config["COMPRESS_MIMETYPES"] = ["text/html", "text/calendar", "application/json"]
    Compress(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(OperationalError, _lock_wait)
    app.register_error_handler(IntegrityError, _clash)
    app.register_error_handler(Refusal, _plain_refusal)
    app.register_error_handler(Exception, _broken)


def _in_language(thing: object, field: str) -> str:
    return in_language(thing, field, language.reader_language())


def _sorry(status: int, heading: str, sentence: str) -> Response:
    return page("layout/sorry.html", status, heading=heading, sentence=sentence, code=status)


def _http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    known: dict[int, Callable[[], tuple[str, str]]] = {
        403: lambda: (
            _("This page is for others"),
            _("It is for those who work here. If you do, ask your administrator to open it."),
        ),
        404: lambda: (
            _("There is nothing at this address"),
            _("It may have moved, or the link was cut short. Start again from the home page."),
        ),
        405: lambda: (
            _("This address does not take that"),
            _("Go back to the page you came from and use its buttons."),
        ),
        413: lambda: (_("This file is too large"), _("Please choose a file of at most 20 MB.")),
        429: lambda: (
            _("That was too often"),
            _("Please wait a minute, then try again. Nothing was lost."),
        ),
    }
    heading, sentence = known.get(
        error.code,
        lambda: (
            _("This request could not be read"),
            _("Go back to the page you came from and try again."),
        ),
    )()
    return _sorry(error.code, heading, sentence)


def _stale_form(_error: CSRFError) -> Response:
    return _sorry(
        400,
        _("This form is no longer valid"),
        _("Go back, load the page again and send it once more. Nothing was saved."),
    )


def _plain_refusal(refusal: Refusal) -> Response:
    return _sorry(422, _("That is not possible"), refused(refusal))


def _lock_wait(error: OperationalError) -> Response:
    return _busy() if is_lock_wait(error) else _broken(error)


def _clash(error: IntegrityError) -> Response:
    """Two at once: what was typed is kept, and sent again it meets what the other one made."""
    if not is_unique_clash(error):
        return _broken(error)
    _log().warning("page.clash", path=request.path, method=request.method)
    return _busy()


def _busy() -> Response:
    return page("layout/busy.html", 409, again=list(request.form.items(multi=True)), code=409)


def _broken(error: Exception) -> Response:
    read()
    _log_broken(error)
    return _sorry(
        500,
        _("Something went wrong on our side"),
        _("It has been noted. Nothing was half saved. Please try again, or call us."),
    )


def _log_broken(error: Exception) -> None:
    who = current_user.get_id() if current_user.is_authenticated else None
    _log().error("page.broken", path=request.path, method=request.method, who=who, exc_info=error)


def _log() -> Any:
    return structlog.get_logger("marque")
