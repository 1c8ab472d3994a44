"""Pages whose reading is itself an act: a GET that notes something commits once, here (R67)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import audit, clock
from foundation.web.database import db, read, write

Given = ParamSpec("Given")
Made = TypeVar("Made")


def commits_once(act: Callable[Given, Made]) -> Callable[Given, Made]:
    """What a GET has to write, as a short transaction of its own: before it nothing is locked,
    and after it the page reads again. Views of GETs never write in any other way."""

    @wraps(act)
    def done(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        db.session.rollback()
        write()
        made = act(*args, **kwargs)
        db.session.commit()
        read()
        return made

    return done


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
                _note(thing_kind, values[argument], reader)
            return answer

        seen.__dict__["logs_reading"] = thing_kind
        return seen

    return mark


@commits_once
def _note(thing_kind: str, thing_id: int, reader: int) -> None:
    act, now = f"{thing_kind}.read", clock.now()
    audit.record(db.session, act, thing_kind, thing_id, by=reader, now=now)
