"""The queue and its offers (R20 to R24)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, deadlines, jobs, seats, waitlist
from events.models import Event, QuotaKind, Registration, RegistrationState
from events.refusals import OfferEnded, PlanRefused
from events.standstill import why_nobody_was_offered
from foundation.audit import AuditEntry
from foundation.outbox import Letter
from members.models import MemberFacts
from tests.conftest import Sessions
from tests.events.counting import assert_counters_are_true
from tests.making import KEYS, NOW, make_event, make_member, make_session, make_staff

S = RegistrationState
TICK = timedelta(microseconds=1)


def queue(db: Session, event: Event, *parties: int) -> list[Registration]:
    """One member after another, a second apart, with parties of these sizes."""
    return [
        booking.register(
            db,
            event,
            make_member(db),
            party_size=party,
            keys=KEYS,
            by=None,
            now=NOW + timedelta(seconds=turn),
        )
        for turn, party in enumerate(parties)
    ]


def states(*registrations: Registration) -> list[RegistrationState]:
    return [one.state for one in registrations]


def test_a_freed_place_is_offered_to_the_first_in_line(db: Session, sessions: Sessions) -> None:
    """R20: in the transaction of the cancellation; red without the call of `serve` there."""
    event = make_event(db, places=1)
    holder, first, second = queue(db, event, 1, 1, 1)
    booking.cancel(db, holder, by=None, now=NOW)
    db.commit()
    with sessions() as fresh:
        found = [fresh.get_one(Registration, one.id).state for one in (first, second)]
        letter = fresh.scalars(select(Letter).where(Letter.key == f"offer:{first.id}")).one()
    assert (found, letter.template) == ([S.OFFERED, S.WAITING], "events/offer")


def test_an_outsider_waits_behind_an_offer(db: Session) -> None:
    """R20: red when who waits is looked at neither first nor in the update."""
    event = make_event(db, places=2)
    holder, _other, big = queue(db, event, 1, 1, 2)
    booking.cancel(db, holder, by=None, now=NOW)
    (outsider,) = queue(db, event, 1)
    assert states(big, outsider) == [S.WAITING, S.WAITING]


def test_one_live_offer_per_place(db: Session) -> None:
    """R21: red when the offer does not take the place."""
    event = make_event(db, places=1)
    holder, first, second = queue(db, event, 1, 1, 1)
    booking.cancel(db, holder, by=None, now=NOW)
    waitlist.serve(db, event.id, now=NOW)
    assert states(first, second) == [S.OFFERED, S.WAITING]
    assert_counters_are_true(db, event.id)


def test_accepting_gives_ticket_and_late_is_refused(db: Session) -> None:
    """R21: inclusive at the end, refused a moment later; red with `>` for `>=`."""
    event = make_event(db, places=2)
    one, two, first, second = queue(db, event, 1, 1, 1, 1)
    booking.cancel(db, one, by=None, now=NOW)
    booking.cancel(db, two, by=None, now=NOW)
    assert first.offer_until is not None
    waitlist.accept(db, first, keys=KEYS, by=None, now=first.offer_until)
    with pytest.raises(OfferEnded):
        waitlist.accept(db, second, keys=KEYS, by=None, now=first.offer_until + TICK)
    assert states(first, second) == [S.CONFIRMED, S.OFFERED]
    assert first.ticket is not None


def test_declining_frees_at_once(db: Session) -> None:
    """R21: red without `serve` after a decline."""
    event = make_event(db, places=1)
    holder, first, second = queue(db, event, 1, 1, 1)
    booking.cancel(db, holder, by=None, now=NOW)
    waitlist.decline(db, first, by=None, now=NOW)
    assert states(first, second) == [S.DECLINED, S.OFFERED]
    assert_counters_are_true(db, event.id)


def test_the_job_passes_unanswered_offers_on(db: Session, sessions: Sessions) -> None:
    """R21: only after their end; red when the job takes every offer."""
    event = make_event(db, places=1)
    holder, first, second = queue(db, event, 1, 1, 1)
    booking.cancel(db, holder, by=None, now=NOW)
    until = first.offer_until
    assert until is not None
    db.commit()
    assert jobs.expire_offers(db, until) == "0 of 0 ended"
    assert jobs.expire_offers(db, until + TICK) == "1 of 1 ended"
    with sessions() as fresh:
        found = [fresh.get_one(Registration, one.id).state for one in (first, second)]
    assert found == [S.EXPIRED, S.OFFERED]


def test_who_is_not_eligible_any_more_is_passed_in_the_same_run(db: Session) -> None:
    """R21: with the reason kept; red when the run ends at the first who may not."""
    event = make_event(db, places=1, for_tiers=["general"])
    holder, first, second = queue(db, event, 1, 1, 1)
    db.get_one(MemberFacts, first.owner_id).tier = "gold"
    booking.cancel(db, holder, by=None, now=NOW)
    assert states(first, second) == [S.WAITING, S.OFFERED]
    assert first.skip_reason == "This event is for members of other tiers."
    assert_counters_are_true(db, event.id)


def test_cancelling_an_offered_place_ends_the_offer(db: Session) -> None:
    """R22: the place goes on once; red when only confirmed places are given back."""
    event = make_event(db, places=1)
    holder, first, second = queue(db, event, 1, 1, 1)
    booking.cancel(db, holder, by=None, now=NOW)
    booking.cancel(db, first, by=None, now=NOW)
    assert (states(first, second), first.offer_until) == ([S.CANCELLED, S.OFFERED], None)
    with pytest.raises(OfferEnded):
        waitlist.accept(db, first, keys=KEYS, by=None, now=NOW)
    assert_counters_are_true(db, event.id)


SHANGHAI = [  # made at (UTC), lasts until (UTC); the shop is 8 hours ahead
    ((4, 0), (2, 4, 0)),  # Monday 12:00: 8 h, a night, 12 h, a night, 4 h: Wednesday 12:00
    ((14, 0), (3, 12, 0)),  # 22:00: from Tuesday 08:00, two whole days: Wednesday 20:00
    ((22, 0), (3, 12, 0)),  # Tuesday 06:00: the same
]


@pytest.mark.parametrize(("made", "until"), SHANGHAI)
def test_the_clock_of_an_offer_stands_still_at_night(
    db: Session, made: tuple[int, int], until: tuple[int, int, int]
) -> None:
    """R23: red when the hours are simply added."""
    event = make_event(db)
    now = datetime(2026, 3, 2, *made, tzinfo=UTC)
    day, hour, minute = until
    expected = datetime(2026, 3, 2 + day if made[0] == 4 else 1 + day, hour, minute, tzinfo=UTC)
    assert deadlines.offer_ends(db, event, now=now) == expected


def test_an_offer_ends_with_the_registration(db: Session) -> None:
    """R23: red without the `min`; after the close nothing is offered."""
    event = make_event(db, places=1, register_until=NOW + timedelta(hours=1))
    holder, first = queue(db, event, 1, 1)
    late = NOW + timedelta(hours=1, seconds=1)
    assert deadlines.offer_ends(db, event, now=NOW) == event.register_until
    booking.cancel(db, holder, by=None, now=late)
    assert first.state == S.WAITING


def test_a_party_of_three_stays_at_the_head(db: Session) -> None:
    """R24: two free places wait for them, and the desk reads why; red without `blocked`."""
    event = make_event(db, places=3)
    one, two, _three, party, single = queue(db, event, 1, 1, 1, 3, 1)
    booking.cancel(db, one, by=None, now=NOW)
    booking.cancel(db, two, by=None, now=NOW)
    assert states(party, single) == [S.WAITING, S.WAITING]
    db.expire_all()
    message, values = why_nobody_was_offered(db, event, now=NOW)
    assert "is first in line" in message
    assert (values["wanted"], values["free"]) == (3, 2)


def test_a_full_slot_is_named_beside_free_ones(db: Session) -> None:
    """R24: who waits for one slot reads no "all places are taken"; red without `_short_slot`."""
    event = make_event(db, places=None)
    full, _free = make_session(db, event, places=1), make_session(db, event, places=5, hours=2)
    for owner in (make_member(db), make_member(db, "陈思")):
        booking.register(db, event, owner, session=full, keys=KEYS, by=None, now=NOW)
    message, values = why_nobody_was_offered(db, event, now=NOW)
    assert "where all places are taken" in message
    assert values == {"name": "陈思", "slot": "2026-03-16 12:00–13:00"}


def test_staff_let_others_pass(db: Session) -> None:
    """R24: the party keeps its place in line and is served when it fits."""
    event = make_event(db, places=3)
    one, two, three, party, single = queue(db, event, 1, 1, 1, 3, 1)
    staff = make_staff(db)
    booking.cancel(db, one, by=None, now=NOW)
    waitlist.skip(db, party, reason="电话约定", by=staff.id, now=NOW)
    assert states(party, single) == [S.WAITING, S.OFFERED]
    for gone in (two, three, single):
        booking.cancel(db, gone, by=None, now=NOW)
    assert party.state == S.OFFERED
    assert_counters_are_true(db, event.id)


def test_staff_move_and_offer_by_hand(db: Session) -> None:
    event = make_event(db, places=2)
    holder, _other, first, second, third = queue(db, event, 1, 1, 2, 1, 1)
    booking.cancel(db, holder, by=None, now=NOW)
    waitlist.move(db, third, 1, reason="电话约定", by=None, now=NOW)
    assert states(first, second, third) == [S.WAITING, S.WAITING, S.OFFERED]
    seats.set_capacity(db, event, QuotaKind.PEOPLE, 3, by=None, now=NOW)
    waitlist.offer_by_hand(db, second, by=None, now=NOW)
    assert states(first, second) == [S.WAITING, S.OFFERED]
    assert_counters_are_true(db, event.id)


def test_a_later_place_says_why_and_passes_the_place_on(db: Session, sessions: Sessions) -> None:
    """R24: the reason stands beside the name and in the trail until they are offered a place; red
    when the line is not served after the move, and when the reason is kept nowhere."""
    event = make_event(db, places=2)
    holder, _other, party, single = queue(db, event, 1, 1, 2, 1)
    booking.cancel(db, holder, by=None, now=NOW)
    assert states(party, single) == [S.WAITING, S.WAITING]
    staff = make_staff(db)
    for place, reason in ((2, " "), (0, "缺席 3 次")):
        with pytest.raises(PlanRefused):
            waitlist.move(db, party, place, reason=reason, by=staff.id, now=NOW)
    waitlist.move(db, party, 9, reason=" 缺席 3 次 ", by=staff.id, now=NOW)
    assert states(party, single) == [S.WAITING, S.OFFERED]
    db.commit()
    with sessions() as fresh:
        assert fresh.get_one(Registration, party.id).move_reason == "缺席 3 次"
        trail = select(AuditEntry).where(AuditEntry.act == "waitlist.move")
        (entry,) = fresh.scalars(trail).all()
        assert (entry.account_id, entry.details) == (staff.id, {"place": 2, "reason": "缺席 3 次"})
    seats.set_capacity(db, event, QuotaKind.PEOPLE, 4, by=None, now=NOW)
    assert (party.state, party.move_reason) == (S.OFFERED, None)
    assert_counters_are_true(db, event.id)


def test_everybody_sees_their_place_in_line(db: Session) -> None:
    event = make_event(db, places=1)
    holder, first, second = queue(db, event, 1, 1, 1)
    places = [booking.queue_place(db, one) for one in (holder, first, second)]
    assert places == [None, 1, 2]
