"""Rounds of vouchers: whom a group means, compiled where groups are known, given batch by batch."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import voucher_rounds
from club.models import RoundState, VoucherKind, VoucherRound
from foundation import clock
from foundation.settings import Settings
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


def give_due(db: Session, settings: Settings, now: datetime) -> str:
    """Give what the rounds under way have not given yet, a batch per commit."""
    given, today = 0, clock.shop_day(now, settings.zone)
    ids = select(VoucherRound.id).where(VoucherRound.state == RoundState.ISSUING)
    for round_id in list(db.scalars(ids)):
        while (one := voucher_rounds.under_way(db, round_id)) is not None:
            before = one.given
            rule = from_json(one.chosen)
            owners = segments.some(db, rule, today, after=one.after, limit=BATCH)
            voucher_rounds.give_batch(db, one, owners, today=today, now=now)
            given += one.given - before
            db.commit()
    db.commit()
    return f"{given} vouchers given"
