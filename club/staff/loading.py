"""Loading whom a desk page is about, or answering 404."""

from flask import abort

from foundation.web.database import db
from members.models import Owner


def load_owner(owner_id: int) -> Owner:
    """An owner who was not merged into another one."""
    owner = db.session.get(Owner, owner_id)
    if owner is None or owner.is_gone:
        abort(404)
    return owner
