"""Partners and their offers at the desk."""

from decimal import Decimal

from flask import abort
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers.response import Response

from club import partners as rules
from club.blueprint import bp
from club.models import Partner, PartnerOffer
from club.staff.partner_forms import OfferForm, PartnerForm, trade_words
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.pages import page


@bp.get("/desk/partners")
@requires(Permission.CLUB_RULES)
def partners() -> Response:
    found = db.session.scalars(
        select(Partner)
        .order_by(Partner.active.desc(), Partner.id)
        .options(selectinload(Partner.offers))
    ).all()
    return page("club/staff/partners.html", partners=found)


@bp.get("/desk/partners/new")
@requires(Permission.CLUB_RULES)
def partner_new() -> Response:
    return _partner_page(None, PartnerForm(active=True))


@bp.post("/desk/partners/new")
@requires(Permission.CLUB_RULES)
def partner_add() -> Response:
    return _keep_partner(None)


@bp.get("/desk/partners/<int:partner_id>")
@requires(Permission.CLUB_RULES)
def partner(partner_id: int) -> Response:
    found = _partner(partner_id)
    form = PartnerForm(obj=found, map_system=found.map_system.value)
    form.trade.data = trade_words(found.trade)
    return _partner_page(found, form)


@bp.post("/desk/partners/<int:partner_id>")
@requires(Permission.CLUB_RULES)
def partner_change(partner_id: int) -> Response:
    return _keep_partner(_partner(partner_id))


@bp.get("/desk/partners/<int:partner_id>/offers/new")
@requires(Permission.CLUB_RULES)
def offer_new(partner_id: int) -> Response:
    return _offer_page(_partner(partner_id), None, OfferForm())


@bp.post("/desk/partners/<int:partner_id>/offers/new")
@requires(Permission.CLUB_RULES)
def offer_add(partner_id: int) -> Response:
    return _keep_offer(_partner(partner_id), None)


@bp.get("/desk/partners/<int:partner_id>/offers/<int:offer_id>")
@requires(Permission.CLUB_RULES)
def offer(partner_id: int, offer_id: int) -> Response:
    found = _offer(partner_id, offer_id)
    return _offer_page(found.partner, found, _offer_form(found))


@bp.post("/desk/partners/<int:partner_id>/offers/<int:offer_id>")
@requires(Permission.CLUB_RULES)
def offer_change(partner_id: int, offer_id: int) -> Response:
    found = _offer(partner_id, offer_id)
    return _keep_offer(found.partner, found)


def _offer_form(found: PartnerOffer) -> OfferForm:
    pays = Decimal(found.pays_fen) / 100 if found.pays_fen else None
    return OfferForm(obj=found, tier=found.tier.value, pays=pays)


def _keep_partner(found: Partner | None) -> Response:
    form = PartnerForm()
    if not form.validate():
        return _partner_page(found, form, 422)
    return done_or_shown(
        lambda: rules.keep_partner(
            db.session, found, form.said(), by=current_user.id, now=clock.now()
        ),
        lambda *no: _partner_page(found, form, *no),
        back=lambda kept: f"/desk/partners/{kept.id}",
        said=_("Saved."),
    )


def _keep_offer(owner: Partner, found: PartnerOffer | None) -> Response:
    form = OfferForm()
    if not form.validate():
        return _offer_page(owner, found, form, 422)
    return done_or_shown(
        lambda: rules.keep_offer(
            db.session, owner, found, form.said(), by=current_user.id, now=clock.now()
        ),
        lambda *no: _offer_page(owner, found, form, *no),
        back=f"/desk/partners/{owner.id}",
        said=_("Saved."),
    )


def _partner_page(
    found: Partner | None, form: PartnerForm, status: int = 200, refusal: str | None = None
) -> Response:
    trades = rules.TRADES.values()
    return page(
        "club/staff/partner.html", status, partner=found, form=form, trades=trades, refusal=refusal
    )


def _offer_page(
    owner: Partner,
    found: PartnerOffer | None,
    form: OfferForm,
    status: int = 200,
    refusal: str | None = None,
) -> Response:
    return page(
        "club/staff/offer.html", status, partner=owner, offer=found, form=form, refusal=refusal
    )


def _partner(partner_id: int) -> Partner:
    return db.session.get(Partner, partner_id) or abort(404)


def _offer(partner_id: int, offer_id: int) -> PartnerOffer:
    return rules.offer_of(db.session, partner_id, offer_id) or abort(404)
