"""What somebody asks for who takes a list of people along."""

from flask import request

from foundation.roles import Permission
from foundation.web.access import may
from foundation.web.files import TYPES
from members.lists_taken import Taking


def asked_taking() -> Taking:
    """As which file, and why; numbers come in full for whoever may see them."""
    form = request.form.get("form", "")
    return Taking(
        form if form in TYPES else "xlsx",
        phones=may(Permission.MEMBER_CONTACTS),
        reason=request.form.get("reason", ""),
    )
