"""Somebody leaves: nothing says who they were, and everything that is counted stays (R63)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import checking
from club.models import LedgerEntry, Voucher, VoucherState
from events import survey
from events.models import (
    Registration,
    RegistrationState,
    TripPicture,
)
from foundation.outbox import Letter, LetterState
from members import tyre_storage
from members.models import Account, Membership, Owner, Ownership, ServiceOrder, Vehicle
from outreach import suppression
from outreach.models import Consent, Topic
from portal import jobs, leaving
from portal.models import LeavingWish
from tests.browsing import fresh, send
from tests.conftest import Sessions
from tests.entering import at_desk, visitor
from tests.making import (
    KEYS,
    NOW,
    make_member,
    make_staff,
    make_vehicle,
)
from tests.portal.leaving_scene import MAIL, PHONE, WEEK, Scene, counted, told
from tests.portal.order_files import bring_in, counts, csv_of, order
from tests.portal.test_import_trials import checked


@pytest.fixture
def left(db: Session) -> Scene:
    made = Scene(db)
    made.leave()
    return made


def test_nothing_in_the_whole_database_says_who_it_was(left: Scene, sessions: Sessions) -> None:
    """R63: tables, trail, letters, files, what was merged into her; red without any one of the
    rooms, of the traces, or of the merged archives. Before, all of it was there."""
    with sessions() as read:
        assert list(told(read)) == []
        owner, login = read.get_one(Owner, left.her_id), read.scalars(_login(left)).one()
        assert (owner.name, owner.erased_at, owner.born_on) == ("—", NOW + 2 * WEEK, None)
        assert (login.active, login.phone, login.password_hash) == (False, None, None)
        assert read.get_one(Membership, owner.id).left_on == date(2026, 3, 16)
        assert read.scalars(select(TripPicture)).all() == []


def _login(made: Scene) -> Any:
    return select(Account).where(Account.owner_id == made.her_id)


def test_the_scene_holds_something_that_could_leak(db: Session) -> None:
    """Else the test above would prove nothing."""
    Scene(db)
    places = {line.partition(":")[0] for line in told(db)}
    assert places > {
        *("owner.name", "owner.note", "owner.extra", "account.phone", "vehicle.vin"),
        *("ledger_entry.reason", "ledger_entry.details", "companion.name", "answer.text"),
        *("no_show.appeal", "survey_words.words", "letter.address", "letter.details"),
        *("audit_entry.details", "import_row.details", "owner_merge.record", "owner_merge.reason"),
    }


def test_what_is_counted_stays(db: Session, sessions: Sessions) -> None:
    """R63, R1: sums of the ledger, orders, who came, answers; red when entries or registrations
    are deleted with their owner. Only what is still to come is given back."""
    made = Scene(db)
    before = counted(db, made)
    made.leave()
    with sessions() as read:
        assert counted(read, made) == before
        assert list(checking.differences(read)) == []


def test_a_neighbour_keeps_everything_and_gets_the_place(left: Scene, sessions: Sessions) -> None:
    """R20, R63: the place that comes free is offered; red without giving places back."""
    with sessions() as read:
        place = read.get_one(Registration, left.his[1])
        assert place.state is RegistrationState.OFFERED
        past = read.get_one(Registration, left.his[0])
        assert [one.name for one in past.companions] == ["小国强"]
        assert [one.text for one in past.answers] == ["国强不吃辣"]
        assert [words for _who, words in survey.words_of(read, left.past_id)] == ["国强觉得好"]
        his = select(LedgerEntry.reason).where(LedgerEntry.owner_id == left.neighbour_id)
        assert "国强等太久" in read.scalars(his).all()
        kept = read.get_one(Owner, left.neighbour_id)
        assert (kept.name, kept.phone is None, kept.erased_at) == ("赵国强", False, None)


def test_no_letter_goes_there_any_more(left: Scene, sessions: Sessions) -> None:
    """R38: every yes was taken back, the keyed hash blocks, what waited is skipped; red without
    falling silent."""
    with sessions() as read:
        for address in (PHONE, MAIL, "mingyue@old.example"):
            assert suppression.is_suppressed(read, KEYS.hash, address, marketing=True)
        theirs = select(Letter.state).where(Letter.recipient_id == left.her_id)
        assert not {LetterState.QUEUED, LetterState.HELD} & set(read.scalars(theirs))
        rows = read.scalars(
            select(Consent).where(Consent.owner_id == left.her_id).order_by(Consent.id)
        ).all()
        assert {one.topic for one in rows if one.given} == set(Topic)
        assert {one.topic: one.given for one in rows} == dict.fromkeys(Topic, False)
        held = [one.state for one in vouching_of(read, left.her_id)]
        assert held == [VoucherState.REVOKED]


def vouching_of(db: Session, owner_id: int) -> list[Any]:
    return list(db.scalars(select(Voucher).where(Voucher.owner_id == owner_id)))


def test_a_car_that_somebody_else_has_now_keeps_its_plate(db: Session, sessions: Sessions) -> None:
    """Red when cars are blanked by their former holder alone."""
    seller, buyer = make_member(db), make_member(db)
    car = make_vehicle(db, seller, plate="浙B12345")
    db.add(Ownership(owner=buyer, vehicle=car, from_on=date(2026, 1, 1)))
    db.flush()
    wish, car_id = leaving.ask(db, seller, by=None, now=NOW - 2 * WEEK), car.id
    leaving.erase(db, wish, hash_key=KEYS.hash, now=NOW)
    db.commit()
    with sessions() as read:
        assert read.get_one(Vehicle, car_id).plate == "浙B12345"


def test_an_old_file_brings_nobody_back(sessions: Sessions) -> None:
    """R63: the same orders again: refused, and no owner of that name; red without the look."""
    rows = [
        order("W-1", customer_id="K-77") | {"customer name": "欧阳明月"},
        order("W-2", customer_id="K-88") | {"customer name": "赵国强"},
    ]
    with sessions() as db:
        bring_in(db, csv_of(rows))
        her = db.scalars(select(Owner).where(Owner.name == "欧阳明月")).one()
        wish = leaving.ask(db, her, by=None, now=NOW - 2 * WEEK)
        leaving.erase(db, wish, hash_key=KEYS.hash, now=NOW)
        db.commit()
        assert counts(bring_in(db, csv_of(rows))) == (0, 0, 1, 1)
        assert list(told(db, "K-77")) == []


def _erased(db: Session) -> None:
    """Somebody whom the workshop knows as K-77."""
    bring_in(db, csv_of([order("W-1", customer_id="K-77") | {"customer name": "欧阳明月"}]))
    her = db.scalars(select(Owner).where(Owner.name == "欧阳明月")).one()
    wish = leaving.ask(db, her, by=None, now=NOW - 2 * WEEK)
    leaving.erase(db, wish, hash_key=KEYS.hash, now=NOW)
    db.commit()


def test_a_new_order_brings_nobody_back_either(sessions: Sessions) -> None:
    """R63: an order that is new, of a number whose owner was erased: refused, counted with its
    money, and nobody made of it; another system's K-77 is somebody else. Red without the hash."""
    her = {"customer_id": "K-77", "customer name": "欧阳明月"}
    new = csv_of([order("W-3", amount="120.00", **her)])
    with sessions() as db:
        _erased(db)
        tried, applied = checked(db, new), bring_in(db, new)
        assert counts(tried) == counts(applied) == (0, 0, 0, 1)
        assert tried.sums == applied.sums
        assert (applied.sums["erased"], applied.sums["erased_fen"]) == (1, 120_00)
        said = {line.partition(".")[0] for line in told(db, "K-77", "明月")}
        assert said == {"import_batch"}  # the file that was tried and waits for a month
        assert counts(bring_in(db, new, source="tyres")) == (1, 0, 0, 0)


