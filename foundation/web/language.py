"""The reader's language: kept with the account, else the cookie, else what the browser asks for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, Request, g, has_request_context, request
from flask_babel import (
    Babel,
    force_locale,
    format_date,
    format_datetime,
    format_time,
    get_locale,
    gettext,
    to_user_timezone,
)
from flask_login import current_user
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from wtforms.i18n import messages_path

from foundation import clock
from foundation.catalogues import ROOMS
from foundation.settings import Settings
from foundation.words import InBoth

LANGUAGES = {"zh-Hans": "zh_Hans_CN", "en": "en"}
DEFAULT = "zh-Hans"
COOKIE = "language"
_YEAR, _MONTH = "y\u00a0年 ", "M\u00a0月"  # a line may end after the year, not within a day
_DAY = f"{_MONTH}\u00a0d\u00a0日"
_ENGLISH_DAY = "EEE d\u00a0MMM"

babel = Babel()


class FormsRequest(Request):
    """A request that knows the words of the forms' own messages; their library would read them
    from the disk for each form."""

    @cached_property
    def wtforms_translations(self) -> NullTranslations:
        return _words_of_forms(str(get_locale()))


@lru_cache(maxsize=8)
def _words_of_forms(locale: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale], domain="wtforms")


def init_language(app: Flask, settings: Settings) -> None:
    """Translate pages: one catalogue per room, dates in the shop's time zone."""
    app.request_class = FormsRequest
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(["translations"] * len(ROOMS))
    app.config["BABEL_DOMAIN"] = ";".join(ROOMS)
    babel.init_app(
        app,
        locale_selector=lambda: LANGUAGES[reader_language()],
        timezone_selector=lambda: settings.timezone,
    )


def reader_language() -> str:
    """ "zh-Hans" or "en", for whoever reads this page."""
    if not has_request_context():
        return DEFAULT
    if "reading_as" in g:
        return str(g.reading_as)
    if current_user.is_authenticated:
        return str(current_user.language)
    return asked_for(request.cookies.get(COOKIE), request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=1024)
def asked_for(cookie: str | None, accepted: str) -> str:
    """ "zh-Hans" or "en", by the cookie and the Accept-Language header of a stranger."""
    if cookie in LANGUAGES:
        return str(cookie)
    accept = parse_accept_header(accepted, LanguageAccept)
    match = accept.best_match(["zh-CN", "zh-Hans", "zh", "en"], default="zh-CN")
    return "en" if match == "en" else DEFAULT


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within, texts and dates come in `language`: for letters."""
    with force_locale(LANGUAGES.get(language, LANGUAGES[DEFAULT])):
        yield


@contextmanager
def reading_as(language: str) -> Iterator[None]:
    """Within, the page is made as a reader of `language` sees it: for previews."""
    g.reading_as = language
    try:
        with speaking(language):
            yield
    finally:
        del g.reading_as


def say(message: InBoth | str, values: Mapping[str, Any] | None = None) -> str:
    """A marked message with its values, or a staff text, in the language of the moment."""
    if isinstance(message, InBoth):
        return str(_said(message))
    return str(gettext(message, **{name: _said(value) for name, value in (values or {}).items()}))


def _said(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    if not isinstance(value, InBoth):
        return value
    return value.zh if _chinese() else value.en or value.zh


def day_text(day: date | None, year: bool = True) -> str:
    """A day as people say it: 2026 年 11 月 9 日 周一, Mon 9 Nov 2026; without `year` the year is
    said only where it is not this one."""
    if day is None:
        return ""
    said = year or another_year(day)
    if _chinese():
        return str(format_date(day, f"{_YEAR}{_DAY} EEE" if said else f"{_DAY} EEE"))
    return str(format_date(day, f"{_ENGLISH_DAY} y" if said else _ENGLISH_DAY))


def moment_text(moment: datetime | None, year: bool = False) -> str:
    """A moment in the shop's time: 周日 11 月 9 日 10:00, Sun 9 Nov 10:00; its year as of a day."""
    if moment is None:
        return ""
    said = year or another_year(shop_date(moment))
    if _chinese():
        shape = f"{_YEAR}{_DAY} EEE HH:mm" if said else f"EEE {_DAY} HH:mm"
    else:
        shape = f"{_ENGLISH_DAY} y HH:mm" if said else f"{_ENGLISH_DAY} HH:mm"
    return str(format_datetime(moment, shape))


def another_year(day: date) -> bool:
    """Whether the day lies in another year than the shop's present one, so that it must be said."""
    return day.year != shop_date(clock.now()).year


def clock_text(moment: datetime | None) -> str:
    """The hour of a moment in the shop's time: 10:00."""
    return str(format_time(moment, "HH:mm")) if moment else ""


def gap() -> str:
    """What stands between two sentences: a space, but none in Chinese."""
    return "" if _chinese() else " "


def _chinese() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "zh"


def shop_date(moment: datetime) -> date:
    """The day of a moment in the shop's time."""
    local: datetime = to_user_timezone(moment)
    return local.date()


def span_text(starts_at: datetime, ends_at: datetime) -> str:
    """From when until when, the day said once where it is one: 周日 11 月 9 日 10:00–15:00."""
    same = shop_date(starts_at) == shop_date(ends_at)
    return f"{moment_text(starts_at)}–{clock_text(ends_at) if same else moment_text(ends_at)}"


def hours_text(starts_at: datetime, ends_at: datetime) -> str:
    """The hours beside a day that is shown already; of several days also the last one."""
    first, last = clock_text(starts_at), shop_date(ends_at)
    if shop_date(starts_at) == last:
        return f"{first}–{clock_text(ends_at)}"
    return str(gettext("%(time)s, until %(day)s", time=first, day=day_text(last, year=False)))


def month_text(day: date, year: bool = False) -> str:
    """A month by its name: 11 月, November; its year as of a day: 2026 年 11 月, November 2026."""
    said = year or another_year(day)
    if _chinese():
        return str(format_date(day, f"{_YEAR}{_MONTH}" if said else _MONTH))
    return str(format_date(day, "MMMM y" if said else "MMMM"))
