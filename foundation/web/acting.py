"""An act from a form: done, committed once and said, or refused and shown again with the reason."""

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect
from werkzeug.wrappers.response import Response

from foundation.refusals import Refusal
from foundation.web.database import db
from foundation.web.pages import refused

Made = TypeVar("Made")


def done_or_shown(
    act: Callable[[], Made],
    shown: Callable[[int, str], Response],
    *,
    back: str | Callable[[Made], str],
    said: str | Callable[[Made], str] = "",
) -> Response:
    """Do it, commit, and go `back` with a word; what was made may tell where to and which word.

    A refusal is undone, and the page `shown` again with status 422 and the reason in the reader's
    language.
    """
    try:
        made = act()
    except Refusal as no:
        db.session.rollback()
        return shown(422, refused(no))
    db.session.commit()
    words = said(made) if callable(said) else said
    if words:
        flash(words)
    return redirect(back(made) if callable(back) else back, 303)