def test_who_comes_back_is_known_by_their_car(sessions: Sessions) -> None:
    """R63: a new member with a car: the order of that car is theirs, and the next one by its
    number. Red where the hash is asked before the archive."""
    with sessions() as db:
        _erased(db)
        again = make_member(db, "欧阳明月")
        make_vehicle(db, again, plate="浙A12345")
        db.commit()
        with_car = order("W-4", customer_id="K-77") | {"plate": "浙A12345"}
        by_number = order("W-5", on="2026-02-02", customer_id="K-77") | {"plate": ""}
        assert counts(bring_in(db, csv_of([with_car, by_number]))) == (2, 0, 0, 0)
        orders = select(ServiceOrder.external_id).where(ServiceOrder.owner_id == again.id)
        assert set(db.scalars(orders)) == {"W-4", "W-5"}


def test_there_are_days_to_think_and_a_way_back(db: Session) -> None:
    """Red when the job does not look at the day, or at what was taken back."""
    stays, goes = make_member(db), make_member(db)
    for owner in (stays, goes):
        for _time in range(2):
            leaving.ask(db, owner, by=None, now=NOW)
    wishes = db.scalars(select(LeavingWish)).all()
    assert [one.due_at for one in wishes] == [NOW + WEEK] * 2
    leaving.withdraw(db, stays, by=None, now=NOW)
    for one in wishes:
        leaving.erase(db, one, hash_key=KEYS.hash, now=NOW + WEEK - timedelta(seconds=1))
    assert [one.erased_at for one in wishes] == [None, None]
    assert leaving.due(db, now=NOW + WEEK) == [wishes[1].id]
    told_so = select(Letter.state).where(Letter.cause_kind == "leaving").order_by(Letter.id)
    assert db.scalars(told_so).all() == [LetterState.SKIPPED, LetterState.QUEUED]


