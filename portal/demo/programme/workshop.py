"""The demo's workshop: four bays, of which the seasonal checks use three."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from events.checks import bays
from events.models import Bay, BayWork
from portal.demo.programme.planning import Undertaking

_BAYS: tuple[tuple[str, str, tuple[BayWork, ...]], ...] = (
    ("1 号快修工位", "Bay 1, quick service", (BayWork.GENERAL, BayWork.AIR)),
    ("2 号快修工位", "Bay 2, quick service", (BayWork.GENERAL, BayWork.TYRES)),
    ("3 号新能源工位", "Bay 3, electric cars", (BayWork.GENERAL, BayWork.HIGH_VOLTAGE)),
    ("4 号四轮定位工位", "Bay 4, alignment", (BayWork.TYRES, BayWork.ALIGNMENT)),
)
_USED = 3
_PAST: dict[str, Any] = {"job_minutes": 25, "buffer_minutes": 5}
_COMING: dict[str, Any] = {"job_minutes": 45, "buffer_minutes": 15}  # a full slot needs a bay more


def open_bays(db: Session, *, by: int, now: datetime) -> list[Bay]:
    """The bays of the shop."""
    return [
        bays.keep_bay(db, None, name_zh=zh, name_en=en, does=does, active=True, by=by, now=now)
        for zh, en, does in _BAYS
    ]


def serve(db: Session, one: Undertaking, used: list[Bay], *, by: int, now: datetime) -> None:
    """An event with time slots gets its bays before anybody signs up."""
    if one.event.sessions:
        values: dict[str, Any] = {"by": by, "now": min(one.event.created_at, now)}
        ids = [bay.id for bay in used[:_USED]]
        minutes = _PAST if one.event.ends_at < now else _COMING
        bays.set_plan(db, one.event, bay_ids=ids, **minutes, **values)
