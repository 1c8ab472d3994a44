"""Each commit that posted a letter rings for the worker."""

from flask import Flask

from foundation import outbox
from foundation.settings import Settings
from foundation.web.database import db
from portal.bell import Bell


def init_waking(app: Flask, settings: Settings) -> None:
    """Wake the worker after each commit that posted a letter."""
    bell = Bell(settings)
    app.extensions["club_bell"] = bell
    with app.app_context():
        outbox.wake_after_commit(db.sessionmaker, bell.ring)
