"""What the club keeps of people and what for, before anybody gives it."""

from werkzeug.wrappers.response import Response

from foundation.web.access import open_to_all
from foundation.web.pages import page
from portal.blueprint import bp


@bp.get("/privacy")
@open_to_all
def privacy() -> Response:
    return page("portal/privacy.html")
