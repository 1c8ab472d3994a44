"""What is agreed with a company, kept at the desk beside its archive."""

from collections.abc import Callable

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from club import agreements
from club.agreements import PriceNotReady, PriceWords
from club.blueprint import bp
from club.models import AgreedPrice
from club.staff import reading
from club.staff.loading import load_owner
from club.views.vouchers import work_words
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.logged import logs_reading
from foundation.web.pages import page
from foundation.words import N_
from members.models import AT_THE_WORKSHOP, Account, OrderKind, Owner, OwnerKind

HERE = "/desk/members/<int:owner_id>/prices"
WORKS = tuple(kind for kind in AT_THE_WORKSHOP if kind is not OrderKind.WARRANTY)


@bp.get(HERE)
@requires(Permission.PRICE_AGREE)
@logs_reading("owner", "owner_id")
def agreed_prices(owner_id: int) -> Response:
    return _page(_company(owner_id))


@bp.post(HERE)
@requires(Permission.PRICE_AGREE)
def agreed_price_add(owner_id: int) -> Response:
    owner = _company(owner_id)
    return _act(
        owner_id,
        lambda: agreements.agree(db.session, owner, _words(), by=current_user.id, now=clock.now()),
        _("Agreed. The till uses it from its first day on."),
    )


@bp.post(f"{HERE}/<int:price_id>/end")
@requires(Permission.PRICE_AGREE)
def agreed_price_end(owner_id: int, price_id: int) -> Response:
    _company(owner_id)
    price = db.session.get(AgreedPrice, price_id)
    if price is None or price.owner_id != owner_id:
        abort(404)
    return _act(
        owner_id,
        lambda: agreements.end(db.session, price, by=current_user.id, now=clock.now()),
        _("Ended. Orders priced before stay as they are."),
    )


def _company(owner_id: int) -> Owner:
    owner = load_owner(owner_id)
    return owner if owner.kind is OwnerKind.COMPANY else abort(404)


def _words() -> PriceWords:
    kind = next((one for one in WORKS if one.value == typed("kind", 40)), None)
    if kind is None:
        raise PriceNotReady(N_("Please choose a kind of work that the company pays."))
    return PriceWords(
        kind=kind,
        percent=reading.number("percent"),
        fen=reading.amount("price"),
        from_on=reading.day("from_on") or reading.today(),
        until_on=reading.day("until_on"),
        note=typed("note", 120),
    )


def _act(owner_id: int, act: Callable[[], object], done: str) -> Response:
    return done_or_shown(
        act,
        lambda *no: _page(_company(owner_id), *no),
        back=f"/desk/members/{owner_id}/prices",
        said=done,
    )


def _page(owner: Owner, status: int = 200, refusal: str | None = None) -> Response:
    prices = agreements.of_company(db.session, owner.id)
    ids = {one for price in prices for one in (price.account_id, price.ended_by) if one}
    names = select(Account.id, Account.name).where(Account.id.in_(ids))
    return page(
        "club/staff/agreed_prices.html",
        status,
        owner=owner,
        prices=prices,
        names=dict(db.session.execute(names).all()),
        works=WORKS,
        work=work_words(),
        today=reading.today(),
        typed=request.form if status == 422 else {},
        refusal=refusal,
    )
