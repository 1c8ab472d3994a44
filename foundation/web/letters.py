"""A letter's words: templates/letters/<template>.subject.txt and .txt; .html, .short.txt if wanted.

What a letter tells comes from `Letter.details` as values, never as templates, so a name with
`{{`, HTML or a line break says only itself (R45).
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from css_inline import CSSInliner
from flask import current_app
from jinja2 import Environment, Template, TemplateNotFound
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from foundation.outbox import Letter, Rendered
from foundation.own_words import (
    Link,
    OwnWords,
    Span,
    Value,
    Word,
    filled_line,
    filled_markdown,
)
from foundation.rich_text import plain_text, safe_html
from foundation.shop import the_shop
from foundation.web.database import db
from foundation.web.language import moment_text, say, span_text, speaking
from foundation.web.pages import ShopWords

PLAIN = "letters/plain.html"
_MANY_LINES = ("words", "body")  # the only values that keep their lines, with names ending so
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LINK = re.compile(r"https?://[^\s<>\"]+")
_INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def render(letter: Letter, own: OwnWords | None = None, **more: Any) -> Rendered:
    """The letter's subject, text and HTML in its reader's language.

    Moments and days that stand in the details as ISO texts come to the template as such.
    `more` are further values that are not kept with the letter, such as its unsubscribe address.
    `own` are words that staff wrote for it, which stand in the place of its template's.
    """
    values: dict[str, Any] = {
        "unsubscribe_url": None,
        "url": _address,
        **_harmless(letter.details),
        **more,
        "letter": letter,
        "language": letter.language,
    }
    with Session(db.engine) as reading:
        values["shop"] = ShopWords(the_shop(reading), letter.language)
    with speaking(letter.language):
        if own is not None:
            return _written(own.template, values | _filled(own))
        return _written(letter.template, values)


def _filled(own: OwnWords) -> dict[str, Any]:
    """The words with their holes filled, as a line, as HTML and as text."""
    said = {name: one_line(_in_words(value)) for name, value in own.holes.items()}
    links = [name for name, value in own.holes.items() if isinstance(value, Link)]
    body = filled_markdown(own.body, said, links)
    return {
        "own_subject": one_line(filled_line(own.subject, said)),
        "own_html": Markup(safe_html(body)),  # noqa: S704 - cleaned by safe_html
        "own_text": plain_text(body),
        "own_button": say(own.button),
        "own_address": _address(own.button_path),
    }


def _in_words(value: Value) -> str:
    if isinstance(value, Span):
        return span_text(value.starts_at, value.ends_at)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, Word):
        return say(value.message)
    return _address(value.path) if isinstance(value, Link) else value


def _written(name: str, values: dict[str, Any]) -> Rendered:
    env = current_app.jinja_env
    subject = one_line(env.get_template(f"letters/{name}.subject.txt").render(values))
    letter_text = env.get_template(f"letters/{name}.txt")
    text = _tidy(letter_text.render(values))
    try:
        html = env.get_template(f"letters/{name}.html").render(values)
    except TemplateNotFound as missing:
        if missing.name != f"letters/{name}.html":
            raise
        html = _plain_html(env, letter_text, subject, text, values)
    return Rendered(subject, text, _INLINER.inline(html), _short(env, name, letter_text, values))


def _short(env: Environment, name: str, letter_text: Template, values: Mapping[str, Any]) -> str:
    """What a text message says: its own template, else the letter without greeting and foot."""
    try:
        return one_line(env.get_template(f"letters/{name}.short.txt").render(values))
    except TemplateNotFound:
        said = [_block(letter_text, block, values) for block in ("first", "body")]
        return one_line(" ".join(said)) or one_line(letter_text.render(values))


def _plain_html(
    env: Environment, letter_text: Template, subject: str, text: str, values: dict[str, Any]
) -> str:
    """The text as a letter in the club's own frame, its addresses as links."""
    parts = {name: _block(letter_text, name, values) for name in ("first", "body", "reason")}
    body = parts["body"] or ("" if parts["first"] else text)
    paragraphs = [_linked(part) for part in re.split(r"\n\s*\n", body.strip()) if part.strip()]
    return env.get_template(PLAIN).render(
        values
        | {
            "first_words": parts["first"].strip() or subject,
            "paragraphs": paragraphs,
            "reason_words": parts["reason"].strip(),
            "subject_words": subject,
        }
    )


def _block(template: Template, name: str, values: Mapping[str, Any]) -> str:
    block = template.blocks.get(name)
    return "".join(block(template.new_context(dict(values)))) if block else ""


def _linked(paragraph: str) -> Markup:
    whole = paragraph.strip()
    out, at = Markup(""), 0
    for found in _LINK.finditer(whole):
        out += escape(whole[at : found.start()])
        out += Markup('<a href="{0}">{0}</a>').format(found.group())
        at = found.end()
    return Markup("<br>").join((out + escape(whole[at:])).split("\n"))


def _address(path: str) -> str:
    """The whole address of a path of ours; whole addresses stay."""
    base: str = current_app.extensions["club_settings"].base_url
    return path if path.startswith(("http://", "https://")) else f"{base}{path}"


def one_line(text: str) -> str:
    """The text without line breaks, control and direction marks: for subjects and names."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join("".join(c for c in kept if not _turns(c)).split())


def _tidy(text: str) -> str:
    kept = "".join(
        c for c in text.replace("\u00a0", " ") if c == "\n" or unicodedata.category(c) != "Cc"
    )
    return re.sub(r"\n{3,}", "\n\n", kept).strip() + "\n"


def _turns(character: str) -> bool:
    """Marks that let what follows read backwards, and a byte order mark."""
    return character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


def _harmless(value: Any, name: str = "") -> Any:
    if isinstance(value, Mapping):
        return {key: _harmless(part, str(key)) for key, part in value.items()}
    if isinstance(value, list):
        return [_harmless(part, name) for part in value]
    if not isinstance(value, str):
        return value
    if name.endswith(_MANY_LINES):
        return _tidy(value).strip()
    return _date_or_text(one_line(value))


def _date_or_text(text: str) -> str | date | datetime:
    try:
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        return text
    return text
