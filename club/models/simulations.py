"""Trials of a draft over the real ledger: how far they are, and what they found."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from club.models.rules import RuleVersion
from foundation.database import Base, Id


class SimulationState(enum.StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class RuleSimulation(Base):
    """One trial: the draft as it stood (`mark`), as if in force from `since` to `as_of`."""

    __tablename__ = "rule_simulation"
    __table_args__ = (
        Index("ix_rule_simulation_version", "version_id", "id"),
        Index("ix_rule_simulation_state", "state", "id"),
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"))
    mark: Mapped[str]
    since: Mapped[date]
    as_of: Mapped[date]
    state: Mapped[SimulationState] = mapped_column(default=SimulationState.WAITING)
    asked_at: Mapped[datetime]
    account_id: Mapped[int | None]
    moved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    owners: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    version: Mapped[RuleVersion] = relationship()
