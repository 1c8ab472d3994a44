"""The owner's packages: what is left, until when, and each use."""

from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import package_use
from club.blueprint import bp
from club.views.vouchers import shop_today
from foundation.web.access import members_only
from foundation.web.database import db
from foundation.web.pages import page


@bp.get("/me/packages")
@members_only
def my_packages() -> Response:
    owner_id = current_user.owner_id
    return page(
        "club/packages.html",
        packages=package_use.held_by(db.session, owner_id),
        uses=package_use.history(db.session, owner_id),
        today=shop_today(),
    )
