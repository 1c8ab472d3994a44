"""The request's session: reading by default, writing for everything but GET and HEAD."""

from inspect import iscoroutinefunction

from flask import Flask, request
from flask_sqlalchemy_lite import SQLAlchemy

from foundation import database
from foundation.settings import Settings

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
    app.before_request(_bind_writer)


def _bind_writer() -> None:
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        write()


def read() -> None:
    """What follows only reads: the transaction ends here, undone, and its lock with it."""
    db.session.rollback()
    db.session.bind = db.engine


def write() -> None:
    """Let this context's session write: for POSTs, jobs and commands, before the first query."""
    db.session.bind = database.writing(db.engine)
