"""One rule set at the desk: compared with what is in force, tried over the ledger, published."""

from datetime import date
from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from club import rule_publishing, rule_turns, simulating
from club.blueprint import bp
from club.campaign_words import limits_of
from club.models import (
    BonusKind,
    RuleNotice,
    RuleSimulation,
    RuleVersion,
    SimulationState,
    TierCode,
)
from club.rule_comparison import final_rates, mark_of
from club.rules_in_force import rules_of
from club.staff.rules import DRAFT, today, version_of
from club.staff.rules_forms import PublishForm
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.pages import page
from members.models import Owner

UNDER_WAY = (SimulationState.WAITING, SimulationState.RUNNING)


@bp.get("/desk/rules/<int:version_id>")
@requires(DRAFT)
def rule_set(version_id: int) -> Response:
    return _page(version_of(version_id))


@bp.post("/desk/rules/<int:version_id>/trials")
@requires(DRAFT)
def rule_trial_ask(version_id: int) -> Response:
    version = version_of(version_id)
    months = request.form.get("months", "")
    return done_or_shown(
        lambda: simulating.ask(
            db.session,
            version,
            int(months) if months.isdecimal() and len(months) < 4 else 0,
            today=today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _page(version, *no),
        back=lambda trial: f"/desk/rules/{version_id}/trials/{trial.id}",
    )


@bp.get("/desk/rules/<int:version_id>/trials/<int:trial_id>")
@requires(DRAFT)
def rule_trial(version_id: int, trial_id: int) -> Response:
    found = db.session.get(RuleSimulation, trial_id)
    if found is None or found.version_id != version_id:
        abort(404)
    result: dict[str, Any] = found.result or {}
    named = [one[1] for one in (*result.get("rises", ()), *result.get("falls", ()))]
    owners = db.session.execute(select(Owner.id, Owner.name).where(Owner.id.in_(named))).all()
    return page(
        "club/staff/rules_trial.html",
        version=found.version,
        trial=found,
        result=found.result,
        names=dict(owners),
        under_way=found.state in UNDER_WAY,
        as_it_is=found.mark == mark_of(rules_of(found.version)),
        outside=simulating.outside(found),
        limits_of=limits_of,
        tiers=list(TierCode),
        rising={f"{a.value}>{b.value}" for a in TierCode for b in TierCode if b.rank > a.rank},
        bonus_words={kind.value: kind.label for kind in BonusKind},
    )


@bp.post("/desk/rules/<int:version_id>/publish")
@requires(Permission.RULES_PUBLISH)
def rule_set_publish(version_id: int) -> Response:
    version, form = version_of(version_id), PublishForm()
    if not form.validate():
        return _page(version, 422, form=form)
    starts_on: date = form.starts_on.data
    return done_or_shown(
        lambda: rule_publishing.publish(
            db.session, version, starts_on, today=today(), by=current_user.id, now=clock.now()
        ),
        lambda status, no: _page(version, status, no, form=form),
        back=f"/desk/rules/{version.id}",
        said=_("Published. Members are being told."),
    )


def _page(
    version: RuleVersion,
    status: int = 200,
    refusal: str | None = None,
    form: PublishForm | None = None,
) -> Response:
    values: dict[str, Any] = {}
    day = today()
    if version.is_draft:
        earliest = rule_publishing.earliest_start(db.session, version, today=day)
        on = day + rule_publishing.A_DAY
        values = {
            "changes": rule_publishing.differences(db.session, version, today=day),
            "baseline": rule_publishing.baseline(db.session),
            "today": day,
            "worse": rule_publishing.worsens(db.session, version, on=on),
            "earliest": earliest,
            "form": form or PublishForm(starts_on=earliest),
            "periods": simulating.PERIODS,
            "tried": rule_publishing.tried(db.session, version),
        }
    else:
        values = {
            "first_day": version.notice_from or version.starts_on,
            "today": day,
            "applied": rule_turns.progress_of(db.session, version, today=day),
        }
    return page(
        "club/staff/rules_version.html",
        status,
        version=version,
        rates=final_rates(rules_of(version)),
        trials=simulating.trials_of(db.session, version.id),
        notice=db.session.get(RuleNotice, version.id),
        bonus_kinds=list(BonusKind),
        mark=mark_of(rules_of(version)),
        publishing=Permission.RULES_PUBLISH,
        limits_of=limits_of,
        refusal=refusal,
        **values,
    )
