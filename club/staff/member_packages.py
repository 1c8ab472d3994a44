"""An owner's packages at the desk: selling one, noting a use, taking that back, refunding."""

from collections.abc import Callable

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers.response import Response

from club import package_use, packages
from club.blueprint import bp
from club.models import KindState, Package, PackageItem, PackageKind, PackageUse
from club.package_kinds import NotOnSale
from club.staff import reading
from club.staff.loading import load_owner
from club.standing import standing_of
from club.views.vouchers import new_request
from foundation import clock
from foundation.money import yuan
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import Made, done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.logged import logs_reading
from foundation.web.pages import page
from foundation.words import N_
from members.models import Account, Owner, Ownership, Vehicle

HERE = "/desk/members/<int:owner_id>/packages"


@bp.get(HERE)
@requires(Permission.BENEFIT_USE)
@logs_reading("owner", "owner_id")
def member_packages(owner_id: int) -> Response:
    return _page(load_owner(owner_id))


@bp.post(HERE)
@requires(Permission.PACKAGE_SELL)
def member_package_sell(owner_id: int) -> Response:
    owner = load_owner(owner_id)

    def sell() -> object:
        kind, paid = _chosen_kind(), reading.amount("paid")
        return packages.sell(
            db.session,
            kind,
            owner,
            vehicle_id=reading.number("vehicle"),
            paid_fen=kind.price_fen if paid is None else paid,
            request_id=typed("request_id", 40) or new_request(),
            today=reading.today(),
            by=current_user.id,
            now=clock.now(),
        )

    return _act(owner_id, sell, _("Sold. Its points are on the statement."))


@bp.post(f"{HERE}/items/<int:item_id>/use")
@requires(Permission.BENEFIT_USE)
def member_package_use(owner_id: int, item_id: int) -> Response:
    item = db.session.get(PackageItem, item_id)
    if item is None or item.package.owner_id != owner_id:
        abort(404)
    return _act(
        owner_id,
        lambda: package_use.use(
            db.session,
            item,
            request_id=typed("request_id", 40) or new_request(),
            today=reading.today(),
            by=current_user.id,
            now=clock.now(),
        ),
        _("Noted. The owner sees what is left at once."),
    )


@bp.post(f"{HERE}/uses/<int:use_id>/undo")
@requires(Permission.BENEFIT_USE)
def member_package_undo(owner_id: int, use_id: int) -> Response:
    use = db.session.get(PackageUse, use_id)
    if use is None or use.item.package.owner_id != owner_id:
        abort(404)
    return _act(
        owner_id,
        lambda: package_use.undo(
            db.session, use, reason=typed("reason"), by=current_user.id, now=clock.now()
        ),
        _("Taken back. It counts as unused again."),
    )


@bp.post(f"{HERE}/<int:package_id>/refund")
@requires(Permission.PACKAGE_SELL)
def member_package_refund(owner_id: int, package_id: int) -> Response:
    package = db.session.get(Package, package_id)
    if package is None or package.owner_id != owner_id:
        abort(404)
    return _act(
        owner_id,
        lambda: packages.refund(
            db.session,
            package,
            reason=typed("reason"),
            today=reading.today(),
            by=current_user.id,
            now=clock.now(),
        ),
        _given_back,
    )


def _chosen_kind() -> PackageKind:
    kind = db.session.get(PackageKind, reading.number("kind") or 0)
    if kind is None:
        raise NotOnSale(N_("Please choose a package."))
    return kind


def _given_back(fen: int) -> str:
    words = _("Please give back ¥%(amount)s. Its points were taken back.", amount=yuan(fen))
    return str(words)


def _act(owner_id: int, act: Callable[[], Made], done: str | Callable[[Made], str]) -> Response:
    """Do it and show what the owner has now."""
    load_owner(owner_id)
    return done_or_shown(
        act,
        lambda *no: _page(load_owner(owner_id), *no),
        back=f"/desk/members/{owner_id}/packages",
        said=done,
    )


def _page(owner: Owner, status: int = 200, refusal: str | None = None) -> Response:
    uses = package_use.history(db.session, owner.id)
    names = select(Account.id, Account.name).where(Account.id.in_([one.account_id for one in uses]))
    on_sale = select(PackageKind).where(PackageKind.state == KindState.LIVE)
    cars = (
        select(Vehicle)
        .join(Ownership, Ownership.vehicle_id == Vehicle.id)
        .where(Ownership.owner_id == owner.id, Ownership.until_on.is_(None))
        .order_by(Vehicle.id)
    )
    return page(
        "club/staff/member_packages.html",
        status,
        owner=owner,
        standing=standing_of(db.session, owner.id, today=reading.today()),
        packages=package_use.held_by(db.session, owner.id),
        refunds=packages.refund_of,
        uses=uses,
        names=dict(db.session.execute(names).all()),
        kinds=db.session.scalars(
            on_sale.order_by(PackageKind.id).options(selectinload(PackageKind.items))
        ).all(),
        cars=db.session.scalars(cars).all(),
        request_id=new_request(),
        today=reading.today(),
        typed=request.form if status == 422 else {},
        refusal=refusal,
    )
