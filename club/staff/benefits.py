"""Tiers and benefits at the desk: the rules in force, yearly counts, workshop discounts."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import terms
from club.benefits import comparison
from club.blueprint import bp
from club.models import TierCode
from club.rules_in_force import rule_book
from club.worth import BENEFIT_COST
from foundation import clock, tunables
from foundation.amounts import parse_fen
from foundation.clock import shop_day
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.pages import page
from members.models import AT_THE_WORKSHOP, OrderKind

ANY_TIME = "any"


@bp.get("/desk/benefits")
@requires(Permission.CLUB_RULES)
def terms_page() -> Response:
    return _page()


@bp.post("/desk/benefits/counts")
@requires(Permission.CLUB_RULES)
def terms_counts() -> Response:
    return _kept(terms.set_counts, _counts, said=_("Saved. Members see the new counts at once."))


@bp.post("/desk/benefits/costs")
@requires(Permission.CLUB_RULES)
def terms_costs() -> Response:
    return _kept(
        terms.set_costs,
        _costs,
        said=_("Saved. The figures count with it at once, also for the past."),
    )


@bp.post("/desk/benefits/discounts")
@requires(Permission.CLUB_RULES)
def terms_discounts() -> Response:
    return _kept(
        terms.set_percents, _percents, said=_("Saved. Members see the new discounts at once.")
    )


def _kept(
    keep: Callable[..., object], read: Callable[[Mapping[str, str]], Any], *, said: str
) -> Response:
    """What the form says is kept, or the page comes back with the reason."""
    return done_or_shown(
        lambda: keep(db.session, read(request.form), by=current_user.id, now=clock.now()),
        _page,
        back="/desk/benefits",
        said=said,
    )


def _page(status: int = 200, refusal: str | None = None) -> Response:
    book = rule_book(db.session)
    return page(
        "club/staff/benefits.html",
        status,
        compared=comparison(db.session),
        kinds=AT_THE_WORKSHOP,
        rules=book.on(_today()),
        versions=len(book.versions),
        refusal=refusal,
        typed=request.form if status == 422 else {},
        choices=(1, 2, 3, 4, 5, 6, 8, 10, 12, 18, 24, 36, 52),
        any_time=ANY_TIME,
        average_cost=tunables.value(db.session, BENEFIT_COST),
    )


def _counts(form: Mapping[str, str]) -> dict[tuple[int, TierCode], int | None]:
    """The cells count-<benefit>-<tier>: empty is not at all."""
    found: dict[tuple[int, TierCode], int | None] = {}
    for name, value in form.items():
        head, _dash, rest = name.partition("-")
        benefit_id, _dash, tier = rest.partition("-")
        if head != "count" or not benefit_id.isdecimal() or tier not in set(TierCode) or not value:
            continue
        found[int(benefit_id), TierCode(tier)] = None if value == ANY_TIME else _number(value)
    return found


def _costs(form: Mapping[str, str]) -> dict[int, int | None]:
    """The cells cost-<benefit>, in yuan; empty is unknown."""
    found: dict[int, int | None] = {}
    for name, value in form.items():
        head, _dash, benefit_id = name.partition("-")
        if head != "cost" or not benefit_id.isdecimal() or len(benefit_id) > 9:
            continue
        found[int(benefit_id)] = parse_fen(value) if value.strip() else None
    return found


def _percents(form: Mapping[str, str]) -> dict[tuple[OrderKind, TierCode], int]:
    return {
        (kind, tier): _number(form[name]) if form[name].strip() else 0
        for kind in AT_THE_WORKSHOP
        for tier in TierCode
        if (name := f"percent-{kind.value}-{tier.value}") in form
    }


def _number(text: str) -> int:
    """A whole number as typed; anything else is out of every range."""
    plain = text.strip()
    return int(plain) if plain.isdecimal() and len(plain) < 6 else -1


def _today() -> date:
    return shop_day(clock.now(), current_app.extensions["club_settings"].zone)
