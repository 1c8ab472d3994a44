"""Whether the process is up, and whether its database and worker are."""

from flask import jsonify
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers.response import Response

from foundation import clock, jobs
from foundation.web.access import open_to_all
from foundation.web.database import db
from portal.blueprint import bp


@bp.get("/healthz")
@open_to_all
def healthz() -> Response:
    return jsonify(status="up")


@bp.get("/readyz")
@open_to_all
def readyz() -> tuple[Response, int]:
    try:
        alive = jobs.worker_alive(db.session, now=clock.now())
    except SQLAlchemyError:
        return jsonify(status="not ready", reason="the database does not answer"), 503
    if not alive:
        return jsonify(status="not ready", reason="no worker gave a sign for 60 seconds"), 503
    return jsonify(status="ready"), 200
