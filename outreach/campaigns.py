"""A round of personal letters: drawn once, each member once, done when each has an end (R32)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, exists, func, select, type_coerce, update
from sqlalchemy.orm import Session

from foundation import audit, outbox, tunables
from foundation.database import rows_changed
from foundation.outbox import Channel, Draft, Letter, LetterState, Purpose, Reader
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import Owner
from members.reaching import readers_of
from outreach import segments, suppression
from outreach.models import (
    Campaign,
    CampaignRecipient,
    CampaignState,
    ConsentNow,
    RecipientState,
    Topic,
)
from outreach.rules import from_json

UNDO = tunables.declare("outreach.undo_minutes", 2, N_("Time to stop a sending"), "min", 0, 60)
BATCH = 500
NO_CONSENT = N_("did not agree to this topic")
SUPPRESSED = N_("must not be written to")
ENDED = (LetterState.SENT, LetterState.SKIPPED, LetterState.FAILED, LetterState.UNKNOWN)


class NotADraft(Refusal):
    """The campaign is under way or over."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One batch of members with what sending to them needs."""

    owners: Sequence[Owner]
    readers: dict[int, Reader]
    skip: dict[int, str]


def start(db: Session, campaign: Campaign, *, by: int | None, now: datetime) -> None:
    """From now on the campaign draws its recipients; letters go after the time to stop it."""
    began = rows_changed(
        db,
        update(Campaign)
        .where(Campaign.id == campaign.id, Campaign.state == CampaignState.DRAFT)
        .values(
            state=CampaignState.SENDING,
            started_at=now,
            send_after=now + timedelta(minutes=tunables.value(db, UNDO)),
        ),
    )
    if began != 1:
        raise NotADraft(N_("This was already sent."))
    db.refresh(campaign)
    audit.record(db, "campaign.start", "campaign", campaign.id, by=by, now=now)


def stop(db: Session, campaign: Campaign, *, by: int | None, now: datetime) -> int:
    """No further letter of it goes out; how many were stopped.

    It is stopped first: who draws its next members meanwhile has finished when this goes on, and
    what they posted is withdrawn too.
    """
    campaign.state, campaign.done_at = CampaignState.STOPPED, now
    db.flush()
    stopped = outbox.withdraw(db, "campaign", campaign.id, why=N_("Stopped by staff."))
    settle(db, campaign.id)
    audit.record(db, "campaign.stop", "campaign", campaign.id, by=by, now=now, stopped=stopped)
    return stopped


def next_members(db: Session, campaign: Campaign, on: date, limit: int) -> list[Owner]:
    """The next members of the audience who are not drawn yet, by their ids."""
    last = select(func.max(CampaignRecipient.owner_id)).where(
        CampaignRecipient.campaign_id == campaign.id
    )
    after = db.scalar(last) or 0
    ids = segments.some(db, from_json(campaign.rule), on, after=after, limit=limit)
    return list(db.scalars(select(Owner).where(Owner.id.in_(ids)).order_by(Owner.id)))


def prepare(db: Session, owners: Sequence[Owner], topic: Topic, hash_key: str) -> Drawn:
    """How each is reached, and who is skipped: without consent, or not to be written to (R38)."""
    readers = readers_of(db, owners)
    agreed = set(
        db.scalars(
            select(ConsentNow.owner_id).where(
                ConsentNow.owner_id.in_(readers),
                ConsentNow.topic == topic,
                ConsentNow.given.is_(True),
            )
        )
    )
    addresses = {reader.address for reader in readers.values()}
    silent = suppression.marketing_stopped(db, hash_key, addresses)
    skip = {
        owner_id: NO_CONSENT if owner_id not in agreed else SUPPRESSED
        for owner_id, reader in readers.items()
        if owner_id not in agreed or reader.address in silent
    }
    return Drawn(owners, readers, skip)


