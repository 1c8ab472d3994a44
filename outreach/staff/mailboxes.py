"""An owner's mailbox at the desk: that it bounced, and trying it again with a reason."""

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.logged import logs_reading
from foundation.web.pages import page
from members import emails, phones
from members.models import Owner
from outreach import rerouting
from outreach.blueprint import bp
from outreach.staff import previews

HERE = "/desk/members/<int:owner_id>/mailbox"


@bp.get(HERE)
@requires(Permission.LETTER_DECIDE)
@logs_reading("owner", "owner_id")
def mailbox(owner_id: int) -> Response:
    return _page(_owner(owner_id))


@bp.post(HERE)
@requires(Permission.LETTER_DECIDE)
def mailbox_lift(owner_id: int) -> Response:
    owner, key = _owner(owner_id), previews.settings().hash_key
    reason = typed("reason", rerouting.LONGEST)
    return done_or_shown(
        lambda: rerouting.lift(
            db.session, key, owner, reason=reason, by=current_user.id, now=clock.now()
        ),
        lambda *no: _page(_owner(owner_id), *no),
        back=f"/desk/members/{owner_id}/mailbox",
        said=_("E-mail is tried again from the next letter on."),
    )


def _page(owner: Owner, status: int = 200, refusal: str | None = None) -> Response:
    addresses = rerouting.addresses_of(owner)
    phone = (owner.account.phone if owner.account else None) or owner.phone
    return page(
        "outreach/staff/mailbox.html",
        status,
        owner=owner,
        addresses=[emails.masked(one) for one in addresses],
        phone=phones.masked(phone) if phone else None,
        since=rerouting.bounced(db.session, previews.settings().hash_key, addresses),
        typed=request.form if status == 422 else {},
        refusal=refusal,
    )


def _owner(owner_id: int) -> Owner:
    return db.session.get(Owner, owner_id) or abort(404)
