"""Rounds of invitations that the demo club sent: long ago, this morning, and one not sent yet."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.models import Event, EventInvitee
from foundation.outbox import Channel, Letter, LetterState
from foundation.settings import Settings
from foundation.words import N_
from outreach import campaigns, invitations
from outreach.models import Campaign
from outreach.rules import from_json
from portal.demo.people import Drawing
from portal.demo.programme.planning import Undertaking

_READ = 0.55
_BEGUN = timedelta(minutes=90)
_FULL_BOX = "552 5.2.2 Mailbox full"
_NO_NUMBER = "NUMBER_OUT_OF_SERVICE"


class Rounds:
    """Sends the demo's invitations as `by`, with the club's own keys."""

    def __init__(self, db: Session, draw: Drawing, settings: Settings, *, by: int) -> None:
        self.db, self.draw, self.settings, self.by = db, draw, settings, by

    def at_the_opening(self, one: Undertaking) -> None:
        """Whoever the event is for is invited when sign-up opens."""
        if one.invite is None or one.event.register_from is None:
            return
        now = one.event.register_from + timedelta(minutes=20)
        campaign = self._send(one.event, one.invite, now)
        self._go_out(campaign, wrong=2)
        self._are_read(one.event, now)

    def of_today(self, one: Undertaking) -> None:
        """A second round that is under way, or one that waits to be sent."""
        if one.invite_now is not None:
            campaign = self._send(one.event, one.invite_now, self.draw.now - _BEGUN)
            self._go_out(campaign, wrong=1, lost=1, left=3)
        if one.invite_draft is not None:
            self._draft(one.event, one.invite_draft, self.draw.now - _BEGUN)

    def close(self) -> None:
        """Recipients take over how their letters ended; what is complete is done."""
        campaigns.settle(self.db)
        campaigns.finish(self.db, now=self.draw.now)
        done = select(Campaign).where(Campaign.done_at.is_not(None))
        for campaign in self.db.scalars(done):
            assert campaign.send_after is not None
            campaign.done_at = campaign.send_after + timedelta(minutes=self._some(4, 40))

    def _draft(self, event: Event, invite: dict[str, Any], now: datetime) -> Campaign:
        words = {name: text for name, text in invite.items() if name != "to"}
        rule = from_json(invite["to"])
        return invitations.draft_invitation(
            self.db, event, rule, **{"words_en": None, **words}, by=self.by, now=now
        )

    def _send(self, event: Event, invite: dict[str, Any], now: datetime) -> Campaign:
        campaign = self._draft(event, invite, now)
        campaigns.start(self.db, campaign, by=self.by, now=now)
        while campaign.drawn_at is None:
            invitations.draw_more(self.db, campaign, self.settings, now=now)
        return campaign

    def _go_out(self, campaign: Campaign, *, wrong: int, lost: int = 0, left: int = 0) -> None:
        """Letters and texts are sent but for a few; messages by WeChat wait for their advisor."""
        found = self.db.scalars(
            select(Letter)
            .where(
                Letter.cause_kind == "campaign",
                Letter.cause_id == campaign.id,
                Letter.channel != Channel.WECHAT,
            )
            .order_by(Letter.id)
        ).all()
        for place, letter in enumerate(found):
            sent = letter.not_before + timedelta(seconds=3 * place)
            if place < wrong:
                letter.state, letter.attempts = LetterState.FAILED, 1
                letter.why = _FULL_BOX if letter.channel is Channel.EMAIL else _NO_NUMBER
            elif place < wrong + lost:
                letter.state, letter.claimed_at = LetterState.UNKNOWN, sent
                letter.why = N_("The worker stopped while sending; it may have gone out.")
            elif place < len(found) - left:
                letter.state, letter.sent_at = LetterState.SENT, sent

    def _are_read(self, event: Event, now: datetime) -> None:
        invitees = select(EventInvitee).where(EventInvitee.event_id == event.id)
        for invitee in self.db.scalars(invitees.order_by(EventInvitee.id)):
            if self.draw.chance.random() < _READ:
                invitee.opened_at = now + timedelta(minutes=self._some(10, 2000))

    def _some(self, low: int, high: int) -> int:
        return self.draw.chance.randint(low, high)
