"""The fixed data of an owner's archive, corrected at the desk."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy.orm import Session

from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_
from members.emails import normalise_email
from members.models import Owner
from members.names import sort_key
from members.phones import normalise_phone

LONGEST = 300


class NameMissing(Refusal):
    """An owner is called something."""


class BornTooLate(Refusal):
    """Nobody is born tomorrow."""


@dataclass(frozen=True, slots=True)
class FixedData:
    """What the desk may correct, as typed. None in a contact leaves it as it is: not everybody
    at the desk sees numbers and addresses."""

    name: str
    phone: str | None
    email: str | None
    wechat: str | None
    address: str | None
    sex: str
    born_on: date | None
    title: str
    contact_time: str
    note: str


def correct(
    db: Session, owner: Owner, said: FixedData, *, today: date, by: int, now: datetime
) -> None:
    """Store what changed; the audit names the fields, never what stands in them (R63, R67)."""
    if not said.name.strip():
        raise NameMissing(N_("Please enter a name."))
    if said.born_on is not None and said.born_on > today:
        raise BornTooLate(N_("This birth date lies in the future."))
    values: dict[str, object] = {
        one.name: _text(typed)
        for one in fields(said)
        if (typed := getattr(said, one.name)) is not None or one.name == "born_on"
    }
    if said.email is not None:
        values["email"] = normalise_email(said.email).text if said.email.strip() else None
    values["name_sort"] = sort_key(said.name)
    if said.phone is not None:
        values["phone"] = normalise_phone(said.phone) if said.phone.strip() else None
    changed = sorted(name for name, value in values.items() if getattr(owner, name) != value)
    for name in changed:
        setattr(owner, name, values[name])
    if changed:
        audit.record(db, "owner.correct", "owner", owner.id, by=by, now=now, fields=changed)
    db.flush()


def _text(value: object) -> object:
    if not isinstance(value, str):
        return value
    return " ".join(value.split())[:LONGEST] or None