def add_recipients(db: Session, campaign: Campaign, drawn: Drawn) -> list[CampaignRecipient]:
    """A row for each of a batch, skipped ones with their reason; those who get a letter."""
    rows = [
        CampaignRecipient(
            campaign_id=campaign.id,
            owner_id=owner.id,
            channel=drawn.readers[owner.id].channel,
            state=RecipientState.SKIPPED if owner.id in drawn.skip else RecipientState.QUEUED,
            why=drawn.skip.get(owner.id),
        )
        for owner in drawn.owners
    ]
    db.add_all(rows)
    db.flush()
    return [row for row in rows if row.state is RecipientState.QUEUED]


def post(
    db: Session,
    campaign: Campaign,
    row: CampaignRecipient,
    reader: Reader,
    draft: Draft,
    *,
    now: datetime,
) -> None:
    """The letter of one recipient, once."""
    key = f"campaign:{campaign.id}:{row.owner_id}:{reader.channel.value}"
    letter = outbox.post(db, key, reader, draft, now=now)
    db.flush()
    row.letter_id = letter.id


def marketing(
    campaign: Campaign,
    template: str,
    topic: Topic,
    details: dict[str, Any],
    until: datetime | None = None,
) -> Draft:
    """The draft of a campaign's letter; after `until` it is held (R35)."""
    return Draft(
        template=template,
        cause_kind="campaign",
        cause_id=campaign.id,
        details=details,
        purpose=Purpose.MARKETING,
        topic=topic.value,
        not_before=campaign.send_after,
        not_after=until,
    )


def settle(db: Session, campaign_id: int | None = None) -> int:
    """Recipients take over the end of their letters; how many did."""
    ended = select(Letter).where(Letter.id == CampaignRecipient.letter_id, Letter.state.in_(ENDED))
    state = ended.with_only_columns(cast(Letter.state, String)).scalar_subquery()
    why = ended.with_only_columns(Letter.why).scalar_subquery()
    statement = update(CampaignRecipient).where(
        CampaignRecipient.state.in_([RecipientState.QUEUED, RecipientState.UNKNOWN]),
        exists(ended.with_only_columns(Letter.id)),
    )
    if campaign_id is not None:
        statement = statement.where(CampaignRecipient.campaign_id == campaign_id)
    column = CampaignRecipient.__table__.c.state
    return rows_changed(
        db,
        statement.values(state=type_coerce(state, column.type), why=why).execution_options(
            synchronize_session=False
        ),
    )


def finish(db: Session, *, now: datetime) -> int:
    """Campaigns whose every recipient was sent, skipped or failed are done; how many (R32)."""
    waiting = exists().where(
        CampaignRecipient.campaign_id == Campaign.id,
        CampaignRecipient.state.in_([RecipientState.QUEUED, RecipientState.UNKNOWN]),
    )
    return rows_changed(
        db,
        update(Campaign)
        .where(Campaign.state == CampaignState.SENDING, Campaign.drawn_at.is_not(None), ~waiting)
        .values(state=CampaignState.DONE, done_at=now)
        .execution_options(synchronize_session=False),
    )


def progress(
    db: Session, campaign_id: int
) -> list[tuple[Channel, RecipientState, str | None, int]]:
    """How many of each channel are in which state, skipped ones by reason."""
    rows = db.execute(
        select(
            CampaignRecipient.channel,
            CampaignRecipient.state,
            CampaignRecipient.why,
            func.count(),
        )
        .where(CampaignRecipient.campaign_id == campaign_id)
        .group_by(CampaignRecipient.channel, CampaignRecipient.state, CampaignRecipient.why)
        .order_by(CampaignRecipient.channel, CampaignRecipient.state)
    )
    return [(channel, state, why, number) for channel, state, why, number in rows]


def counts(db: Session, campaign_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Per campaign how many recipients are in each state."""
    rows = db.execute(
        select(CampaignRecipient.campaign_id, CampaignRecipient.state, func.count())
        .where(CampaignRecipient.campaign_id.in_(campaign_ids))
        .group_by(CampaignRecipient.campaign_id, CampaignRecipient.state)
    )
    found: dict[int, dict[str, int]] = {campaign_id: {} for campaign_id in campaign_ids}
    for campaign_id, state, number in rows:
        found[campaign_id][state.value] = number
    return found
