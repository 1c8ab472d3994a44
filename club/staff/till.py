"""The till: whose order it is, what they may have on it, and pricing it."""

from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from club import (
    agreements,
    entitlements,
    member_card,
    package_use,
    quotes,
    till_rights,
    voucher_use,
)
from club.benefits import yearly_of
from club.blueprint import bp
from club.models import TillQuote
from club.quotes import Asked
from club.staff import reading, till_typed
from club.staff.loading import load_owner
from club.standing import standing_of
from club.views.vouchers import new_request, work_words
from club.voucher_use import Choice, OrderDraft
from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.incoming import typed, whole
from foundation.web.limits import wrong_codes
from foundation.web.logged import logs_reading
from foundation.web.pages import page, refused
from members.finding import owners_like
from members.models import AT_THE_WORKSHOP, Membership, Owner, Ownership, Vehicle
from members.order_systems import order_systems

MOST_FOUND, LONGEST_WORDS = 8, 40


@bp.get("/desk/till")
@requires(Permission.TILL_USE)
def till() -> Response:
    return _ask_page()


@bp.post("/desk/till")
@requires(Permission.TILL_USE)
@wrong_codes
def till_find() -> Response:
    """By card, plate, phone, number or name; the card alone where it was scanned."""
    text = typed("code", 300)
    found = _people(text) if text and len(text) <= LONGEST_WORDS else []
    if len(found) == 1:
        return redirect(f"/desk/till/{found[0].id}", 303)
    if found:
        return _ask_page(people=found)
    keys = current_app.extensions["club_settings"].link_keys
    try:
        owner_id = member_card.owner_of(db.session, text, keys, now=clock.now())
    except member_card.CardTooOld as no:
        return _ask_page(422, refused(no))
    except Refusal:
        return _ask_page(422, _("Nobody was found by this. Please try the plate or the phone."))
    return redirect(f"/desk/till/{owner_id}", 303)


@bp.get("/desk/till/<int:owner_id>")
@requires(Permission.TILL_USE)
@logs_reading("owner", "owner_id")
def till_order(owner_id: int) -> Response:
    owner = load_owner(owner_id)
    quote_id = request.args.get("quote", type=whole)
    quote = db.session.get(TillQuote, quote_id) if quote_id else None
    mine = quote if quote is not None and quote.owner_id == owner_id else None
    return _order_page(owner, quotes.asked_of(mine) if mine else Asked(()))


@bp.post("/desk/till/<int:owner_id>")
@requires(Permission.TILL_USE)
def till_price(owner_id: int) -> Response:
    owner = load_owner(owner_id)
    try:
        quote = quotes.price(
            db.session,
            owner_id,
            till_typed.asked(),
            request_id=typed("request_id", 40) or new_request(),
            today=reading.today(),
            by=current_user.id,
            now=clock.now(),
        )
    except Refusal as no:
        db.session.rollback()
        return _order_page(load_owner(owner_id), till_typed.asked_loosely(), 422, refused(no))
    if quote.owner_id != owner.id:
        abort(404)
    db.session.commit()
    return redirect(f"/desk/till/quotes/{quote.id}", 303)


def _people(text: str) -> Sequence[Owner]:
    return db.session.scalars(
        select(Owner).where(owners_like(text), Owner.is_here()).order_by(Owner.id).limit(MOST_FOUND)
    ).all()


def _ask_page(
    status: int = 200, refusal: str | None = None, people: Sequence[Owner] = ()
) -> Response:
    return page(
        "club/staff/till.html",
        status,
        people=people,
        quotes=quotes.newest(db.session),
        code=typed("code", LONGEST_WORDS) if status == 422 or people else "",
        refusal=refusal,
    )


def _order_page(
    owner: Owner, asked: Asked, status: int = 200, refusal: str | None = None
) -> Response:
    return page(
        "club/staff/till_order.html",
        status,
        owner=owner,
        rows=till_typed.rows(asked) if status == 200 else till_typed.rows_as_typed(),
        asked=asked,
        choices=_choices(owner.id, asked),
        order_kinds=AT_THE_WORKSHOP,
        systems=order_systems(db.session),
        request_id=new_request(),
        work=work_words(),
        refusal=refusal,
        **_rights(owner.id),
    )


def _rights(owner_id: int) -> dict[str, Any]:
    """What the member has today, beside the order."""
    today = reading.today()
    standing = standing_of(db.session, owner_id, today=today)
    return {
        "today": today,
        "standing": standing,
        "plates": _plates(owner_id),
        "member": db.session.get(Membership, owner_id),
        "agreed": agreements.in_force(db.session, owner_id, today=today),
        "packages": package_use.usable_by(db.session, owner_id, today=today),
        "discounts": till_rights.discounts(db.session, owner_id, today=today),
        "usable": till_rights.usable_points(db.session, owner_id, today=today),
        "year": entitlements.member_year(db.session, owner_id, today),
        "yearly": yearly_of(db.session, owner_id, standing.tier, today=today),
    }


def _choices(owner_id: int, asked: Asked) -> Sequence[Choice]:
    today = reading.today()
    draft = (
        quotes.draft_of(db.session, owner_id, asked, today=today)
        if asked.items
        else OrderDraft(order_no=asked.order_no, system=asked.system)
    )
    return voucher_use.usable_now(db.session, owner_id, draft, today=today)


def _plates(owner_id: int) -> Sequence[str | None]:
    return db.session.scalars(
        select(Vehicle.plate)
        .join(Ownership, Ownership.vehicle_id == Vehicle.id)
        .where(
            Ownership.owner_id == owner_id,
            Ownership.until_on.is_(None),
            Vehicle.plate.is_not(None),
        )
        .limit(MOST_FOUND)
    ).all()
