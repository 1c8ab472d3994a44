"""Measured runs and sales of an event at the desk."""

import uuid

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.forms_gathering import (
    MORE,
    ItemsForm,
    RunForm,
    SaleForm,
    item_values,
    run_values,
)
from events.gatherings import contest, present, sales
from events.models import ContestRun, Event, Sale, SaleItem
from events.staff.loading import planned_event, registration_of
from foundation import clock
from foundation.roles import Permission
from foundation.shop import in_language
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.language import reader_language
from foundation.web.pages import page


@bp.get("/desk/events/<int:event_id>/contest")
@requires(Permission.EVENT_CHECK_IN)
def contest_list(event_id: int) -> Response:
    event = planned_event(event_id)
    run_id = request.args.get("run", type=whole)
    if run_id is None:
        return _contest_page(event, RunForm(formdata=None))
    return _contest_page(event, RunForm(formdata=None, data=run_values(_run_of(event, run_id))))


@bp.post("/desk/events/<int:event_id>/contest")
@requires(Permission.EVENT_CHECK_IN)
def note_run(event_id: int) -> Response:
    event, form = planned_event(event_id), RunForm()
    form.offer(db.session.scalars(present.here_query(event.id)).all())
    if not form.validate():
        return _contest_page(event, form, 422)
    who = registration_of(event_id, form.registration_id.data)
    return done_or_shown(
        lambda: contest.note(db.session, who, form.measured(), by=current_user.id, now=clock.now()),
        lambda *no: _contest_page(planned_event(event_id), form, *no),
        back=url_for("events.contest_list", event_id=event_id),
        said=_("Noted: %(name)s.", name=who.owner.name),
    )


@bp.post("/desk/events/<int:event_id>/contest/<int:run_id>/forget")
@requires(Permission.EVENT_CHECK_IN)
def forget_run(event_id: int, run_id: int) -> Response:
    event = planned_event(event_id)
    contest.forget(db.session, _run_of(event, run_id), by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("The run is gone."))
    return redirect(url_for("events.contest_list", event_id=event_id), 303)


@bp.post("/desk/events/<int:event_id>/contest/publish")
@requires(Permission.EVENT_EDIT)
def publish_contest(event_id: int) -> Response:
    event = planned_event(event_id)
    return done_or_shown(
        lambda: contest.publish(db.session, event, by=current_user.id, now=clock.now()),
        lambda *no: _contest_page(planned_event(event_id), RunForm(formdata=None), *no),
        back=url_for("events.contest_list", event_id=event_id),
        said=_("The ranking is out."),
    )


@bp.post("/desk/events/<int:event_id>/contest/withdraw")
@requires(Permission.EVENT_EDIT)
def withdraw_contest(event_id: int) -> Response:
    event = planned_event(event_id)
    contest.withdraw(db.session, event, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("Members do not see the ranking any more."))
    return redirect(url_for("events.contest_list", event_id=event_id), 303)


def _run_of(event: Event, run_id: int) -> ContestRun:
    found = db.session.get(ContestRun, run_id)
    return found if found is not None and found.event_id == event.id else abort(404)


def _contest_page(
    event: Event, form: RunForm, status: int = 200, refusal: str | None = None
) -> Response:
    form.offer(db.session.scalars(present.here_query(event.id)).all())
    return page(
        "events/staff/gathering/contest.html",
        status,
        event=event,
        form=form,
        ranking=contest.ranking(contest.runs_of(db.session, event.id)),
        published=contest.published_at(db.session, event.id),
        refusal=refusal,
    )


@bp.get("/desk/events/<int:event_id>/sales")
@requires(Permission.EVENT_CHECK_IN)
def sales_list(event_id: int) -> Response:
    return _sales_page(planned_event(event_id))


@bp.post("/desk/events/<int:event_id>/sales")
@requires(Permission.EVENT_CHECK_IN)
def sell(event_id: int) -> Response:
    event, form = planned_event(event_id), SaleForm()
    _offer_sale(event, form)
    if not form.validate():
        return _sales_page(event, 422, sale=form)
    item = db.session.get_one(SaleItem, form.item_id.data)
    who = registration_of(event_id, form.registration_id.data)
    given = {"by": current_user.id, "now": clock.now()}
    request_id = form.request_id.data or str(uuid.uuid4())
    count = form.count.data or 1
    return done_or_shown(
        lambda: sales.sell(db.session, item, who, count, request_id=request_id, **given),
        lambda *no: _sales_page(planned_event(event_id), *no, sale=form),
        back=url_for("events.sales_list", event_id=event_id),
        said=_("Sold to %(name)s.", name=who.owner.name),
    )


@bp.post("/desk/events/<int:event_id>/sales/<int:sale_id>/undo")
@requires(Permission.EVENT_CHECK_IN)
def undo_sale(event_id: int, sale_id: int) -> Response:
    event = planned_event(event_id)
    sale = db.session.get(Sale, sale_id)
    if sale is None or sale.item.event_id != event.id:
        abort(404)
    sales.undo(db.session, sale, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("The sale is taken back."))
    return redirect(url_for("events.sales_list", event_id=event_id), 303)


@bp.post("/desk/events/<int:event_id>/sales/items")
@requires(Permission.EVENT_EDIT)
def set_sale_items(event_id: int) -> Response:
    event, form = planned_event(event_id), ItemsForm()
    if request.form.get("do") == "more-items":
        return _sales_page(event, items=form.with_spares(MORE))
    if not form.validate():
        return _sales_page(event, 422, items=form)
    return done_or_shown(
        lambda: sales.set_items(
            db.session, event, form.lines(), by=current_user.id, now=clock.now()
        ),
        lambda *no: _sales_page(planned_event(event_id), *no, items=form),
        back=url_for("events.sales_list", event_id=event_id),
        said=_("Saved."),
    )


def _offer_sale(event: Event, form: SaleForm) -> None:
    tag = reader_language()
    form.offer(db.session.scalars(present.here_query(event.id)).all())
    form.item_id.choices = [
        (one.id, in_language(one, "name", tag)) for one in sales.items_of(db.session, event.id)
    ]


def _sales_page(
    event: Event,
    status: int = 200,
    refusal: str | None = None,
    *,
    sale: SaleForm | None = None,
    items: ItemsForm | None = None,
) -> Response:
    sale = sale or SaleForm(formdata=None, data={"count": 1, "request_id": str(uuid.uuid4())})
    _offer_sale(event, sale)
    stand = sales.items_of(db.session, event.id)
    return page(
        "events/staff/gathering/sales.html",
        status,
        event=event,
        items=stand,
        sale=sale,
        form=items or ItemsForm(formdata=None, data=item_values(stand)).with_spares(),
        editing=items is not None,
        sales=sales.sales_of(db.session, event.id),
        taken_fen=sales.taken_fen(db.session, event.id),
        refusal=refusal,
    )
