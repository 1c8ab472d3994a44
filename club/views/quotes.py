"""A quote that the till sent to its owner, to be read on the phone."""

from flask import abort
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import quotes
from club.blueprint import bp
from club.models import TillQuote
from club.quote_sending import is_over
from club.views.vouchers import shop_today, work_words
from foundation import clock
from foundation.web.access import members_only
from foundation.web.database import db
from foundation.web.logged import commits_once
from foundation.web.pages import page


@bp.get("/me/quotes/<int:quote_id>")
@members_only
def my_quote(quote_id: int) -> Response:
    quote = _own(quote_id)
    shown = page(
        "club/quote.html",
        quote=quote,
        over=is_over(quote, shop_today()),
        used=quotes.used_on(db.session, quote),
        work=work_words(),
    )
    if quote.read_at is None:
        _note_first_look(quote_id)
    return shown


def _own(quote_id: int) -> TillQuote:
    """The reader's quote that was sent to them; every other one does not exist (R60)."""
    found = db.session.get(TillQuote, quote_id)
    if found is None or found.owner_id != current_user.owner_id or found.sent_at is None:
        abort(404)
    return found


@commits_once
def _note_first_look(quote_id: int) -> None:
    db.session.get_one(TillQuote, quote_id).read_at = clock.now()
