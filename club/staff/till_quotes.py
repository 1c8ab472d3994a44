"""A priced order at the till: every step, showing it to the owner, using it once, undoing."""

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers.response import Response

from club import quote_sending, quote_use, quotes
from club.blueprint import bp
from club.models import QuoteState, TillQuote
from club.staff import reading
from club.views.vouchers import work_words
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.pages import page
from members.models import Account

HERE = "/desk/till/quotes/<int:quote_id>"


@bp.get(HERE)
@requires(Permission.TILL_USE)
def till_quote(quote_id: int) -> Response:
    return _page(_quote(quote_id))


@bp.get(f"{HERE}/show")
@requires(Permission.TILL_USE)
def till_quote_show(quote_id: int) -> Response:
    """The same steps on a page that can be turned to the owner."""
    return _page(_quote(quote_id), template="club/staff/till_show.html")


@bp.post(f"{HERE}/apply")
@requires(Permission.TILL_USE)
def till_quote_apply(quote_id: int) -> Response:
    quote = _quote(quote_id)
    return done_or_shown(
        lambda: quote_use.apply(
            db.session, quote, today=reading.today(), by=current_user.id, now=clock.now()
        ),
        lambda *no: _page(_quote(quote_id), *no),
        back=f"/desk/till/quotes/{quote_id}",
        said=_("Applied: vouchers and points are used."),
    )


@bp.post(f"{HERE}/send")
@requires(Permission.TILL_USE)
def till_quote_send(quote_id: int) -> Response:
    quote = _quote(quote_id)
    return done_or_shown(
        lambda: quote_sending.send(
            db.session, quote, today=reading.today(), by=current_user.id, now=clock.now()
        ),
        lambda *no: _page(_quote(quote_id), *no),
        back=f"/desk/till/quotes/{quote_id}",
        said=_("The link is on its way to the owner."),
    )


@bp.post(f"{HERE}/undo")
@requires(Permission.TILL_USE)
def till_quote_undo(quote_id: int) -> Response:
    quote = _quote(quote_id)
    return done_or_shown(
        lambda: quote_use.undo(
            db.session,
            quote,
            reason=typed("reason"),
            today=reading.today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _page(_quote(quote_id), *no),
        back=f"/desk/till/quotes/{quote_id}",
        said=_("Taken back: vouchers and points are the member’s again."),
    )


def _page(
    quote: TillQuote,
    status: int = 200,
    refusal: str | None = None,
    template: str = "club/staff/till_quote.html",
) -> Response:
    ids = [one for one in (quote.account_id, quote.applied_by, quote.undone_by) if one]
    names = select(Account.id, Account.name).where(Account.id.in_(ids))
    most = None
    if quote.state is QuoteState.OPEN:
        asked = quotes.asked_of(quote)
        most = quotes.most_points(db.session, quote.owner_id, asked, today=reading.today())
    return page(
        template,
        status,
        quote=quote,
        used=quotes.used_on(db.session, quote),
        names=dict(db.session.execute(names).all()),
        most_points=most,
        work=work_words(),
        typed=request.form if status == 422 else {},
        refusal=refusal,
    )


def _quote(quote_id: int) -> TillQuote:
    found = db.session.scalar(
        select(TillQuote)
        .where(TillQuote.id == quote_id)
        .options(joinedload(TillQuote.owner))
        .execution_options(populate_existing=True)
    )
    return found or abort(404)
