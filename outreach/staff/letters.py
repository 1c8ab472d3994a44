"""Letters and texts at the desk: what went out, what waits, what a person must decide."""

from datetime import timedelta
from pathlib import Path

from flask import abort, flash, make_response, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from jinja2 import TemplateError
from werkzeug.wrappers.response import Response

from foundation import clock, epoch
from foundation.outbox import Channel, Letter, LetterState
from foundation.roles import Permission
from foundation.settings import Mode
from foundation.web.access import may, requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.language import say
from foundation.web.pages import page
from members.models import Account
from outreach import deciding, texts
from outreach.blueprint import bp
from outreach.office import is_set_up
from outreach.staff import letter_words, previews
from outreach.staff.whose import whose

PER_PAGE = 50
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"


@bp.get("/desk/letters")
@requires(Permission.LETTER_VIEW)
def letter_list() -> Response:
    channel, state = request.args.get("channel"), request.args.get("state")
    asked = request.args.get("before", type=whole)
    before = db.session.get(Letter, asked) if asked else None
    wanted = deciding.letters_query(channel, state, before).limit(PER_PAGE + 1)
    letters = list(db.session.scalars(wanted))
    said = letter_words.Outlooks(db.session, previews.settings().zone)
    return page(
        "outreach/staff/letters.html",
        letters=letters[:PER_PAGE],
        whose=whose(letters[:PER_PAGE]),
        addresses={one.id: letter_words.masked_address(one) for one in letters},
        about=letter_words.about,
        outlook=said.of,
        late=timedelta(minutes=2),
        older=letters[PER_PAGE - 1].id if len(letters) > PER_PAGE else None,
        channel=channel or "",
        state=state or "",
        before=before,
        channels=list(Channel),
        states=list(LetterState),
        unknown=deciding.waiting(db.session),
        stopped=not epoch.agrees(db.session, _epoch_file()),
        settings=previews.settings(),
    )


@bp.get("/desk/letters/<int:letter_id>")
@requires(Permission.LETTER_VIEW)
def letter(letter_id: int) -> Response:
    return _letter_page(_letter(letter_id))


@bp.get("/desk/letters/<int:letter_id>/html")
@requires(Permission.LETTER_VIEW)
def letter_html(letter_id: int) -> Response:
    """The letter as a mail program shows it, shut off from everything else."""
    found = _letter(letter_id)
    if _is_secret(found):
        abort(404)
    answer = make_response(letter_words.without_way_out(previews.written(found).html))
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


@bp.post("/desk/letters/<int:letter_id>/decide")
@requires(Permission.LETTER_DECIDE)
def letter_decide(letter_id: int) -> Response:
    found, now = _letter(letter_id), clock.now()
    rule = deciding.send_again if request.form.get("what") == "again" else deciding.drop
    return done_or_shown(
        lambda: rule(db.session, found, by=current_user.id, now=now),
        lambda *no: _letter_page(found, *no),
        back=f"/desk/letters/{letter_id}",
        said=_("Decided."),
    )


@bp.post("/desk/letters/running-club")
@requires(Permission.LETTER_DECIDE)
def running_club() -> Response:
    """A person says that this database is the one that may send."""
    file = _epoch_file()
    with epoch.alone(file):
        epoch.confirm(db.session, file, by=current_user.id, now=clock.now())
        db.session.commit()
    flash(_("Letters go out again."))
    return redirect("/desk/letters", 303)


def _letter(letter_id: int) -> Letter:
    found = db.session.get(Letter, letter_id)
    if found is None:
        abort(404)
    return found


def _epoch_file() -> Path:
    settings = previews.settings()
    return epoch.file_of(settings.state_dir, settings.database_url)


def _is_secret(found: Letter) -> bool:
    """A code is for its reader alone, or whoever reads letters could sign in as anybody.

    Only where it cannot leave the house is the desk its way out: in a demo club for all, in a
    running one for who manages staff, and of an owner's code for the counter.
    """
    if found.template != "code":
        return False
    settings = previews.settings()
    if is_set_up(settings, found.channel):
        return True
    account = (
        db.session.get(Account, found.recipient_id) if found.recipient_kind == "account" else None
    )
    for_staff = account is not None and account.is_staff
    return settings.mode is Mode.PRODUCTION and for_staff and not may(Permission.STAFF_MANAGE)


def _letter_page(found: Letter, status: int = 200, refusal: str | None = None) -> Response:
    text, subject = found.sent_text, found.sent_subject
    if text is None and _is_secret(found):
        text = _("This letter holds a code that only its reader may see.")
        subject = say(letter_words.about(found))
    if text is None:
        try:
            words = previews.written(found)
            text = words.text if found.channel is Channel.EMAIL else words.short
            subject = words.subject
        except (TemplateError, LookupError):
            text, subject = _("This letter cannot be written."), found.template
    return page(
        "outreach/staff/letter.html",
        status,
        letter=found,
        address=found.address
        if may(Permission.MEMBER_CONTACTS)
        else letter_words.masked_address(found),
        subject=subject,
        text=letter_words.without_way_out(text),
        outlook=letter_words.Outlooks(db.session, previews.settings().zone).of(found),
        segments=texts.segments(text) if found.channel is Channel.TEXT else None,
        may_decide=found.state in deciding.WAITING,
        withdrawn=say(found.withdrawn) if found.withdrawn else None,
        refusal=refusal,
    )
