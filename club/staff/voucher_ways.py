"""Rewards and rules at the desk: what points buy, and which orders bring vouchers."""

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers.response import Response

from club import rewards
from club import voucher_rule_terms as terms
from club.blueprint import bp
from club.models import KindState, Reward, TierCode, Voucher, VoucherKind, VoucherRule
from club.rewards import RewardWords
from club.staff import reading
from club.voucher_rule_terms import RuleWords
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed, whole
from foundation.web.pages import page
from foundation.words import N_

REWARDS, RULES = "/desk/vouchers/rewards", "/desk/vouchers/rules"
ICONS = {
    "gift": N_("A gift"),
    "drop": N_("A drop"),
    "wrench": N_("A wrench"),
    "tag": N_("A tag"),
    "star": N_("A star"),
    "car": N_("A car"),
    "coin": N_("A coin"),
    "shield": N_("A shield"),
}


@bp.get(REWARDS)
@requires(Permission.VOUCHER_RULES)
def reward_list() -> Response:
    return _rewards_page()


@bp.post(REWARDS)
@requires(Permission.VOUCHER_RULES)
def reward_keep() -> Response:
    reward_id = request.form.get("reward_id", type=whole)
    found = db.session.get(Reward, reward_id) if reward_id else None
    if reward_id and found is None:
        abort(404)
    return done_or_shown(
        lambda: rewards.keep(
            db.session, found, _reward_words(found), by=current_user.id, now=clock.now()
        ),
        _rewards_page,
        back=REWARDS,
        said=_("Saved."),
    )


@bp.get(RULES)
@requires(Permission.VOUCHER_RULES)
def voucher_rules() -> Response:
    return _rules_page()


@bp.get(f"{RULES}/new")
@requires(Permission.VOUCHER_RULES)
def voucher_rule_new() -> Response:
    return _rule_page(None)


@bp.post(f"{RULES}/new")
@requires(Permission.VOUCHER_RULES)
def voucher_rule_add() -> Response:
    return _keep_rule(None)


@bp.get(f"{RULES}/<int:rule_id>")
@requires(Permission.VOUCHER_RULES)
def voucher_rule(rule_id: int) -> Response:
    return _rule_page(_rule(rule_id))


@bp.post(f"{RULES}/<int:rule_id>")
@requires(Permission.VOUCHER_RULES)
def voucher_rule_change(rule_id: int) -> Response:
    return _keep_rule(_rule(rule_id))


@bp.post(f"{RULES}/<int:rule_id>/switch")
@requires(Permission.VOUCHER_RULES)
def voucher_rule_switch(rule_id: int) -> Response:
    rule, on = _rule(rule_id), typed("on") == "1"
    return done_or_shown(
        lambda: terms.switch(db.session, rule, on, by=current_user.id, now=clock.now()),
        _rules_page,
        back=RULES,
        said=_("At work from the next import on.") if on else _("At rest. It gives nothing new."),
    )


def _reward_words(found: Reward | None) -> RewardWords:
    tier, icon = typed("tier"), typed("icon")
    kind_id = found.kind_id if found else request.form.get("kind_id", 0, type=whole)
    if db.session.get(VoucherKind, kind_id) is None:
        abort(404)
    return RewardWords(
        kind_id=kind_id,
        points=reading.number("points") or 0,
        tier=TierCode(tier) if tier in [one.value for one in TierCode] else TierCode.GENERAL,
        most_each=reading.number("most_each"),
        active="active" in request.form,
        icon=icon if icon in ICONS else next(iter(ICONS)),
    )


def _rewards_page(status: int = 200, refusal: str | None = None) -> Response:
    query = select(Reward).options(joinedload(Reward.kind)).order_by(Reward.points, Reward.id)
    held = db.session.scalars(query).all()
    taken = {one.kind_id for one in held}
    return page(
        "club/staff/rewards.html",
        status,
        rewards=held,
        kinds=[one for one in _live_kinds() if one.id not in taken],
        tiers=list(TierCode),
        icons=ICONS,
        refusal=refusal,
    )


def _keep_rule(rule: VoucherRule | None) -> Response:
    rule_id = rule.id if rule else None
    return done_or_shown(
        lambda: terms.keep(db.session, rule, _rule_words(), by=current_user.id, now=clock.now()),
        lambda *no: _rule_page(_rule(rule_id) if rule_id else None, *no),
        back=RULES,
        said=lambda kept: (
            _("Saved.") if kept.active else _("Saved. It rests until you put it to work.")
        ),
    )


def _rule_words() -> RuleWords:
    kind_id = request.form.get("kind_id", 0, type=whole)
    if db.session.get(VoucherKind, kind_id) is None:
        abort(404)
    at_least = reading.number("at_least")
    return RuleWords(
        name=typed("name", 60),
        kind_id=kind_id,
        brands=reading.words("brands"),
        words=reading.words("words"),
        at_least=0 if at_least is None else at_least,
        each_unit=typed("each_unit") != "0",
        from_on=reading.day("from_on") or reading.today(),
        until_on=reading.day("until_on"),
    )


def _rules_page(status: int = 200, refusal: str | None = None) -> Response:
    query = select(VoucherRule).options(joinedload(VoucherRule.kind))
    given = select(Voucher.rule_id, func.count()).group_by(Voucher.rule_id)
    return page(
        "club/staff/voucher_rules.html",
        status,
        rules=db.session.scalars(query.order_by(VoucherRule.id.desc())).all(),
        given=dict(db.session.execute(given.where(Voucher.rule_id.is_not(None))).all()),
        refusal=refusal,
    )


def _rule_page(rule: VoucherRule | None, status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "club/staff/voucher_rule.html",
        status,
        rule=rule,
        given_before=rule is not None and terms.has_given(db.session, rule),
        kinds=_live_kinds() + ([rule.kind] if rule and rule.kind.state != "live" else []),
        typed=request.form if status == 422 else None,
        today=reading.today(),
        refusal=refusal,
    )


def _live_kinds() -> list[VoucherKind]:
    query = select(VoucherKind).where(VoucherKind.state == KindState.LIVE)
    return list(db.session.scalars(query.order_by(VoucherKind.id)))


def _rule(rule_id: int) -> VoucherRule:
    return db.session.get(VoucherRule, rule_id) or abort(404)
