"""The demo club's vouchers: kinds, catalogue, the tyre rule at work, and what members hold."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from club import (
    entitlements,
    rewards,
    voucher_kinds,
    voucher_rule_terms,
    voucher_rules,
    voucher_use,
    vouchers,
)
from club.models import Benefit, Reward, Shape, Source, TierCode, Voucher, VoucherKind
from club.rewards import RewardWords
from club.voucher_kinds import KindWords
from club.voucher_rule_terms import RuleWords
from club.voucher_use import OrderDraft
from club.vouchers import Cause
from members.models import Membership, OrderLine, Owner
from portal.demo.people import Drawing
from portal.demo.story import Story

TOLD = tomllib.loads((Path(__file__).parent / "vouchers.toml").read_text("utf-8"))
SINCE = timedelta(days=430)


def offer(db: Session, draw: Drawing, *, by: int) -> dict[str, VoucherKind]:
    """The kinds by their keys, in force but for drafts, and the catalogue."""
    kinds = {}
    at = draw.moment(draw.today - SINCE)
    for row in TOLD["kinds"]:
        kind = voucher_kinds.keep(db, None, _words(row), by=by, now=at)
        if not row.get("draft"):
            voucher_kinds.publish(db, kind, today=draw.today, by=by, now=at)
        if "reward" in row:
            rewards.keep(db, None, _reward(kind, row["reward"]), by=by, now=at)
        kinds[row["key"]] = kind
    return kinds


def reward_tyres(db: Session, draw: Drawing, kinds: dict[str, VoucherKind], *, by: int) -> None:
    """The rule at work since its campaign began, over all that was bought."""
    told = TOLD["rule"]
    words = RuleWords(
        told["name"],
        kinds[told["kind"]].id,
        told["brands"],
        told["words"],
        told["at_least"],
        True,
        draw.today - SINCE,
        None,
    )
    at = draw.moment(draw.today - SINCE)
    rule = voucher_rule_terms.keep(db, None, words, by=by, now=at)
    voucher_rule_terms.switch(db, rule, True, by=by, now=at)
    lines = select(OrderLine).where(OrderLine.brand.is_not(None))
    bought = db.scalars(lines.options(joinedload(OrderLine.order))).all()
    voucher_rules.settle(db, bought, today=draw.today, now=draw.now)


def hand_out(
    db: Session, draw: Drawing, told: Story, kinds: dict[str, VoucherKind], *, by: int
) -> None:
    """What the two owners hold and have used, and some of everybody else's."""
    _tell(db, draw, told.owner, kinds, by)
    friend = Cause(Source.DESK, "demo-friend", draw.today - timedelta(days=6), draw.now, by)
    vouchers.issue(db, kinds["service"], told.friend.id, friend, today=draw.today)
    members = db.scalars(
        select(Membership.owner_id)
        .where(Membership.owner_id.not_in([told.owner.id, told.friend.id]))
        .order_by(Membership.owner_id)
    ).all()
    chosen = draw.chance.sample(members, min(60, len(members)))
    given = [_issue_some(db, draw, owner_id, kinds, by) for owner_id in chosen]
    for day, voucher_id in sorted(one for one in given if one):
        _use(db, draw, db.get_one(Voucher, voucher_id), day, by)
    while vouchers.expire_due(db, today=draw.today, now=draw.now):
        pass


def _tell(db: Session, draw: Drawing, owner: Owner, kinds: dict[str, VoucherKind], by: int) -> None:
    given = draw.today - timedelta(days=80)
    for key, ago in (("wash", 80), ("beauty", 81), ("beauty", 200), ("service", 30)):
        on = draw.today - timedelta(days=ago)
        cause = Cause(Source.DESK, f"demo-owner-{key}-{ago}", on, draw.moment(on), by)
        made = vouchers.issue(db, kinds[key], owner.id, cause, today=on)
        if key == "wash":
            _use(db, draw, made, given + timedelta(days=12), by)
    wanted = db.scalars(select(Reward).where(Reward.kind_id == kinds["beauty"].id)).one()
    rewards.buy(db, wanted, owner.id, request_id="demo", today=draw.today, by=None, now=draw.now)
    for code, ago in (("everyday-wash", 40), ("everyday-wash", 12), ("wheel-alignment", 60)):
        day = draw.today - timedelta(days=ago)
        entitlements.use(
            db,
            owner.id,
            db.scalars(select(Benefit).where(Benefit.code == code)).one(),
            request_id=f"demo-{code}-{ago}",
            today=day,
            by=by,
            now=draw.moment(day),
        )


def _issue_some(
    db: Session, draw: Drawing, owner_id: int, kinds: dict[str, VoucherKind], by: int
) -> tuple[date, int] | None:
    """A voucher of this owner; the day of its use where it is used."""
    key = draw.chance.choice(("service", "wash", "beauty"))
    on = draw.today - timedelta(days=draw.chance.randint(4, 240))
    cause = Cause(Source.DESK, f"demo-{owner_id}", on, draw.moment(on), by)
    made = vouchers.issue(db, kinds[key], owner_id, cause, today=on)
    fate = draw.chance.random()
    if fate < 0.75:
        vouchers.mark_seen(db, made, now=draw.moment(on + timedelta(days=1)))
    if fate < 0.45:
        yet = (draw.today - on).days - 1
        return on + timedelta(days=draw.chance.randint(2, min(70, yet))), made.id
    return None


def _use(db: Session, draw: Drawing, voucher: Any, day: date, by: int) -> None:
    voucher_use.redeem(
        db,
        voucher,
        OrderDraft(),
        request_id=f"demo-{voucher.id}",
        today=day,
        by=by,
        now=draw.moment(day),
        fen=voucher.kind.fen or 120_00,
    )


def _words(row: dict[str, Any]) -> KindWords:
    return KindWords(
        name_zh=row["zh"],
        name_en=row["en"],
        about_zh=row["about_zh"],
        about_en=row["about_en"],
        shape=next(shape for shape in Shape if shape.value == row["shape"]),
        fen=row.get("yuan", 0) * 100,
        percent=row.get("percent", 0),
        most_fen=row["most"] * 100 if "most" in row else None,
        most_units=row.get("units"),
        minimum_fen=row.get("minimum", 0) * 100,
        order_kinds=row.get("work", ()),
        uses=row.get("uses", 1),
        days=row["days"],
        next_visit=row.get("next_visit", False),
        transferable=row.get("transferable", False),
        stock=row.get("stock"),
    )


def _reward(kind: VoucherKind, row: dict[str, Any]) -> RewardWords:
    tier = TierCode(row.get("tier", "general"))
    return RewardWords(kind.id, row["points"], tier, row.get("each"), True, row["icon"])
