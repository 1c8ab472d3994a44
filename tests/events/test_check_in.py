"""Tickets and the door (R27, R28, R31)."""

from datetime import timedelta

import pytest
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from club import checking, ledger
from club.models import LedgerEntry
from events import booking, check_in, tickets, waitlist
from events.figures import no_shows_query
from events.models import CheckIn, CheckInStep, Event, Registration, Ticket
from events.refusals import (
    DoorClosed,
    NotActive,
    OfferEnded,
    RegistrationCancelled,
    StillWaiting,
    TicketRevoked,
    UnknownTicket,
    WrongEvent,
)
from foundation.audit import AuditEntry
from members.models import MemberFacts
from tests.conftest import Sessions
from tests.making import KEYS, NOW, make_event, make_member

DAY = timedelta(days=14)  # the event is two weeks on
DOORS = NOW + DAY


def sign_up(db: Session, event: Event) -> Registration:
    return booking.register(db, event, make_member(db), keys=KEYS, by=None, now=NOW)


def arrive(db: Session, event: Event, made: Registration, request: str, **more: object) -> CheckIn:
    assert made.ticket is not None
    values = {"by": None, "now": DOORS, "request_id": request, **more}
    return check_in.check_in(db, event, made.ticket, **values)  # type: ignore[arg-type]


def test_a_ticket_is_found_by_secret_and_by_code(db: Session) -> None:
    """R28: the secret has 128 random bits and is stored sealed."""
    event = make_event(db)
    ticket = sign_up(db, event).ticket
    assert ticket is not None
    secret = tickets.secret_of(ticket, KEYS)
    assert len(secret) == 22
    assert secret not in ticket.secret_sealed
    spoken = f" {ticket.code[:4].lower()}-{ticket.code[4:]} "
    for text in (secret, f"https://club.example/t/{secret}", spoken):
        assert tickets.find(db, event, text, keys=KEYS) is ticket
    assert tickets.find(db, event, str(ticket.registration_id), keys=KEYS) is None


def test_a_reissued_ticket_leaves_the_old_one_dead(db: Session) -> None:
    """R28: revocable, and who cancelled gets no other; red when the former secret stays, or where
    nobody asks whether there is a place."""
    event = make_event(db)
    made = sign_up(db, event)
    assert made.ticket is not None
    old = tickets.secret_of(made.ticket, KEYS)
    tickets.reissue(db, made, keys=KEYS, by=None, now=NOW)
    assert tickets.find(db, event, old, keys=KEYS) is None
    assert tickets.secret_of(made.ticket, KEYS) != old
    booking.cancel(db, made, by=None, now=NOW)
    with pytest.raises(NotActive):
        tickets.reissue(db, made, keys=KEYS, by=None, now=NOW)
    db.refresh(made.ticket)
    assert made.ticket.revoked_at == NOW


def test_the_same_request_twice_is_one_record(db: Session, sessions: Sessions) -> None:
    """R27: both succeed, points come once; held by a look and by the insert that
    does nothing on conflict; red without both."""
    event = make_event(db)
    made = sign_up(db, event)
    first = arrive(db, event, made, "r1")
    assert arrive(db, event, made, "r1") is first
    db.commit()
    with sessions() as fresh:
        assert fresh.scalar(select(func.count()).select_from(CheckIn)) == 1
        assert ledger.balance(fresh, made.owner_id) == 50
        facts = fresh.get_one(MemberFacts, made.owner_id)
        assert (facts.attended, str(facts.last_attended_on)) == (1, "2026-03-16")


def test_two_devices_offline_are_both_kept(db: Session) -> None:
    """R27: the later by the devices' clocks is flagged, whichever comes online first."""
    event = make_event(db)
    made = sign_up(db, event)
    late = arrive(db, event, made, "b", happened_at=DOORS - timedelta(minutes=1))
    early = arrive(db, event, made, "a", happened_at=DOORS - timedelta(minutes=5))
    third = arrive(db, event, made, "c")
    assert (late.flagged, early.flagged, third.flagged) == (True, False, True)
    assert ledger.balance(db, made.owner_id) == 50


def test_the_same_desk_sees_them_once(db: Session) -> None:
    """R27: a repeat at one desk is no second arrival and no case, of another desk it is; taking it
    back is for real. Red without `_seen_by`, and when it answers for another device."""
    event = make_event(db)
    made = sign_up(db, event)
    first = arrive(db, event, made, "a", device="7:morning")
    assert arrive(db, event, made, "b", device="7:morning") is first
    second = arrive(db, event, made, "c", device="8:morning")
    assert arrive(db, event, made, "d", device="8:morning") is second
    assert (first.flagged, second.flagged) == (False, True)
    assert db.scalars(select(CheckIn)).all() == [first, second]
    check_in.undo(db, second, by=None, now=DOORS)
    assert ledger.balance(db, made.owner_id) == 50
    check_in.undo(db, first, by=None, now=DOORS)
    assert ledger.balance(db, made.owner_id) == 0
    assert arrive(db, event, made, "e", device="7:morning") is not first


