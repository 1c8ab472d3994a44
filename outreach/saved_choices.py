"""Choices of members that staff keep under a name and start from again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_
from outreach.models import Segment
from outreach.rules import Every, to_json

MOST = 50


class ChoiceNotKept(Refusal):
    """The choice has no name, holds nothing, or there are too many."""


def everything(db: Session) -> Sequence[Segment]:
    """All kept choices by name; there are never more than MOST."""
    return db.scalars(select(Segment).order_by(Segment.name, Segment.id).limit(MOST)).all()


def keep(db: Session, name: str, rule: Every, *, by: int | None, now: datetime) -> Segment:
    """Keep a choice; one of the same name is replaced."""
    plain = " ".join(name.split())[:60]
    if not plain:
        raise ChoiceNotKept(N_("Please give this choice a name."))
    if not rule.of:
        raise ChoiceNotKept(N_("Please tick something first: this choice is every member."))
    kept = everything(db)
    found = next((one for one in kept if one.name == plain), None)
    if found is None and len(kept) >= MOST:
        raise ChoiceNotKept(N_("There are many saved choices already. Please forget one first."))
    segment = found or Segment(name=plain, created_at=now, account_id=by)
    segment.rule = to_json(rule)
    db.add(segment)
    db.flush()
    audit.record(db, "segment.keep", "segment", segment.id, by=by, now=now, name=plain)
    return segment


def forget(db: Session, segment: Segment, *, by: int | None, now: datetime) -> None:
    """The name is gone; invitations that were made from it keep their own rule."""
    audit.record(db, "segment.forget", "segment", segment.id, by=by, now=now, name=segment.name)
    db.delete(segment)
    db.flush()
