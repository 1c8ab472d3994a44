"""Rounds of vouchers: whom a group means, compiled where groups are known, given batch by batch."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import voucher_rounds
from club.models import RoundState, VoucherKind, VoucherRound
from outreach import segments
from outreach.models import Segment
from outreach.rules import Every, Rule, from_json, to_json

BATCH = 200


def rule_of(segment: Segment | None) -> Rule:
    """Whom a saved choice means; none means every member."""
    return from_json(segment.rule) if segment else Every()


def begin(
    db: Session,
    kind: VoucherKind,
    segment: Segment | None,
    name: str,
    *,
    confirmed: int,
    request_id: str,
    today: date,
    by: int,
    now: datetime,
) -> VoucherRound:
    """Ask for a round to a saved choice, or to all; refused when it is not as many as was shown."""
    rule = rule_of(segment)
    return voucher_rounds.begin(
        db,
        kind,
        name,
        to_json(rule),
        wanted=segments.count(db, rule, today),
        confirmed=confirmed,
        request_id=request_id,
        by=by,
        now=now,
    )


def under_way(db: Session) -> list[int]:
    """The ids of the rounds that still give."""
    ids = select(VoucherRound.id).where(VoucherRound.state == RoundState.ISSUING)
    return list(db.scalars(ids.order_by(VoucherRound.id)))


def give_batch(db: Session, round_id: int, *, today: date, now: datetime) -> int | None:
    """Give to the next of a round's members; how many, None when the round is over."""
    one = voucher_rounds.under_way(db, round_id)
    if one is None:
        return None
    before = one.given
    rule = from_json(one.chosen)
    owners = segments.some(db, rule, today, after=one.after, limit=BATCH)
    voucher_rounds.give_batch(db, one, owners, today=today, now=now)
    return one.given - before
