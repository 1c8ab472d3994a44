"""Referrals at the desk: the list, noting who sent whom, and leads that move along."""

from typing import TypeVar

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from club import referral_credit, referral_leads, referral_lists, referral_wishes, referrals
from club.blueprint import bp
from club.models import Referral, ReferralKind, ReferralState
from club.referral_lists import PAGE, Wanted
from club.referrals import Brought
from club.staff.source_forms import BY_HAND, ReferralForm, StepForm
from club.views.vouchers import shop_today
from foundation import clock
from foundation.labels import Labelled
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.web.access import may, requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.language import say
from foundation.web.pages import page
from foundation.words import N_
from members import phones
from members.models import Membership, Owner

MAY = Permission.REFERRAL_EDIT
Word = TypeVar("Word", bound=Labelled)


class NobodyFound(Refusal):
    """Neither a member's number nor a phone of exactly one owner."""


@bp.get("/desk/referrals")
@requires(MAY)
def referral_list() -> Response:
    wanted = Wanted(
        kind=_word(ReferralKind, "kind"),
        state=_word(ReferralState, "state"),
        before=request.args.get("before", type=whole),
    )
    rows = referral_lists.listed(db.session, wanted)
    return page(
        "club/staff/referrals.html",
        referrals=rows[:PAGE],
        older=rows[PAGE - 1].id if len(rows) > PAGE else None,
        wanted=wanted,
        counts=referral_lists.states(db.session),
        kinds=list(ReferralKind),
        states=list(ReferralState),
    )


@bp.get("/desk/referrals/new")
@requires(MAY)
def referral_new() -> Response:
    form = _form()
    form.referrer.data = request.args.get("referrer", "")[:40]
    return page("club/staff/referral_new.html", form=form, refusal=None)


@bp.post("/desk/referrals/new")
@requires(MAY)
def referral_note() -> Response:
    form, now = _form(), clock.now()
    if not form.validate():
        return page("club/staff/referral_new.html", 422, form=form, refusal=None)

    def note() -> Referral:
        phone = phones.normalise_mobile(form.phone.data or "")
        brought = Brought(_chosen(ReferralKind, form.kind.data), form.name.data or "", phone)
        referrer_id = _referrer(form.referrer.data or "")
        return referrals.note(
            db.session, referrer_id, brought, on=shop_today(), by=current_user.id, now=now
        )

    return done_or_shown(
        note,
        lambda status, no: page("club/staff/referral_new.html", status, form=form, refusal=no),
        back=lambda made: f"/desk/referrals/{made.id}",
        said=_("Noted."),
    )


@bp.get("/desk/referrals/<int:referral_id>")
@requires(MAY)
def referral(referral_id: int) -> Response:
    found = referral_of(referral_id)
    return _page(found, _step_form(found))


@bp.post("/desk/referrals/<int:referral_id>")
@requires(MAY)
def referral_move(referral_id: int) -> Response:
    found = referral_of(referral_id)
    form = _step_form(found)
    if not form.validate():
        return _page(found, form, 422)
    state, on = _chosen(ReferralState, form.state.data), form.on.data
    by, today = current_user.id, shop_today()
    assert on is not None
    return done_or_shown(
        lambda: referral_leads.move(
            db.session, found, state, on=on, today=today, by=by, now=clock.now()
        ),
        lambda *no: _page(referral_of(referral_id), form, *no),
        back=f"/desk/referrals/{found.id}",
        said=_("Noted."),
    )


def _referrer(text: str) -> int:
    """The member who is meant by a number of theirs: the club's or a phone's."""
    number = "".join(text.split()).upper()
    by_number = db.session.scalar(select(Membership.owner_id).where(Membership.number == number))
    if by_number is not None:
        return by_number
    try:
        phone = phones.normalise_mobile(text)
    except Refusal:
        phone = ""
    found: Owner | None = referrals.owner_of_number(db.session, phone) if phone else None
    if found is None:
        raise NobodyFound(N_("Nobody was found by this number. The member’s card has theirs."))
    return found.id


def _form() -> ReferralForm:
    form = ReferralForm()
    form.kind.choices = [(kind.value, say(kind.label)) for kind in BY_HAND]
    return form


def _step_form(found: Referral) -> StepForm:
    form = StepForm()
    form.state.choices = [(s.value, _step_words(s)) for s in referral_leads.ways_of(found)]
    if not form.is_submitted():
        form.on.data = shop_today()
    return form


def _step_words(state: ReferralState) -> str:
    """A lead is credited by its delivery."""
    given = state is ReferralState.CREDITED
    return _("delivered, points given") if given else say(state.label)


def _page(
    found: Referral, form: StepForm, status: int = 200, refusal: str | None = None
) -> Response:
    points = referral_credit.points_of(db.session, found.kind, on=shop_today())
    return page(
        "club/staff/referral.html",
        status,
        referral=found,
        wish=referral_wishes.waiting_for(db.session, found),
        reasons=referral_credit.reasons(db.session, found),
        points=points,
        needs_two=referral_credit.needs_two(db.session, points),
        typed=request.form if status == 422 else {},
        form=form,
        refusal=refusal,
        contacts=may(Permission.MEMBER_CONTACTS),
    )


def referral_page(found: Referral, status: int = 200, refusal: str | None = None) -> Response:
    """One referral, with the next step of a lead."""
    return _page(found, _step_form(found), status, refusal)


def referral_of(referral_id: int) -> Referral:
    """The referral of an address."""
    return referral_lists.one(db.session, referral_id) or abort(404)


def _word(words: type[Word], name: str) -> Word | None:
    """A word of the address that is one of ours."""
    return next((word for word in words if word.value == request.args.get(name)), None)


def _chosen(words: type[Word], value: str) -> Word:
    """What the form has checked to be one of its choices."""
    return next(word for word in words if word.value == value)
