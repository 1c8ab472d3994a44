"""The request's session: reading by default, writing for everything but GET and HEAD."""

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_sqlalchemy_lite import SQLAlchemy

from foundation import database
from foundation.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])
db = SQLAlchemy(session_options={"expire_on_commit": False})


def init_database(app: Flask, settings: Settings) -> None:
    """Open the engine and let each POST begin as a writer, before its first query."""
    app.config["SQLALCHEMY_ENGINES"] = {
        "default": {
            "url": settings.database_url,
            **database.engine_options(settings.database_url),
        }
    }
    db.init_app(app)
    # The house has no async sessions; closing them would start an event loop for each request.
    app.teardown_appcontext_funcs = [
        close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)
    ]
    with app.app_context():
        database.prepare(db.engine)
    app.before_request(_bind)


def reads_first(view: View) -> View:
    """A POST that looks and checks its form before it writes: it says when by `then_write()`."""
    view.__dict__["reads_first"] = True
    return view


def _bind() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in ("GET", "HEAD", "OPTIONS") or getattr(view, "reads_first", False):
        db.session.bind = database.reading(db.engine)
    else:
        write()


def then_write() -> None:
    """From here on this request writes. What it read stays loaded, so the rule asks the database
    again for all that must not have changed meanwhile."""
    db.session.commit()
    write()


def read() -> None:
    """What follows only reads: the transaction ends here, undone, and its lock with it."""
    db.session.rollback()
    db.session.bind = database.reading(db.engine)


def write() -> None:
    """Let this context's session write: for POSTs, jobs and commands, before the first query."""
    db.session.bind = database.writing(db.engine)
