"""Pages whose reading is itself an act: a GET that notes who read what, and commits once (R67)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import audit, clock
from foundation.web.database import db, write


def logs_reading(
    thing_kind: str, argument: str
) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Note "<thing_kind>.read" on the thing that the address names, once the page was given.

    Stands below the access mark. The page itself reads; the note is a short transaction of its
    own afterwards, so that nobody waits for the lock while a page is made.
    """

    def mark(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def seen(**values: Any) -> Response:
            reader = int(current_user.id)
            answer = view(**values)
            if answer.status_code == 200:
                db.session.rollback()
                write()
                act, thing = f"{thing_kind}.read", values[argument]
                audit.record(db.session, act, thing_kind, thing, by=reader, now=clock.now())
                db.session.commit()
            return answer

        seen.__dict__["logs_reading"] = thing_kind
        return seen

    return mark
