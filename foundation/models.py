"""The tables of the foundation, which stand beside their topics."""

from foundation.audit import AuditEntry
from foundation.database import Base
from foundation.epoch import ClubEpoch
from foundation.jobs import Heartbeat, JobRun
from foundation.outbox import Letter
from foundation.shop import Shop
from foundation.tunables import TunableValue

__all__ = [
    "AuditEntry",
    "Base",
    "ClubEpoch",
    "Heartbeat",
    "JobRun",
    "Letter",
    "Shop",
    "TunableValue",
]
