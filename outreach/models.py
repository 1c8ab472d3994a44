"""The tables of this room: consent, suppression, segments, campaigns, newsletters, tasks."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id
from foundation.labels import Labelled
from foundation.outbox import Channel
from foundation.words import N_
from members.models import Owner


class Topic(Labelled):
    """What a member may agree to hear of; each is given and withdrawn by itself."""

    INVITATIONS = "invitations", N_("Invitations to club events")
    NEWSLETTER = "newsletter", N_("The club’s newsletter")
    OFFERS = "offers", N_("Offers of the workshop and of partners")

    @classmethod
    def of(cls, value: str | None) -> "Topic | None":
        """The topic of that name, None where there is none."""
        return next((topic for topic in cls if topic.value == value), None)


class Consent(Base):
    """A yes or a no, with its evidence. Rows are only added; the newest per topic counts (R64)."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_owner", "owner_id", "topic", "id"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    topic: Mapped[Topic]
    given: Mapped[bool]
    at: Mapped[datetime]
    wording: Mapped[str]
    source: Mapped[str]
    account_id: Mapped[int | None]


class ConsentNow(Base):
    """The newest answer per member and topic, kept for segments; equal to the history by test."""

    __tablename__ = "consent_now"

    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(primary_key=True)
    given: Mapped[bool]


class Suppression(Base):
    """A keyed hash of an address that must not be written to; it outlives its member (R38)."""

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("address_hash", "topic"),)

    id: Mapped[Id]
    address_hash: Mapped[str]
    topic: Mapped[str]
    why: Mapped[str]
    at: Mapped[datetime]


class RestingAddress(Base):
    """A mail address, by its hash, that took no letter lately: marketing to it rests (R40)."""

    __tablename__ = "resting_address"

    address_hash: Mapped[str] = mapped_column(primary_key=True)
    refusals: Mapped[int]
    until: Mapped[datetime]


class Segment(Base):
    """A named choice of members as a typed rule tree (R42)."""

    __tablename__ = "segment"

    id: Mapped[Id]
    name: Mapped[str]
    rule: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    account_id: Mapped[int | None]


class CampaignKind(enum.StrEnum):
    INVITATION = "invitation"
    NEWSLETTER = "newsletter"


class CampaignState(enum.StrEnum):
    DRAFT = "draft"
    SENDING = "sending"
    STOPPED = "stopped"
    DONE = "done"


class Campaign(Base):
    """One round of personal letters about one thing."""

    __tablename__ = "campaign"

    id: Mapped[Id]
    kind: Mapped[CampaignKind]
    state: Mapped[CampaignState] = mapped_column(default=CampaignState.DRAFT)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    newsletter_id: Mapped[int | None] = mapped_column(ForeignKey("newsletter.id"), index=True)
    rule: Mapped[dict[str, Any]]
    words_zh: Mapped[str] = mapped_column(Text, default="")
    words_en: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    account_id: Mapped[int | None]
    started_at: Mapped[datetime | None]
    send_after: Mapped[datetime | None]
    drawn_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class RecipientState(enum.StrEnum):
    """As its letter stands; `unknown` may have been sent and waits for a person (R33)."""

    QUEUED = "queued"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


class CampaignRecipient(Base):
    """One member of one campaign by one channel, once (R32)."""

    __tablename__ = "campaign_recipient"
    __table_args__ = (
        UniqueConstraint("campaign_id", "owner_id", "channel"),
        Index("ix_campaign_recipient_state", "campaign_id", "state", "id"),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    channel: Mapped[Channel]
    state: Mapped[RecipientState] = mapped_column(default=RecipientState.QUEUED)
    why: Mapped[str | None]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"), unique=True)

    owner: Mapped[Owner] = relationship()


class NewsletterState(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class Newsletter(Base):
    """One issue, in Markdown."""

    __tablename__ = "newsletter"

    id: Mapped[Id]
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    number: Mapped[int | None] = mapped_column(unique=True)
    title_zh: Mapped[str]
    title_en: Mapped[str | None]
    summary_zh: Mapped[str] = mapped_column(default="")
    summary_en: Mapped[str | None]
    body_zh: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str | None] = mapped_column(Text)
    state: Mapped[NewsletterState] = mapped_column(default=NewsletterState.DRAFT, index=True)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    account_id: Mapped[int | None]


class AdvisorTask(Base):
    """A one-to-one WeChat message that an advisor sends by hand: text to copy, tick "sent"."""

    __tablename__ = "advisor_task"
    __table_args__ = (Index("ix_advisor_task_open", "account_id", "done_at", "id"),)

    id: Mapped[Id]
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
