"""What segments and lists ask often, kept ready: one row per owner, each room its columns."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Number


class MemberFacts(Base):
    """Kept in the transaction of each cause and rebuildable from scratch."""

    __tablename__ = "member_facts"
    __table_args__ = (
        Index("ix_member_facts_tier", "tier", "owner_id"),
        Index("ix_member_facts_last_visit", "last_visit_on", "owner_id"),
        Index("ix_member_facts_next_change", "next_change_on"),
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
    # events: what they took part in
    attended: Mapped[int] = mapped_column(default=0)
    last_attended_on: Mapped[date | None]
