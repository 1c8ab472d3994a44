"""What owners had before the club began: each thing once, and what it became here."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Id
from foundation.labels import Labelled
from foundation.words import N_

_STANDS = text("undone_at IS NULL")


class Holding(Labelled):
    """What an old card held."""

    TIER = "tier", N_("Tier")
    POINTS = "points", N_("Points")
    PACKAGE = "package", N_("Package")
    VOUCHERS = "vouchers", N_("Vouchers")


class OpeningBalance(Base):
    """One thing of an old card, brought in by a row of a signed file.

    `mark` tells things of one kind apart; of one card each stands once, from whatever file it
    came. What it became is named by `entry_id`, `grant_id` or `package_id`; vouchers name it as
    their cause.
    """

    __tablename__ = "opening_balance"
    __table_args__ = (
        Index(
            "uq_opening_balance_thing",
            "card",
            "holding",
            "mark",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index("ix_opening_balance_batch", "batch_id", "row_no"),
        Index("ix_opening_balance_owner", "owner_id", "id"),
    )

    id: Mapped[Id]
    batch_id: Mapped[int]
    row_no: Mapped[int]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    card: Mapped[str]
    holding: Mapped[Holding]
    mark: Mapped[str]
    amount: Mapped[int]
    until_on: Mapped[date | None]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("tier_grant.id"))
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"))
    made_at: Mapped[datetime]
    account_id: Mapped[int | None]
    signed_by_id: Mapped[int | None]
    undone_at: Mapped[datetime | None]
