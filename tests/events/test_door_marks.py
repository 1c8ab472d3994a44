"""What devices noted without a network, taken in later (R27, R28)."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import ledger
from events import booking, door_marks, tickets
from events.door_marks import Noted, Outcome
from events.models import CheckIn, CheckInStep, Event, Registration
from foundation.audit import AuditEntry
from tests.conftest import Sessions
from tests.events.racing import race
from tests.making import KEYS, NOW, make_event, make_member

DOORS = NOW + timedelta(days=14)
BACK = DOORS + timedelta(hours=2)  # when the network is back


def sign_up(db: Session, event: Event) -> Registration:
    return booking.register(db, event, make_member(db), keys=KEYS, by=None, now=NOW)


def noted(one: Registration, minutes: int = 0, **more: Any) -> Noted:
    """They were let in so many minutes after the doors opened."""
    assert one.ticket is not None
    values = {"registration_id": one.id, "code": one.ticket.code, "device": "东门", **more}
    return Noted(str(uuid.uuid4()), DOORS + timedelta(minutes=minutes), **values)


def taken_in(db: Session, event: Event, *marks: Noted, now: datetime = BACK) -> list[Outcome]:
    answers = door_marks.take_in(db, event, list(marks), by=None, now=now)
    assert [one.request_id for one in answers] == [one.request_id for one in marks]
    return [one.outcome for one in answers]


def test_a_batch_that_is_sent_twice_is_stored_once(db: Session, sessions: Sessions) -> None:
    """R27: at the device's moment, each step by itself, points once; red when happened_at is
    not handed to check_in, and when the request id is a new one each time."""
    event = make_event(db)
    event.steps.append(CheckInStep(position=1, name_zh="领号码牌"))
    first, other = sign_up(db, event), sign_up(db, event)
    step = event.steps[0].id
    batch = (noted(first, 3), noted(first, 5, step_id=step), noted(other, 7))
    for _time in range(2):
        assert taken_in(db, event, *batch) == [Outcome.KEPT] * 3
    db.commit()
    with sessions() as fresh:
        rows = fresh.scalars(select(CheckIn).order_by(CheckIn.happened_at)).all()
        assert [(one.request_id, one.happened_at, one.recorded_at) for one in rows] == [
            (mark.request_id, mark.happened_at, BACK) for mark in batch
        ]
        assert [one.step_id for one in rows] == [None, step, None]
        assert [one.device for one in rows] == ["东门"] * 3
        assert ledger.balance(fresh, first.owner_id) == 50


def test_of_two_devices_the_later_arrival_is_flagged(db: Session) -> None:
    """R27: both kept, whichever comes online first; red when the order of sending decides."""
    event = make_event(db)
    made = sign_up(db, event)
    late, early = noted(made, 9, device="西门"), noted(made, 2)
    assert taken_in(db, event, late) == [Outcome.KEPT]
    assert taken_in(db, event, early) == [Outcome.KEPT]
    assert taken_in(db, event, late) == [Outcome.SECOND]
    rows = db.scalars(select(CheckIn).order_by(CheckIn.happened_at)).all()
    assert [(one.device, one.flagged) for one in rows] == [("东门", False), ("西门", True)]


def test_an_arrival_is_taken_back_without_a_network(db: Session) -> None:
    """In and out before anything was sent: the record stays, struck out, and brings no points."""
    event, other = make_event(db), make_event(db)
    made = sign_up(db, event)
    mark = noted(made)
    undone = Noted(str(uuid.uuid4()), BACK, registration_id=made.id, undoes=mark.request_id)
    assert taken_in(db, other, undone) == [Outcome.REFUSED]
    for _time in range(2):
        assert taken_in(db, event, mark, undone) == [Outcome.KEPT, Outcome.UNDONE]
    assert [one.undone_at for one in db.scalars(select(CheckIn))] == [BACK]
    assert ledger.balance(db, made.owner_id) == 0


def test_one_that_is_refused_holds_no_other_up(db: Session) -> None:
    """R28: a cancelled, a replaced, an unknown ticket, one of another event; each with its reason,
    and in the trail; red when a replaced ticket's code is not compared."""
    event = make_event(db)
    gone, replaced, fine = (sign_up(db, event) for _ in range(3))
    stranger = noted(sign_up(db, make_event(db)))
    marks = [noted(gone), noted(replaced), stranger, noted(fine)]
    booking.cancel(db, gone, by=None, now=NOW)
    tickets.reissue(db, replaced, keys=KEYS, by=None, now=NOW)
    answers = door_marks.take_in(db, event, marks, by=None, now=BACK)
    assert [one.outcome for one in answers] == [*[Outcome.REFUSED] * 3, Outcome.KEPT]
    assert len({one.message for one in answers}) == 4
    trail = select(AuditEntry.details).where(AuditEntry.act == "check-in.refuse")
    whys = [one["why"] for one in db.scalars(trail.order_by(AuditEntry.id))]
    assert whys == ["RegistrationCancelled", "TicketRevoked", "UnknownTicket"]
    assert [one.registration_id for one in db.scalars(select(CheckIn))] == [fine.id]


def send_all(sessions: Sessions, event_id: int, registration_ids: list[int]) -> list[str]:
    """A device comes online; it never has to send again because another one did too."""
    with sessions() as db:
        event = db.get_one(Event, event_id)
        marks = [noted(db.get_one(Registration, one)) for one in registration_ids]
        answers = door_marks.take_in(db, event, marks, by=None, now=BACK)
        db.commit()
        return [one.outcome.value for one in answers]


def test_devices_that_come_online_at_once_never_block_each_other(
    sessions: Sessions, database_url: str
) -> None:
    """R27: two doors of two events, the same members, in opposite orders; processes, and nobody
    tries again. Red on PostgreSQL without holding the batch (a deadlock), and with the
    registrations held but not the owners' points."""
    with sessions() as db:
        members = [make_member(db) for _ in range(6)]
        events = [make_event(db) for _ in range(2)]
        signed = {
            event.id: [
                booking.register(db, event, one, keys=KEYS, by=None, now=NOW).id for one in members
            ]
            for event in events
        }
        ids = [one.id for one in members]
        db.commit()
    forward, backward = [signed[event.id] for event in events]
    first, second = signed
    acts = [(first, forward), (first, forward[::-1]), (second, backward[::-1]), (second, backward)]
    said = race(database_url, [(send_all, act) for act in acts])
    assert sorted(one for device in said for one in device) == ["kept"] * 12 + ["second"] * 12
    with sessions() as read:
        assert {ledger.balance(read, one) for one in ids} == {100}
