"""What an event asks for before it gives a place: papers, terms, somebody for each minor."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, programme
from events.answers import Guest
from events.models import Event, Registration, RegistrationState, TermsWording
from events.papers import Paper
from events.planning import Plan
from events.refusals import GuardianNeeded, PaperMissing, TermsNotAccepted
from members.models import Owner
from tests.making import KEYS, NOW, make_event, make_member, make_vehicle

LAST = date(2026, 3, 16)  # the day on which events of make_event end


def sign_up(db: Session, event: Event, owner: Owner | None = None, **more: Any) -> Registration:
    owner = owner or make_member(db, login=False)
    return booking.register(db, event, owner, keys=KEYS, by=None, now=NOW, **more)


def test_a_paper_runs_to_the_last_day(db: Session) -> None:
    """The day itself is enough, an unknown day is not; red with the day of signing up."""
    event = make_event(db, asks_papers=[Paper.COMPULSORY])
    owner = make_member(db, login=False)
    for until in (None, LAST - timedelta(days=1)):
        car = make_vehicle(db, owner, compulsory_insurance_until=until)
        with pytest.raises(PaperMissing):
            sign_up(db, event, owner, vehicle=car)
    car = make_vehicle(db, owner, compulsory_insurance_until=LAST)
    assert sign_up(db, event, owner, vehicle=car).state == RegistrationState.CONFIRMED


def test_a_licence_that_is_said_is_known_from_then_on(db: Session) -> None:
    event = make_event(db, asks_papers=[Paper.LICENCE])
    owner = make_member(db, login=False)
    car = make_vehicle(db, owner)
    with pytest.raises(PaperMissing):
        sign_up(db, event, owner, vehicle=car)
    sign_up(db, event, owner, vehicle=car, licence_until=LAST)
    assert owner.licence_until == LAST
    assert sign_up(db, event).state == RegistrationState.CONFIRMED  # without a car, without papers


def test_who_waits_with_a_paper_that_ran_out_is_passed(db: Session) -> None:
    """R21: the next is served in the same run; red when papers are asked for only at sign-up."""
    event = make_event(db, places=1, asks_papers=[Paper.INSPECTION])
    owner = make_member(db, login=False)
    car = make_vehicle(db, owner, inspection_until=LAST)
    holder, first, second = (
        sign_up(db, event),
        sign_up(db, event, owner, vehicle=car),
        sign_up(db, event),
    )
    car.inspection_until = LAST - timedelta(days=1)
    booking.cancel(db, holder, by=None, now=NOW)
    states = [RegistrationState.WAITING, RegistrationState.OFFERED]
    assert [first.state, second.state] == states
    assert first.skip_reason


def test_each_wording_of_the_terms_is_kept(db: Session) -> None:
    """A sign-up names the version it accepted; an older one is refused. Red when whatever was
    ticked counts."""
    event = make_event(db)
    for text in ("第一版", "第二版"):
        programme.change(db, event, replace(Plan.of(event), terms_zh=text), by=None, now=NOW)
    for accepted in (None, 1):
        with pytest.raises(TermsNotAccepted):
            sign_up(db, event, accepted=accepted)
    assert sign_up(db, event, accepted=2).terms_version == 2
    kept = db.scalars(select(TermsWording.text_zh).order_by(TermsWording.version)).all()
    assert kept == ["第一版", "第二版"]


def test_a_minor_needs_an_adult_of_the_party(db: Session) -> None:
    """Red when anybody of the party will do, or nobody."""
    event = make_event(db, party_limit=5)
    adult, child = Guest("张姨"), Guest("小宝", "child", 0)
    for guests in ([replace(child, guardian=None)], [child, replace(child, guardian=1)]):
        with pytest.raises(GuardianNeeded):
            sign_up(db, event, party_size=4, companions=guests)
    made = sign_up(db, event, party_size=4, companions=[adult, replace(child, guardian=1), child])
    db.flush()
    assert [one.guardian for one in made.companions] == [None, 1, 0]
