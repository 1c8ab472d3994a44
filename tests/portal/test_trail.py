"""An act and its audit entry are one transaction, in every room (R67)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import adjusting, ledger
from events import programme
from events.models import Event, EventState
from foundation import tunables
from foundation.audit import AuditEntry
from foundation.refusals import Refusal
from members import garage
from members.garage import CarFacts
from members.models import Owner, Vehicle
from outreach import consents, newsletters
from outreach.models import Newsletter, NewsletterState, Topic
from portal.importing import reception
from portal.models import ImportBatch
from tests.conftest import Sessions
from tests.making import NOW, make_event, make_member, make_shop, make_staff
from tests.portal.order_files import csv_of, number_of, order

TODAY = date(2026, 3, 2)
LIMIT = adjusting.SECOND_PERSON_FROM


class Cast:
    """A member, a colleague, an event and an issue that are not out yet."""

    def __init__(self, db: Session) -> None:
        self.owner = make_member(db, login=False).id
        self.staff = make_staff(db).id
        self.event = make_event(db, state=EventState.DRAFT, published_at=None).id
        past = NOW - timedelta(days=9)
        self.past = make_event(db, state=EventState.DRAFT, published_at=None, starts_at=past).id
        db.commit()


def set_limit(db: Session, cast: Cast, number: int = 500) -> None:
    tunables.change(db, LIMIT, number, by=cast.staff, now=NOW)


def add_car(db: Session, cast: Cast, plate: str = "粤B12345") -> None:
    owner, said = db.get_one(Owner, cast.owner), CarFacts(plate=plate)
    garage.add_car(db, owner, said, today=TODAY, by=cast.staff, now=NOW)


def adjust(db: Session, cast: Cast, reason: str = "goodwill") -> None:
    adjusting.adjust(
        db, cast.owner, 10, request_id="1", reason=reason, on=TODAY, by=cast.staff, now=NOW
    )


def publish(db: Session, cast: Cast, *, past: bool = False) -> None:
    event = db.get_one(Event, cast.past if past else cast.event)
    programme.publish(db, event, by=cast.staff, now=NOW)


def agree(db: Session, cast: Cast) -> None:
    consents.answer(
        db, cast.owner, Topic.OFFERS, True, wording="1", source="desk", by=cast.staff, now=NOW
    )


def upload(db: Session, cast: Cast, content: bytes = csv_of([order("A1")])) -> None:
    arrived = reception.look("orders.csv", content)
    reception.receive(db, "dms", arrived, by=cast.staff, now=NOW)


def everything(db: Session, cast: Cast) -> tuple[object, ...]:
    """What the acts change."""
    return (
        tunables.value(db, LIMIT),
        number_of(db, Vehicle),
        ledger.balance(db, cast.owner),
        db.scalars(select(Event.state).order_by(Event.id)).all(),
        consents.agreed(db, cast.owner, Topic.OFFERS),
        number_of(db, ImportBatch),
    )


def trail(db: Session) -> list[tuple[str, int | None]]:
    rows = db.execute(select(AuditEntry.act, AuditEntry.account_id).order_by(AuditEntry.id))
    return [(row[0], row[1]) for row in rows]


Act = Callable[[Session, Cast], None]
ACTS: dict[str, Act] = {
    "tunable.change": set_limit,
    "vehicle.add": add_car,
    "points.adjust": adjust,
    "event.publish": publish,
    "consent.give": agree,
    "import.upload": upload,
}
REFUSED: dict[str, Act] = {
    "foundation": lambda db, cast: set_limit(db, cast, -1),
    "members": lambda db, cast: add_car(db, cast, "ABC"),
    "club": lambda db, cast: adjust(db, cast, " "),
    "events": lambda db, cast: publish(db, cast, past=True),
    "portal": lambda db, cast: upload(db, cast, b""),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_is_rolled_back_leaves_no_entry(sessions: Sessions, act: str) -> None:
    """R67: red when audit.record commits by itself."""
    with sessions() as db:
        cast = Cast(db)
        before = everything(db, cast)
        ACTS[act](db, cast)
        db.rollback()
    with sessions() as db:
        assert (everything(db, cast), trail(db)) == (before, [])


@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_is_committed_leaves_one_entry(sessions: Sessions, act: str) -> None:
    """R67: red for each act without its entry, or with an entry that forgets who."""
    with sessions() as db:
        cast = Cast(db)
        before = everything(db, cast)
        ACTS[act](db, cast)
        db.commit()
    with sessions() as db:
        assert everything(db, cast) != before
        assert trail(db) == [(act, cast.staff)]


@pytest.mark.parametrize("room", REFUSED)
def test_a_refused_act_leaves_neither(sessions: Sessions, room: str) -> None:
    """R67: not even when somebody commits after it; red when a rule notes before it asks."""
    with sessions() as db:
        cast = Cast(db)
        before = everything(db, cast)
        with pytest.raises(Refusal):
            REFUSED[room](db, cast)
        db.commit()
    with sessions() as db:
        assert (everything(db, cast), trail(db)) == (before, [])


def test_a_refused_issue_is_neither_out_nor_noted(sessions: Sessions) -> None:
    """R67 for outreach: an issue without a text."""
    with sessions() as db:
        issue = Newsletter(shop_id=make_shop(db).id, title_zh="", body_zh="", created_at=NOW)
        db.add(issue)
        db.commit()
        with pytest.raises(newsletters.NotReady):
            newsletters.publish(db, issue, by=None, now=NOW)
        db.commit()
    with sessions() as db:
        assert db.get_one(Newsletter, issue.id).state is NewsletterState.DRAFT
        assert trail(db) == []
