"""The letters of one event at the desk: when they go, in which words, and what became of them."""

from dataclasses import fields

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import letter_holes, letter_times, letter_words, messages
from events.letter_words import Words
from events.models import Anchor, Event, LetterKind, LetterTime
from events.refusals import TimeRefused
from events.staff.loading import event_to_edit, planned_event
from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.web.access import may, requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.language import LANGUAGES, reader_language
from foundation.web.pages import page, refused
from foundation.words import N_
from outreach import event_posts
from outreach.blueprint import bp
from outreach.forms import LetterWordsForm
from outreach.staff import letter_previews, test_letters

HOURS_OF = {"hours": 1, "days": 24}


@bp.get("/desk/events/<int:event_id>/letters")
@requires(Permission.EVENT_EDIT)
def event_letters(event_id: int) -> Response:
    return _letters_page(planned_event(event_id))


def _letters_page(event: Event, status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "outreach/staff/event_letters.html",
        status,
        event=event,
        kinds=letter_words.kinds_of(db.session, event),
        own=letter_words.own_kinds(db.session, event.id),
        times=letter_times.times_of(db.session, event.id),
        counts=event_posts.letters_by_kind(db.session, event.id),
        messages=messages.messages_of(db.session, event.id),
        may_message=may(Permission.EVENT_PUBLISH),
        refusal=refusal,
    )


@bp.post("/desk/events/<int:event_id>/letters/times")
@requires(Permission.EVENT_EDIT)
def add_letter_time(event_id: int) -> Response:
    event = event_to_edit(event_id)

    def add() -> None:
        kind, anchor, hours = _typed_time()
        letter_times.add(
            db.session, event, kind, anchor, hours, by=current_user.id, now=clock.now()
        )

    return done_or_shown(
        add,
        lambda *no: _letters_page(planned_event(event_id), *no),
        back=f"/desk/events/{event_id}/letters",
        said=_("Saved. It holds from now on."),
    )


def _typed_time() -> tuple[LetterKind, Anchor, int]:
    """What was typed as (kind, anchor, hours), before the anchor below zero."""
    number, unit = request.form.get("number", ""), request.form.get("unit", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 5 and unit in HOURS_OF):
        raise TimeRefused(N_("Please enter how many hours or days."))
    hours = int(number) * HOURS_OF[unit]
    if request.form.get("kind") == LetterKind.THANKS.value:
        return LetterKind.THANKS, Anchor.END, hours
    anchor = Anchor.END if request.form.get("anchor") == Anchor.END.value else Anchor.START
    return LetterKind.REMINDER, anchor, -hours


@bp.post("/desk/events/<int:event_id>/letters/times/<int:time_id>/remove")
@requires(Permission.EVENT_EDIT)
def remove_letter_time(event_id: int, time_id: int) -> Response:
    event, time = event_to_edit(event_id), db.session.get(LetterTime, time_id)
    if time is None or time.event_id != event.id:
        abort(404)
    letter_times.remove(db.session, event, time, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("Taken away. What was sent already stays sent."))
    return redirect(f"/desk/events/{event_id}/letters", 303)


@bp.get("/desk/events/<int:event_id>/letters/<kind>")
@requires(Permission.EVENT_EDIT)
def event_letter(event_id: int, kind: str) -> Response:
    event, meant = planned_event(event_id), _kind(kind)
    found = letter_words.words_of(db.session, event.id, meant)
    return _words_page(event, meant, LetterWordsForm(obj=found))


@bp.post("/desk/events/<int:event_id>/letters/<kind>")
@requires(Permission.EVENT_EDIT)
def write_event_letter(event_id: int, kind: str) -> Response:
    """Look at what was typed, or keep it."""
    event, meant, form = event_to_edit(event_id), _kind(kind), LetterWordsForm()
    if not form.validate():
        return _words_page(event, meant, form, 422)
    words = typed_words(form)
    try:
        letter_words.check(words, meant)
        if "look" in request.form:
            return _words_page(event, meant, form, words=words)
        letter_words.keep(db.session, event, meant, words, by=current_user.id, now=clock.now())
    except Refusal as no:
        db.session.rollback()
        return _words_page(planned_event(event_id), meant, form, 422, refusal=refused(no))
    db.session.commit()
    flash(_("Saved. Letters that go out from now on say this."))
    return redirect(f"/desk/events/{event_id}/letters/{kind}", 303)


@bp.post("/desk/events/<int:event_id>/letters/<kind>/house")
@requires(Permission.EVENT_EDIT)
def use_house_words(event_id: int, kind: str) -> Response:
    event, meant = event_to_edit(event_id), _kind(kind)
    letter_words.use_house_words(db.session, event, meant, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("This letter says the house’s words again."))
    return redirect(f"/desk/events/{event_id}/letters/{kind}", 303)


@bp.post("/desk/events/<int:event_id>/letters/<kind>/test")
@requires(Permission.EVENT_EDIT)
def test_event_letter(event_id: int, kind: str) -> Response:
    event, meant = planned_event(event_id), _kind(kind)
    test_letters.post(event, f"events/{meant.value}")
    db.session.commit()
    flash(_("The test letter is on its way to you."))
    return redirect(f"/desk/events/{event_id}/letters/{kind}", 303)


@bp.get("/desk/events/<int:event_id>/letters/<kind>/html")
@requires(Permission.EVENT_EDIT)
def event_letter_html(event_id: int, kind: str) -> Response:
    tag = request.args.get("language", "")
    tag = tag if tag in LANGUAGES else reader_language()
    return letter_previews.as_html(planned_event(event_id), f"events/{_kind(kind).value}", tag)


def _kind(name: str) -> LetterKind:
    found = next((kind for kind in LetterKind if kind.value == name), None)
    return found or abort(404)


def typed_words(form: LetterWordsForm) -> Words:
    """What was typed; an empty English text is none."""
    said = {one.name: (form[one.name].data or "").strip() for one in fields(Words)}
    return Words(
        said["subject_zh"], said["subject_en"] or None, said["body_zh"], said["body_en"] or None
    )


def _words_page(
    event: Event,
    kind: LetterKind,
    form: LetterWordsForm,
    status: int = 200,
    *,
    words: Words | None = None,
    refusal: str | None = None,
) -> Response:
    return page(
        "outreach/staff/event_letter.html",
        status,
        event=event,
        kind=kind,
        form=form,
        is_own=letter_words.words_of(db.session, event.id, kind) is not None,
        looking=words is not None,
        holes=letter_holes.holes_of(kind),
        seen=letter_previews.in_both(event, f"events/{kind.value}", words),
        language_words=letter_previews.language_words(),
        refusal=refusal,
    )
