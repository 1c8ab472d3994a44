"""The club as one Flask application."""

import gc

from flask import Flask
from flask_alembic import Alembic

import club.blueprint
import club.models
import club.staff
import club.views
import events.blueprint
import events.models
import events.staff
import events.views
import members.blueprint
import members.models
import members.staff
import members.views
import outreach.blueprint
import outreach.models
import outreach.staff
import outreach.views
import portal.blueprint
import portal.models
import portal.staff
import portal.views
from events.views import kept_pages
from foundation import catalogues, migrations
from foundation import settings as settings_of
from foundation.models import Base
from foundation.settings import INSTANCE, Settings
from foundation.web import access, assets, database, incoming, language, limits, pages, security
from members.views import session
from portal import commands
from portal.views import navigation, waking

ROOMS = (members, club, events, outreach, portal)


def create_app(settings: Settings | None = None) -> Flask:
    """The application for `settings`, by default those of the environment.

    Raises SettingRefused with the setting's name when one is missing or wrong.
    """
    settings = settings or settings_of.from_environ()
    catalogues.compile_stale()
    app = Flask(__name__, instance_path=str(INSTANCE), static_folder=None)
    app.extensions["club_settings"] = settings
    security.init_proxies(app, settings)
    security.init_security(app, settings)
    incoming.init_incoming(app)
    database.init_database(app, settings)
    app.config["ALEMBIC_CONTEXT"] = dict(migrations.CONTEXT)
    Alembic(app, metadatas=Base.metadata, run_mkdir=False)
    session.init_session(app)
    language.init_language(app, settings)
    limits.init_limits(app, settings)
    access.init_access(app)
    pages.init_pages(app)
    navigation.init_navigation(app)
    commands.init_commands(app)
    waking.init_waking(app, settings)
    for room in ROOMS:
        app.register_blueprint(room.blueprint.bp)
    kept_pages.init_kept_pages(app, settings)
    assets.init_assets(app, INSTANCE / "static")
    return app


def create_web_app() -> Flask:
    """The application as a web worker serves it, for days.

    What stands after the start stays for good, so Python's collector is spared looking through it
    time and again: that took a sixth of each sign-up.
    """
    app = create_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    return app
