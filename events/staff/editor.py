"""The event editor: one form for everything, rows that come and go, one save."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers.response import Response
from wtforms.fields.choices import SelectChoice

from club.models import KindState, Tier, VoucherKind
from events import editing, planned, slots
from events.blueprint import bp
from events.forms_plan import ROW_LISTS, PlanForm
from events.models import Event, EventKind, EventState
from events.staff import plan_reading, plan_values
from events.staff.loading import event_to_edit, kind_of
from events.views.loading import club_settings
from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.shop import in_language, the_shop
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.language import reader_language, say
from foundation.web.pages import page, refused
from foundation.words import N_
from members.car_words import ENERGY_WORDS
from members.models import Interest, Vehicle

SPARE, MORE, MOST_MODELS = 1, 5, 200


@bp.get("/desk/events/new")
@requires(Permission.EVENT_EDIT)
def new_event() -> Response:
    code = request.args.get("kind")
    if code is None:
        kinds = db.session.scalars(select(EventKind).order_by(EventKind.position)).all()
        return page("events/staff/kinds.html", kinds=kinds)
    kind = kind_of(code)
    today = clock.now().astimezone(club_settings().zone).replace(tzinfo=None)
    return _editor(kind, _with_spares(_form(data=plan_values.of_kind(kind, today))))


@bp.post("/desk/events/new")
@requires(Permission.EVENT_EDIT)
def make_event() -> Response:
    kind = kind_of(request.args.get("kind"))
    form = _form()
    if (answer := _row_act(kind, form, None)) is not None:
        return answer
    if not form.validate():
        return _editor(kind, form, status=422)
    sheet = plan_reading.sheet_of(form, club_settings().zone)
    return done_or_shown(
        lambda: editing.create(
            db.session, the_shop(db.session), kind, sheet, by=current_user.id, now=clock.now()
        ),
        lambda status, no: _editor(kind, form, status=status, refusal=no),
        back=lambda event: url_for("events.desk_event", event_id=event.id),
        said=_("Saved as a draft. Members do not see it yet."),
    )


@bp.get("/desk/events/<int:event_id>/edit")
@requires(Permission.EVENT_EDIT)
def edit_event(event_id: int) -> Response:
    event = event_to_edit(event_id)
    form = _form(event, data=plan_values.of_event(event, club_settings().zone))
    return _editor(event.kind, _with_spares(form), event)


@bp.post("/desk/events/<int:event_id>/edit")
@requires(Permission.EVENT_EDIT)
def save_event(event_id: int) -> Response:
    event = event_to_edit(event_id)
    form = _form(event)
    if (answer := _row_act(event.kind, form, event)) is not None:
        return answer
    if not form.validate():
        return _editor(event.kind, form, event, 422)
    sheet = plan_reading.sheet_of(form, club_settings().zone)
    told = _who_is_told(event, sheet)
    if told and "tell" not in request.form:
        return _editor(event.kind, form, event, 422, told=told)
    return done_or_shown(
        lambda: editing.save(db.session, event, sheet, by=current_user.id, now=clock.now()),
        lambda *no: _editor(event.kind, form, event_to_edit(event_id), *no),
        back=url_for("events.desk_event", event_id=event.id),
        said=_saved_words(told),
    )


def _saved_words(told: int) -> str:
    if not told:
        return str(_("Saved."))
    words: str = ngettext(
        "Saved. %(num)s member is told the new time and place.",
        "Saved. %(num)s members are told the new time and place.",
        told,
    )
    return words


def _who_is_told(event: Event, sheet: editing.Sheet) -> int:
    """How many members get a letter when this is saved."""
    if event.state != EventState.PUBLISHED or not editing.moves(event, sheet.plan):
        return 0
    return planned.signed_up(db.session, event.id)


def _row_act(kind: EventKind, form: PlanForm, event: Event | None) -> Response | None:
    """Buttons that change rows and save nothing; None for the button that saves."""
    act, _dash, rest = request.form.get("do", "save").partition("-")
    name, _dash, place = rest.partition("-")
    if act == "slots":
        return _editor(kind, form, event, refusal=_make_slots(form))
    if name not in ROW_LISTS:
        return None
    if act == "more":
        form.add_rows(name, MORE)
    elif act in ("up", "down") and place.isdecimal():
        form.move_row(name, int(place), -1 if act == "up" else 1)
    else:
        return None
    return _editor(kind, form, event)


def _make_slots(form: PlanForm) -> str | None:
    """Slots on each day of the event, in the place of those that nobody saved yet; or why not."""
    asked = form.slots.form.data
    pause = (asked["pause_from"], asked["pause_until"])
    try:
        if asked["opens"] is None or asked["closes"] is None or not asked["minutes"]:
            raise slots.SlotsRefused(
                N_("Please say from when, until when and how long the slots are.")
            )
        made = slots.make_slots(
            plan_reading.days_of(form.starts_at.data, form.ends_at.data),
            asked["opens"],
            asked["closes"],
            asked["minutes"],
            (pause[0], pause[1]) if pause[0] and pause[1] else None,
        )
    except Refusal as no:
        return refused(no)
    kept = [row.form.data for row in form.sessions.entries if row.form.counts and row.form.id.data]
    taken = {(row["day"] or 1, row["starts"]) for row in kept}
    form.sessions.entries.clear()
    form.sessions.last_index = -1
    for row in kept:
        form.sessions.append_entry(row)
    for slot in made:
        if (slot.day, slot.starts) not in taken:
            form.sessions.append_entry(
                {
                    "day": slot.day,
                    "starts": slot.starts,
                    "ends": slot.ends,
                    "places": asked["places"],
                }
            )
    return None


def _form(event: Event | None = None, **values: Any) -> PlanForm:
    """The form with what can be chosen in this club."""
    form = PlanForm(**values)
    tag = reader_language()
    tiers = db.session.scalars(select(Tier)).all()
    form.for_tiers.choices = [
        SelectChoice(tier.code.value, in_language(tier, "name", tag))
        for tier in sorted(tiers, key=lambda tier: tier.code.rank)
    ]
    models = db.session.scalars(
        select(Vehicle.model).where(Vehicle.model != "").distinct().limit(MOST_MODELS)
    )
    kept = {*models, *(event.for_models if event else ())}
    form.for_models.choices = [SelectChoice(model) for model in sorted(kept)]
    form.for_energies.choices = [
        SelectChoice(kind.value, say(words)) for kind, words in ENERGY_WORDS.items()
    ]
    form.interests.choices = _interests(event, tag)
    form.voucher_kind_id.choices = _vouchers(event, tag)
    return form


def _interests(event: Event | None, tag: str) -> list[SelectChoice]:
    chosen = set(event.interests) if event else set()
    found = db.session.scalars(
        select(Interest)
        .options(joinedload(Interest.group))
        .order_by(Interest.group_id, Interest.position)
    )
    return [
        SelectChoice(one.code, in_language(one, "name", tag))
        for one in found
        if not one.retired or one.code in chosen
    ]


def _vouchers(event: Event | None, tag: str) -> list[SelectChoice]:
    """Kinds of vouchers in force, and the one that the event gives whatever its state."""
    live = VoucherKind.state == KindState.LIVE
    if event is not None and event.voucher_kind_id is not None:
        live = live | (VoucherKind.id == event.voucher_kind_id)
    kinds = db.session.scalars(select(VoucherKind).where(live).order_by(VoucherKind.id))
    known = [SelectChoice(kind.id, in_language(kind, "name", tag)) for kind in kinds]
    return [SelectChoice("", _("none")), *known]


def _with_spares(form: PlanForm) -> PlanForm:
    """An empty row at the end of each list, to write into."""
    for name in ROW_LISTS:
        form.add_rows(name, SPARE)
    return form


def _editor(
    kind: EventKind,
    form: PlanForm,
    event: Event | None = None,
    status: int = 200,
    refusal: str | None = None,
    told: int = 0,
) -> Response:
    """The editor as it was typed, with what is wrong in it, or who would be told."""
    return page(
        "events/staff/edit.html",
        status if refusal is None else 422,
        kind=kind,
        event=event,
        form=form,
        told=told,
        signed_up=planned.signed_up(db.session, event.id) if event else 0,
        refusal=refusal,
    )