def test_whoever_was_checked_in_by_mistake_is_taken_out(db: Session) -> None:
    """At one step, or everywhere with both devices' arrivals and the points; red when only the
    first arrival is struck out, and when the step is not asked."""
    event = make_event(db)
    event.steps.append(CheckInStep(position=1, name_zh="领号码牌"))
    made, other = sign_up(db, event), sign_up(db, event)
    for request, step in (("a", None), ("b", None), ("c", event.steps[0])):
        arrive(db, event, made, request, step=step)
    kept = arrive(db, event, other, "d")
    assert check_in.take_out(db, made, step_id=event.steps[0].id, by=None, now=DOORS) == 1
    assert ledger.balance(db, made.owner_id) == 50
    assert check_in.take_out(db, made, everywhere=True, by=None, now=DOORS) == 2
    assert ledger.balance(db, made.owner_id) == 0
    assert db.scalars(select(CheckIn).where(CheckIn.undone_at.is_(None))).all() == [kept]
    acts = select(func.count()).where(AuditEntry.act == "check-in.undo")
    assert db.scalar(acts) == 3


def test_an_undone_arrival_takes_its_points_back(db: Session) -> None:
    """R1: facts and ledger agree; red without the taking back in attendance.discount."""
    event = make_event(db, attendance_points=80)
    made = sign_up(db, event)
    check_in.undo(db, arrive(db, event, made, "r1"), by=None, now=DOORS)
    facts = db.get_one(MemberFacts, made.owner_id)
    assert (facts.attended, facts.points, ledger.balance(db, made.owner_id)) == (0, 0, 0)
    assert list(checking.differences(db)) == []


def test_whoever_is_checked_in_again_has_the_points_once(db: Session) -> None:
    """R8: in, out, in, out, in; red when the second bonus has the cause of the first."""
    event = make_event(db, attendance_points=80)
    made = sign_up(db, event)
    for number in range(2):
        mistaken = arrive(db, event, made, f"r{number}")
        for _twice in range(2):
            check_in.undo(db, mistaken, by=None, now=DOORS)
    assert arrive(db, event, made, "last").flagged is False
    assert arrive(db, event, made, "again").flagged is True
    assert ledger.balance(db, made.owner_id) == 80
    moved = select(LedgerEntry.points).where(LedgerEntry.owner_id == made.owner_id)
    assert db.scalars(moved.order_by(LedgerEntry.id)).all() == [80, -80, 80, -80, 80]


def test_the_points_stay_while_another_arrival_stands(db: Session) -> None:
    """Struck out at one of two steps; red when any undoing takes them."""
    event = make_event(db)
    made = sign_up(db, event)
    twice = [arrive(db, event, made, request) for request in ("door", "flagged")]
    check_in.undo(db, twice[0], by=None, now=DOORS)
    assert ledger.balance(db, made.owner_id) == 50
    check_in.undo(db, twice[1], by=None, now=DOORS)
    assert ledger.balance(db, made.owner_id) == 0


def test_points_that_were_spent_become_a_debt(db: Session) -> None:
    """R1, R5: 30 of 50 were used the day after, so 30 are owed, and the ledger still adds up."""
    event = make_event(db)
    made = sign_up(db, event)
    arrival = arrive(db, event, made, "r")
    bill = {"cause_kind": "bill", "cause_id": "1", "by": None, "now": DOORS}
    day = DOORS.date() + timedelta(days=1)
    ledger.spend(db, made.owner_id, 30, on=day, **bill)  # type: ignore[arg-type]
    check_in.undo(db, arrival, by=None, now=DOORS)
    assert ledger.balance(db, made.owner_id) == -30
    assert list(checking.differences(db)) == []


def test_the_door_names_its_reason(db: Session) -> None:
    """R28: red when a refusal is the general one."""
    event, other = make_event(db, places=1), make_event(db)
    made, waiting, elsewhere = sign_up(db, event), sign_up(db, event), sign_up(db, other)
    with pytest.raises(UnknownTicket):
        check_in.check_in(db, event, None, request_id="x", by=None, now=DOORS)
    with pytest.raises(WrongEvent, match="another event"):
        arrive(db, event, elsewhere, "x")
    with pytest.raises(DoorClosed, match="opens on") as early:
        arrive(db, event, made, "x", now=NOW)
    assert early.value.values == {"moment": event.starts_at - timedelta(hours=3)}
    tickets.revoke(db, made.id, now=NOW)
    db.refresh(made.ticket)
    with pytest.raises(TicketRevoked):
        arrive(db, event, made, "x")
    booking.cancel(db, made, by=None, now=NOW)
    with pytest.raises(RegistrationCancelled):
        arrive(db, event, made, "x")
    assert waiting.ticket is None
    tickets.issue(db, waiting, keys=KEYS, now=NOW)
    with pytest.raises(StillWaiting):
        check_in.admitted(db, event, db.scalars(tickets_of(waiting)).one(), now=DOORS)


def tickets_of(registration: Registration) -> Select[Ticket]:
    return select(Ticket).where(Ticket.registration_id == registration.id)


def test_a_no_show_kept_the_place_and_did_not_come(db: Session) -> None:
    """R31: red when cancelled registrations count."""
    event = make_event(db, places=4)
    came, missing, cancelled, by_staff, waiting = (sign_up(db, event) for _ in range(5))
    booking.cancel(db, cancelled, by=None, now=NOW)
    booking.cancel(db, by_staff, as_staff=True, by=None, now=DOORS)
    arrive(db, event, came, "r")
    after = DOORS + timedelta(days=1)
    assert db.scalars(no_shows_query(event, now=DOORS)).all() == []
    assert db.scalars(no_shows_query(event, now=after)).all() == [missing]
    assert waiting.state == "offered"
    with pytest.raises(OfferEnded):
        waitlist.accept(db, waiting, keys=KEYS, by=None, now=after)
