"""Numbers that staff may change: declared by the rooms, kept with their history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import audit
from foundation.database import Base, Id
from foundation.refusals import Refusal
from foundation.words import N_


class TunableValue(Base):
    """One value of one number from a moment on; the newest row of a key is in force."""

    __tablename__ = "tunable_value"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(index=True)
    value: Mapped[Any] = mapped_column(JSON)
    since: Mapped[datetime]
    account_id: Mapped[int | None]


@dataclass(frozen=True, slots=True)
class Tunable:
    """A whole number with its bounds and its label in English."""

    key: str
    default: int
    label: str
    unit: str
    low: int = 0
    high: int = 1_000_000


class OutOfBounds(Refusal):
    """The number is not one this setting takes."""


DECLARED: dict[str, Tunable] = {}


def declare(
    key: str, default: int, label: str, unit: str, low: int = 0, high: int = 1_000_000
) -> Tunable:
    """Announce a number at import time; its key names its room first ("events.offer_hours")."""
    DECLARED[key] = Tunable(key, default, label, unit, low, high)
    return DECLARED[key]


def value(db: Session, tunable: Tunable) -> int:
    """The number in force."""
    found = db.scalar(
        select(TunableValue.value)
        .where(TunableValue.key == tunable.key)
        .order_by(TunableValue.id.desc())
        .limit(1)
    )
    return tunable.default if found is None else int(found)


def change(db: Session, tunable: Tunable, number: int, *, by: int | None, now: datetime) -> None:
    """Put a new number in force from now on; the old one stays in the history."""
    if not tunable.low <= number <= tunable.high:
        raise OutOfBounds(
            N_("Please enter a number from %(low)s to %(high)s."),
            low=tunable.low,
            high=tunable.high,
        )
    before = value(db, tunable)
    if before == number:
        return
    db.add(TunableValue(key=tunable.key, value=number, since=now, account_id=by))
    audit.record(
        db, "tunable.change", "tunable", 0, by=by, now=now, key=tunable.key, was=before, set=number
    )
    db.flush()