def test_who_works_here_or_has_tyres_with_us_settles_that_first(db: Session) -> None:
    works, stored = make_member(db, login=False), make_member(db)
    make_staff(db, owner_id=works.id)
    tyres = tyre_storage.Tyres("米其林", "225/45 R17", "1425", 4, "A-1", date(2026, 12, 1), "")
    car = make_vehicle(db, stored)
    tyre_storage.store(db, car, tyres, today=NOW.date(), by=None, now=NOW)
    for owner in (works, stored):
        with pytest.raises(leaving.CannotLeave):
            leaving.ask(db, owner, by=None, now=NOW)


def leaver(session: Session) -> Account:
    """A member who is signed in."""
    account = make_member(session, "欧阳明月").account
    assert account is not None
    return account


def test_an_owner_asks_thinks_again_asks_and_is_gone(app: Flask) -> None:
    """On the pages, by the job; then the session is over and the desk finds nobody."""
    client = visitor(app, leaver)
    here = "/me/account/leave"
    assert send(client, here).status_code == 422
    assert send(client, here, sure="1").status_code == 303
    assert "我要留下" in client.get(here).get_data(as_text=True)
    assert send(client, f"{here}/stay", here).status_code == 303
    assert send(client, here, sure="1").status_code == 303
    with fresh(app) as session:
        settings = app.extensions["club_settings"]
        owner = session.scalars(select(Owner).where(Owner.name == "欧阳明月")).one()
        due = session.scalars(select(LeavingWish.due_at).order_by(LeavingWish.id.desc())).first()
        assert isinstance(due, datetime)
        assert jobs.erase_leavers(session, settings, due) == "1 of 1 erased"
        assert jobs.erase_leavers(session, settings, due) == "0 of 0 erased"
    assert client.get(here).status_code == 303
    staff = at_desk(app)
    assert staff.get(f"/desk/members/{owner.id}").status_code == 404
    assert "欧阳明月" not in staff.get("/desk/members?q=欧阳").get_data(as_text=True)


def test_the_counter_notes_the_wish_and_takes_it_back(app: Flask) -> None:
    """R60, R67: only who may merge archives; nobody by a form without the tick."""
    with fresh(app) as session:
        owner_id = make_member(session, "欧阳明月").id
        session.commit()
    client, here = at_desk(app), f"/desk/members/{owner_id}/leave"
    assert send(client, here).status_code == 422
    assert send(client, here, sure="1").status_code == 303
    with fresh(app) as session:
        assert leaving.wish_of(session, owner_id) is not None
    assert send(client, f"{here}/stay", here).status_code == 303
    with fresh(app) as session:
        assert leaving.wish_of(session, owner_id) is None
