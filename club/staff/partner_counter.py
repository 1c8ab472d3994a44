"""At a partner's counter: a card scanned or typed, tier and offers due, confirming a use (R65).

What is shown about the member is the tier and until when it is kept. Between the look and the
confirmation the member is held in a sealed word of the address, so no number of theirs is told.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import abort, current_app, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import member_card, offer_use, partner_clerks, partners
from club.blueprint import bp
from club.models import OfferUse, Partner
from club.staff import reading
from club.standing import standing_of
from club.views.vouchers import new_request
from foundation import clock, tokens
from foundation.pictures import LARGEST_FILE, codes_in
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.settings import Settings
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.limits import wrong_codes
from foundation.web.pages import page, refused

LOOK_LASTS = timedelta(minutes=10)


@bp.get("/partner")
@requires(Permission.PARTNER_CHECK)
def partner_counter() -> Response:
    return _counter(_own_partner())


@bp.post("/partner")
@requires(Permission.PARTNER_CHECK)
@wrong_codes
def partner_look() -> Response:
    return _look(_own_partner(), [typed("code", 300)])


@bp.post("/partner/photo")
@requires(Permission.PARTNER_CHECK)
@wrong_codes
def partner_look_photo() -> Response:
    """A photo of a card, for browsers that cannot read codes; it is read and not kept."""
    own, file = _own_partner(), request.files.get("photo")
    try:
        texts = codes_in(file.read(LARGEST_FILE + 1)) if file else []
    except Refusal as no:
        return _counter(own, 422, refused(no))
    if not texts:
        return _counter(own, 422, _("No code was found in this photo. Please take it closer."))
    return _look(own, texts)


@bp.get("/partner/check/<seal>")
@requires(Permission.PARTNER_CHECK)
def partner_check(seal: str) -> Response:
    own = _own_partner()
    return _check_page(own, seal, _held(own, seal))


@bp.post("/partner/check/<seal>/offers/<int:offer_id>")
@requires(Permission.PARTNER_CHECK)
def partner_confirm(seal: str, offer_id: int) -> Response:
    own = _own_partner()
    owner_id = _held(own, seal)
    offer = partners.offer_of(db.session, own.id, offer_id) or abort(404)
    return done_or_shown(
        lambda: offer_use.use(
            db.session,
            offer,
            owner_id,
            request_id=typed("request_id", 40) or new_request(),
            today=reading.today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _check_page(_own_partner(), seal, owner_id, *no),
        back="/partner",
        said=_("Confirmed. It stands in today’s list."),
    )


@bp.post("/partner/uses/<int:use_id>/undo")
@requires(Permission.PARTNER_CHECK)
def partner_undo(use_id: int) -> Response:
    own = _own_partner()
    noted = db.session.get(OfferUse, use_id)
    if noted is None or noted.partner_id != own.id or noted.used_on != reading.today():
        abort(404)
    return done_or_shown(
        lambda: offer_use.undo(
            db.session, noted, reason=typed("reason"), by=current_user.id, now=clock.now()
        ),
        lambda *no: _counter(_own_partner(), *no),
        back="/partner",
        said=_("Taken back. The member can use the offer again."),
    )


def _look(own: Partner, texts: Sequence[str]) -> Response:
    settings, now = _settings(), clock.now()
    refusal: Refusal | None = None
    for text in texts:
        try:
            owner_id = member_card.owner_of(db.session, text, settings.link_keys, now=now)
        except Refusal as no:
            refusal = no
            continue
        return redirect(f"/partner/check/{_sealed(own, owner_id, now)}", 303)
    return _counter(own, 422, refused(refusal) if refusal else None)


def _sealed(own: Partner, owner_id: int, now: datetime) -> str:
    said = json.dumps([own.id, owner_id, int((now + LOOK_LASTS).timestamp())])
    return tokens.seal(_settings().data_keys, said)


def _held(own: Partner, seal: str) -> int:
    """The member of a look at this partner that is not too long ago."""
    try:
        partner_id, owner_id, until = json.loads(tokens.unseal(_settings().data_keys, seal))
    except (Refusal, ValueError):
        abort(404)
    if partner_id != own.id or until < clock.now().timestamp():
        abort(404)
    return int(owner_id)


def _own_partner() -> Partner:
    """The reader's partner; an account without one has no counter."""
    return partner_clerks.partner_of(db.session, current_user.id) or abort(404)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["club_settings"]
    return settings


def _counter(own: Partner, status: int = 200, refusal: str | None = None) -> Response:
    uses = offer_use.uses_of_day(db.session, own.id, reading.today())
    return page("club/partner.html", status, partner=own, uses=uses, refusal=refusal)


def _check_page(
    own: Partner, seal: str, owner_id: int, status: int = 200, refusal: str | None = None
) -> Response:
    today = reading.today()
    standing = standing_of(db.session, owner_id, today=today)
    return page(
        "club/partner_check.html",
        status,
        partner=own,
        seal=seal,
        tier=standing.tier,
        kept_until=standing.kept_until,
        due=offer_use.offers_for(db.session, own, owner_id, today=today),
        request_id=new_request(),
        refusal=refusal,
    )
