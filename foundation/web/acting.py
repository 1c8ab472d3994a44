"""An act from a form: done, committed once and said, or refused and shown again with the reason."""

from collections.abc import Callable

from flask import flash, redirect
from werkzeug.wrappers.response import Response

from foundation.refusals import Refusal
from foundation.web.database import db
from foundation.web.pages import refused


def done_or_shown(
    act: Callable[[], object], shown: Callable[[int, str], Response], *, back: str, said: str = ""
) -> Response:
    """Do it, commit, and go `back` with a word. A refusal is undone, and the page `shown` again
    with status 422 and the reason in the reader's language."""
    try:
        act()
    except Refusal as no:
        db.session.rollback()
        return shown(422, refused(no))
    db.session.commit()
    if said:
        flash(said)
    return redirect(back, 303)
