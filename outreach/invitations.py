"""Inviting members to an event, each with a link of their own and each once per event."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from events.models import ACTIVE, Event, EventInvitee, EventState, Registration
from foundation import audit, clock
from foundation.outbox import Letter, LetterState, Reader
from foundation.refusals import Refusal
from foundation.settings import Settings
from foundation.shop import in_language
from foundation.words import N_
from members.models import Owner
from outreach import campaigns, forecasting, links
from outreach.forecasting import Forecast
from outreach.models import (
    Campaign,
    CampaignKind,
    CampaignRecipient,
    CampaignState,
    RecipientState,
    Topic,
)
from outreach.rules import Rule, from_json, to_json

ALREADY_INVITED = N_("already invited to this event")
ALREADY_IN = N_("already signed up")
HUMAN = timedelta(seconds=15)  # an opening sooner after delivery is a scanner's (R41)


class EventNotOpen(Refusal):
    """Nobody can be invited to the event."""


def draft_invitation(
    db: Session,
    event: Event,
    rule: Rule,
    *,
    words_zh: str,
    words_en: str | None,
    by: int | None,
    now: datetime,
) -> Campaign:
    """An invitation that is not sent yet."""
    if event.state is not EventState.PUBLISHED:
        raise EventNotOpen(N_("Please publish the event before you invite to it."))
    if event.starts_at <= now:
        raise EventNotOpen(N_("This event has begun."))
    campaign = Campaign(
        kind=CampaignKind.INVITATION,
        event_id=event.id,
        rule=to_json(rule),
        words_zh=words_zh.strip(),
        words_en=(words_en or "").strip() or None,
        created_at=now,
        account_id=by,
    )
    db.add(campaign)
    db.flush()
    audit.record(db, "campaign.draft", "campaign", campaign.id, by=by, now=now)
    return campaign


def draw_more(
    db: Session,
    campaign: Campaign,
    settings: Settings,
    *,
    now: datetime,
    limit: int = campaigns.BATCH,
) -> int:
    """Draw the next members and post their invitations; 0 when all are drawn.

    A page draws the first batch, the worker the rest; a crash in between repeats nothing.
    """
    event = db.get_one(Event, campaign.event_id)
    day = clock.shop_day(campaign.started_at or now, settings.zone)
    owners = campaigns.next_members(db, campaign, day, limit)
    if len(owners) < limit:
        campaign.drawn_at = now
    drawn = campaigns.prepare(db, owners, Topic.INVITATIONS, settings.hash_key)
    drawn.skip.update(_signed_up_or_invited(db, event.id, list(drawn.readers)))
    for row in campaigns.add_recipients(db, campaign, drawn):
        owner = next(one for one in owners if one.id == row.owner_id)
        _invite(db, campaign, event, row, owner, drawn.readers[row.owner_id], settings, now)
    db.flush()
    return len(owners)


def forecast(db: Session, campaign: Campaign, settings: Settings, *, now: datetime) -> Forecast:
    """Whom the invitation would reach now, and who is skipped for which reason."""
    event_id, rule = campaign.event_id or 0, from_json(campaign.rule)

    def signed_up_or_invited(owner_ids: Sequence[int]) -> dict[int, str]:
        return _signed_up_or_invited(db, event_id, owner_ids)

    topic = Topic.INVITATIONS
    return forecasting.forecast(db, rule, topic, signed_up_or_invited, settings, now=now)


def _signed_up_or_invited(db: Session, event_id: int, owner_ids: Sequence[int]) -> dict[int, str]:
    invited = select(EventInvitee.owner_id).where(
        EventInvitee.event_id == event_id, EventInvitee.owner_id.in_(owner_ids)
    )
    signed_up = select(Registration.owner_id).where(
        Registration.event_id == event_id,
        Registration.owner_id.in_(owner_ids),
        Registration.state.in_(ACTIVE),
    )
    skip = dict.fromkeys(db.scalars(invited), ALREADY_INVITED)
    return skip | dict.fromkeys(db.scalars(signed_up), ALREADY_IN)


def _invite(
    db: Session,
    campaign: Campaign,
    event: Event,
    row: CampaignRecipient,
    owner: Owner,
    reader: Reader,
    settings: Settings,
    now: datetime,
) -> None:
    details = letter_details(event, owner.name, reader.language)
    details["link"] = links.invitation_path(settings.link_keys, row.id)
    until = event.register_until or event.starts_at
    draft = campaigns.marketing(campaign, "invitation", Topic.INVITATIONS, details, until)
    campaigns.post(db, campaign, row, reader, draft, now=now)
    db.add(EventInvitee(event_id=event.id, owner_id=owner.id, invited_at=now))


def letter_details(event: Event, name: str, language: str) -> dict[str, Any]:
    """What an invitation tells, as its template takes it."""
    return {
        "name": name,
        "event_title": in_language(event, "title", language),
        "starts_at": event.starts_at.isoformat(),
        "place": in_language(event, "place", language),
    }


def stop(db: Session, campaign: Campaign, *, by: int | None, now: datetime) -> int:
    """Stop an invitation; who did not get it may be invited again."""
    stopped = campaigns.stop(db, campaign, by=by, now=now)
    unsent = select(CampaignRecipient.owner_id).where(
        CampaignRecipient.campaign_id == campaign.id,
        CampaignRecipient.state == RecipientState.SKIPPED,
        CampaignRecipient.letter_id.is_not(None),
    )
    _uninvite(db, EventInvitee.event_id == campaign.event_id, EventInvitee.owner_id.in_(unsent))
    return stopped


def uninvite_late(db: Session) -> None:
    """Who was not reached after all by a letter that a worker held when its round was stopped, or
    that came back since; found by the invitation itself, whatever the recipient took over, so
    that who was invited anew or has opened theirs stays invited."""
    late = (
        select(EventInvitee.id)
        .join(Campaign, Campaign.event_id == EventInvitee.event_id)
        .join(
            CampaignRecipient,
            and_(
                CampaignRecipient.campaign_id == Campaign.id,
                CampaignRecipient.owner_id == EventInvitee.owner_id,
            ),
        )
        .join(Letter, Letter.id == CampaignRecipient.letter_id)
        .where(
            Campaign.kind == CampaignKind.INVITATION,
            Campaign.state == CampaignState.STOPPED,
            EventInvitee.invited_at == Letter.created_at,
            EventInvitee.opened_at.is_(None),
            Letter.state == LetterState.SKIPPED,
            Letter.why == Letter.withdrawn,
        )
    )
    _uninvite(db, EventInvitee.id.in_(late))


def _uninvite(db: Session, *whom: ColumnElement[bool]) -> None:
    db.execute(delete(EventInvitee).where(*whom).execution_options(synchronize_session=False))


def opened(db: Session, recipient: CampaignRecipient, *, now: datetime) -> Campaign:
    """The invitation's link was followed; the first time by a person is noted."""
    campaign = db.get_one(Campaign, recipient.campaign_id)
    letter = db.get(Letter, recipient.letter_id) if recipient.letter_id else None
    if letter and letter.sent_at and now - letter.sent_at < HUMAN:
        return campaign
    invitee = db.scalar(
        select(EventInvitee).where(
            EventInvitee.event_id == campaign.event_id,
            EventInvitee.owner_id == recipient.owner_id,
        )
    )
    if invitee is not None and invitee.opened_at is None:
        invitee.opened_at = now
    return campaign
