"""The steps of this room's work behind the pages; each commits what it did."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock as clocks
from foundation import epoch
from foundation.outbox import Letter, LetterState
from foundation.settings import Settings
from outreach import campaigns, delivery, invitations, newsletters, voucher_rounds
from outreach.channels import Office
from outreach.checks import Check
from outreach.models import Campaign, CampaignKind, CampaignState

_DRAW = {
    CampaignKind.INVITATION: invitations.draw_more,
    CampaignKind.NEWSLETTER: newsletters.draw_more,
}


def deliver(
    db: Session,
    open_the_office: Callable[[], Office],
    checks: Sequence[Check],
    epoch_file: Path,
    clock: Callable[[], datetime],
) -> int:
    """Send what is due, if this is the running club; how many went out.

    The epoch moves on first, so a backup from before this run sends nothing by itself (R32).
    """
    something = anything_due(db, now=clock())
    db.rollback()
    if not something:
        return 0
    with epoch.alone(epoch_file):
        if not epoch.move_on(db, epoch_file):
            delivery.stop_restored(db)
            db.commit()
            return 0
        db.commit()
        epoch.forget_older(db, epoch_file)
    sent = delivery.send_due(db, open_the_office(), checks, clock)
    settle_campaigns(db, clock())
    return sent


def give_up_lost(db: Session, now: datetime) -> str:
    """Let letters of vanished workers wait for a person."""
    lost = delivery.give_up_lost(db, now=now)
    db.commit()
    return f"{lost} unknown"


def draw_rest(db: Session, settings: Settings, now: datetime) -> str:
    """Draw what campaigns under way have not drawn yet, a batch per commit."""
    drawn = 0
    under_way = select(Campaign.id).where(
        Campaign.state == CampaignState.SENDING, Campaign.drawn_at.is_(None)
    )
    for campaign_id in list(db.scalars(under_way)):
        while (campaign := _not_drawn(db, campaign_id)) is not None:
            drawn += _DRAW[campaign.kind](db, campaign, settings, now=now)
            db.commit()
    db.commit()
    return f"{drawn} drawn"


def _not_drawn(db: Session, campaign_id: int) -> Campaign | None:
    """The campaign while it still draws, held against a second worker."""
    return db.scalar(
        select(Campaign)
        .where(
            Campaign.id == campaign_id,
            Campaign.state == CampaignState.SENDING,
            Campaign.drawn_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def give_vouchers(db: Session, settings: Settings, now: datetime) -> str:
    """Give what the rounds of vouchers under way have not given yet, a batch per commit."""
    given, today = 0, clocks.shop_day(now, settings.zone)
    for round_id in voucher_rounds.under_way(db):
        while (count := voucher_rounds.give_batch(db, round_id, today=today, now=now)) is not None:
            db.commit()
            given += count
        db.commit()
    db.commit()
    return f"{given} vouchers given"


def settle_campaigns(db: Session, now: datetime) -> str:
    """Let recipients take over the end of their letters, and close what is done."""
    invitations.uninvite_late(db)
    settled = campaigns.settle(db)
    done = campaigns.finish(db, now=now)
    db.commit()
    return f"{settled} settled, {done} done"


def anything_due(db: Session, *, now: datetime) -> bool:
    """Whether a letter waits to go out now."""
    due = select(Letter.id).where(Letter.state == LetterState.QUEUED, Letter.not_before <= now)
    return db.scalar(due.limit(1)) is not None
