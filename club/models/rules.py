"""Rule sets: what earns how much, and what it takes to rise; each in force from a day on."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, UniqueConstraint, event, inspect
from sqlalchemy.orm import InstanceState, Mapped, Mapper, mapped_column, relationship

from club.models.tiers import TierCode
from foundation.database import Base, Id, Number
from foundation.labels import Labelled
from foundation.words import N_


class PublishedNeverChanges(RuntimeError):
    """Somebody tried to write over published rules (R11)."""


class BonusKind(Labelled):
    """What brings points without an order."""

    ATTENDANCE = "attendance", N_("Coming to an event")
    SURVEY = "survey", N_("Answering a survey")
    REFERRAL = "referral", N_("Bringing a friend")
    BIRTHDAY = "birthday", N_("Birthday")


class RuleVersion(Base):
    """One rule set. A draft has no publishing moment; a published one is never edited (R11).

    Rates, multipliers and campaigns are hundredths: 100 is one point per yuan, or times one.
    `rates` holds the kinds of work whose rate is not the base rate, `bonuses` points by
    BonusKind. From `notice_from` to the day before `starts_on` the better of these rules and
    those in force counts.
    """

    __tablename__ = "rule_version"
    __table_args__ = (
        CheckConstraint("published_at IS NULL OR starts_on IS NOT NULL", name="starts_on"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    starts_on: Mapped[date | None] = mapped_column(index=True)
    notice_from: Mapped[date | None]
    published_at: Mapped[datetime | None]
    account_id: Mapped[int | None]
    changed_at: Mapped[datetime | None]
    window_months: Mapped[int] = mapped_column(default=12)
    keep_months: Mapped[int] = mapped_column(default=12)
    points_live_months: Mapped[int] = mapped_column(default=24)
    base_rate: Mapped[int] = mapped_column(default=100)
    rates: Mapped[dict[str, Any]] = mapped_column(default=dict)
    bonuses: Mapped[dict[str, Any]] = mapped_column(default=dict)

    tiers: Mapped[list["RuleTier"]] = relationship(
        back_populates="version", order_by="RuleTier.threshold_fen", cascade="all, delete-orphan"
    )
    campaigns: Mapped[list["RuleCampaign"]] = relationship(
        back_populates="version", order_by="RuleCampaign.id", cascade="all, delete-orphan"
    )

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


class RuleTier(Base):
    """A tier's threshold (fen in the window, inclusive, R9) and multiplier (hundredths)."""

    __tablename__ = "rule_tier"
    __table_args__ = (UniqueConstraint("version_id", "tier"),)

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"))
    tier: Mapped[TierCode]
    threshold_fen: Mapped[int] = mapped_column(Number)
    multiplier: Mapped[int]

    version: Mapped[RuleVersion] = relationship(back_populates="tiers")


class RuleCampaign(Base):
    """More points between two shop days, both included; an empty list limits nothing."""

    __tablename__ = "rule_campaign"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="days"),)

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    from_on: Mapped[date]
    until_on: Mapped[date]
    hundredths: Mapped[int]
    kinds: Mapped[list[str]] = mapped_column(default=list)
    tiers: Mapped[list[str]] = mapped_column(default=list)
    energies: Mapped[list[str]] = mapped_column(default=list)

    version: Mapped[RuleVersion] = relationship(back_populates="campaigns")


class RuleNotice(Base):
    """How far members have been told of coming rules: everybody up to an owner's id."""

    __tablename__ = "rule_notice"

    version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"), primary_key=True)
    told_up_to: Mapped[int] = mapped_column(Number, default=0)
    told: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]


@event.listens_for(RuleVersion, "before_update")
@event.listens_for(RuleVersion, "before_delete")
def _version_stands(_mapper: Mapper[Any], _connection: Connection, version: RuleVersion) -> None:
    _refuse_when_published(version, version)


@event.listens_for(RuleTier, "before_update")
@event.listens_for(RuleTier, "before_delete")
@event.listens_for(RuleCampaign, "before_update")
@event.listens_for(RuleCampaign, "before_delete")
def _part_stands(
    _mapper: Mapper[Any], _connection: Connection, part: RuleTier | RuleCampaign
) -> None:
    state: InstanceState[Any] = inspect(part)
    left = state.attrs.version.history.deleted or ()
    for version in (part.version, *left):
        if version is not None:
            _refuse_when_published(version, part)


def _refuse_when_published(version: RuleVersion, changed: Base) -> None:
    """Being published is the last change that a version takes, and none with it unnoticed."""
    state: InstanceState[Any] = inspect(version)
    was = state.attrs.published_at.history
    published = version.published_at is not None and not was.has_changes()
    if published or any(was.deleted):
        raise PublishedNeverChanges(f"{changed!r} belongs to a published rule version")
