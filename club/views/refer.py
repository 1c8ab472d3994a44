"""Bringing somebody: the member's own page with link and QR code, and the links when followed."""

from flask import abort, current_app, make_response, redirect, request, session
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import arrivals, referral_credit, referral_links, referral_lists
from club.arrivals import BY_MEMBER, BY_SOURCE, Mark
from club.blueprint import bp
from club.models import ReferralKind, ReferralLink
from club.views.vouchers import shop_today
from foundation import clock, qr, tunables
from foundation.web.access import members_only, open_to_all
from foundation.web.database import db
from foundation.web.logged import commits_once
from foundation.web.pages import page

CAME, FOLLOWED = "came_by", "followed"
LONGEST, MOST = 20, 20


@bp.get("/r/<token>")
@open_to_all
def follow_member(token: str) -> Response:
    return _follow((BY_MEMBER, token[:LONGEST]))


@bp.get("/s/<token>")
@open_to_all
def follow_source(token: str) -> Response:
    return _follow((BY_SOURCE, token[:LONGEST]))


@bp.get("/me/refer")
@members_only
def refer() -> Response:
    owner_id, link = current_user.owner_id, _own_link()
    return page(
        "club/refer.html",
        link=link_address(BY_MEMBER, link.code),
        opened=link.opened,
        mine=referral_lists.brought_by(db.session, owner_id),
        points=referral_credit.points_of(db.session, ReferralKind.CLUB, on=shop_today()),
        stands_days=tunables.value(db.session, referral_credit.STANDS_DAYS),
    )


@bp.get("/me/refer/code.png")
@members_only
def refer_picture() -> Response:
    link = referral_links.link_of(db.session, current_user.owner_id) or abort(404)
    return picture(link_address(BY_MEMBER, link.code))


def came_by() -> Mark | None:
    """The first of our links that this browser followed."""
    kind, _, code = session.get(CAME, "").partition(":")
    return (kind, code) if code else None


def link_address(kind: str, code: str) -> str:
    """The whole address of a link, as it is copied and printed."""
    return f"{current_app.extensions['club_settings'].base_url}/{kind}/{code}"


def picture(text: str, *, scale: int = 8) -> Response:
    """A QR code as a PNG."""
    answer = make_response(qr.qr_png(text, scale=scale))
    answer.headers["Content-Type"] = "image/png"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _follow(mark: Mark) -> Response:
    """On to joining. A browser counts once, its first link stays, and looking ahead (HEAD),
    which no person does, counts nothing."""
    said, before = ":".join(mark), session.get(FOLLOWED, [])
    inside = current_user.is_authenticated and current_user.is_member
    if request.method != "HEAD" and not inside and said not in before and len(before) < MOST:
        _count(mark, said, before)
    return redirect("/join", 303)


@commits_once
def _count(mark: Mark, said: str, before: list[str]) -> None:
    """A link that is not ours counts nothing."""
    if arrivals.followed(db.session, mark, on=shop_today()):
        session.permanent = True
        session[FOLLOWED] = [*before, said]
        session.setdefault(CAME, said)


def _own_link() -> ReferralLink:
    """The member's link, made at the first look at the page."""
    owner_id = current_user.owner_id
    found = referral_links.link_of(db.session, owner_id)
    return _new_link(owner_id) if found is None else found


@commits_once
def _new_link(owner_id: int) -> ReferralLink:
    return referral_links.make_link(db.session, owner_id, now=clock.now())
