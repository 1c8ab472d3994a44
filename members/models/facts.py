"""What segments and lists ask often, kept ready: one row per owner, each room its columns."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Number

NEVER = date(2000, 1, 1)


class MemberFacts(Base):
    """Kept in the transaction of each cause and rebuildable from scratch.

    `reviewed_on` is the day up to which reviews and new rules were held for the owner.
    """

    __tablename__ = "member_facts"
    __table_args__ = (
        Index("ix_member_facts_tier", "tier", "owner_id"),
        Index("ix_member_facts_last_visit", "last_visit_on", "owner_id"),
        Index("ix_member_facts_next_change", "next_change_on"),
        Index("ix_member_facts_reviewed", "reviewed_on", "owner_id"),
    )

    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), primary_key=True)
    # members: orders seen
    last_visit_on: Mapped[date | None]
    orders: Mapped[int] = mapped_column(default=0)
    net_spend_fen: Mapped[int] = mapped_column(Number, default=0)
    # club: points and tier
    tier: Mapped[str] = mapped_column(default="general")
    points: Mapped[int] = mapped_column(default=0)
    spend_fen: Mapped[int] = mapped_column(Number, default=0)
    spend_as_of: Mapped[date | None]
    next_change_on: Mapped[date | None]
    reviewed_on: Mapped[date] = mapped_column(default=NEVER, server_default="2000-01-01")
    # events: what they took part in
    attended: Mapped[int] = mapped_column(default=0)
    last_attended_on: Mapped[date | None]
