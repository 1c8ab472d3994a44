"""The door and the roll call as an app on a phone: what a browser needs to keep them. All of it
names nobody."""

from typing import Any

from flask import current_app, make_response, render_template
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.views.loading import club_settings
from foundation.shop import in_language, the_shop
from foundation.web import first_screen
from foundation.web.access import open_to_all
from foundation.web.database import db
from foundation.web.language import reader_language, say
from foundation.web.pages import page
from foundation.words import N_

SHELL, ROLL_SHELL = "/check-in/offline", "/check-in/roll-call"
FILES = (
    *(f"css/{name}.css" for name in ("club", "door", "door-app", "roll")),
    *(f"js/{name}.js" for name in ("page", "copy", "confirm", "countdown", "door-kept")),
    *(f"js/{name}.js" for name in ("door-app", "door-screen", "door-hand-over")),
    *(f"js/{name}.js" for name in ("roll-call", "roll-screen", "filled")),
    *(f"js/{name}.js" for name in ("offline-marks", "code-camera")),
    "img/favicon.svg",
)


@bp.get(SHELL)
@open_to_all
def door_shell() -> Response:
    """The door without a network: an empty page that its script fills from the device's list."""
    return shell()


def shell() -> Response:
    """The page itself, the same for everybody."""
    return page("events/staff/door_app.html", zone=club_settings().timezone)


@bp.get(ROLL_SHELL)
@open_to_all
def roll_shell() -> Response:
    """The roll call of a trip without a network: as empty, and filled in the same way."""
    return page("events/staff/trips/roll_app.html", zone=club_settings().timezone)


@bp.get("/check-in/worker.js")
@open_to_all
def door_worker() -> Response:
    """The service worker. It may stand before desk pages, and keeps the two shells and nothing
    else."""
    files = [_static(name) for name in FILES]
    words = render_template(
        "events/staff/door_worker.js", shell=SHELL, roll_shell=ROLL_SHELL, files=files
    )
    answer = make_response(words)
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    answer.headers["Service-Worker-Allowed"] = "/desk/"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/check-in/app.webmanifest")
@open_to_all
def door_manifest() -> Response:
    club = in_language(the_shop(db.session), "club_name", reader_language())
    return first_screen.manifest(
        name=say(N_("Check-in · %(club)s"), {"club": club}),
        short_name=say(N_("Check-in")),
        start="/desk/check-in",
        scope="/desk/",
        drawing="door",
    )


def _static(name: str) -> str:
    address: Any = current_app.jinja_env.globals["static_url"]
    return str(address(name))
