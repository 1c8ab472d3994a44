"""What of the programme speaks to a member, and why."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, check_in, picking
from events.models import Event, EventInvitee
from members.models import Energy, Interest, Owner, OwnerInterest
from tests.making import KEYS, NOW, make_event, make_event_kind, make_member, make_vehicle

ZONE = ZoneInfo("Asia/Shanghai")
A_YEAR = timedelta(days=365)


def tastes(db: Session, owner: Owner) -> picking.Tastes:
    return picking.tastes_of(db, owner.id, zone=ZONE, now=NOW)


def like(db: Session, owner: Owner, code: str) -> None:
    interest = db.scalars(select(Interest).where(Interest.code == code)).one()
    db.add(OwnerInterest(owner_id=owner.id, interest_id=interest.id, since=NOW))
    db.flush()


def came(db: Session, owner: Owner, **fields: object) -> Event:
    event = make_event(db, starts_at=NOW - A_YEAR, **fields)  # type: ignore[arg-type]
    before = event.starts_at - timedelta(days=3)
    mine = booking.register(db, event, owner, keys=KEYS, by=None, now=before)
    check_in.check_in(
        db, event, mine.ticket, request_id=str(event.id), by=None, now=event.starts_at
    )
    return event


def said(event: Event, known: picking.Tastes) -> str | None:
    found = picking.why(event, known)
    return found and found.message % found.values


def test_each_reason_is_said_in_its_words(db: Session) -> None:
    """Interest, model, plug, the same again, one of the kind; red when a reason is left out."""
    owner = make_member(db)
    like(db, owner, "tea-tasting")
    make_vehicle(db, owner, model="M5", energy=Energy.PLUG_IN)
    last = came(db, owner, title_zh="年会")
    mine, other = tastes(db, owner), make_event_kind(db, "tour").id
    tea = db.scalars(select(Interest).where(Interest.code == "tea-tasting")).one()
    events = {
        f"Because you like {tea.name_zh}": make_event(
            db, kind_id=other, interests=["tea-tasting"], title_zh="品茶"
        ),
        "For your M5": make_event(db, for_models=["M5"], interests=["tea-tasting"]),
        "For your car with a plug": make_event(
            db, kind_id=other, for_energies=["plug-in", "electric"]
        ),
        "You came last year": make_event(db, kind_id=other, title_zh="年会"),
        "You came to one like it last year": make_event(db, kind_id=last.kind_id),
    }
    assert [said(event, mine) for event in events.values()] == list(events)
    assert said(make_event(db, kind_id=other), mine) is None


def test_what_speaks_to_them_comes_first_and_what_is_for_others_last(db: Session) -> None:
    """Red when ordered by date alone, or when an event for others can say a reason."""
    owner = make_member(db)
    like(db, owner, "tea-tasting")
    soon = make_event(db, starts_at=NOW + timedelta(days=2))
    closed = make_event(
        db, starts_at=NOW + timedelta(days=1), for_tiers=["gold"], interests=["tea-tasting"]
    )
    liked = make_event(db, starts_at=NOW + timedelta(days=9), interests=["tea-tasting"])
    mine = tastes(db, owner)
    assert picking.picked([closed, soon, liked], mine) == [liked, soon, closed]
    assert said(closed, mine) is None


def test_an_invitation_opens_what_is_by_invitation(db: Session) -> None:
    owner = make_member(db)
    event = make_event(db, invited_only=True)
    assert not picking.open_to(event, tastes(db, owner))
    db.add(EventInvitee(event_id=event.id, owner_id=owner.id, invited_at=NOW))
    db.flush()
    assert picking.open_to(event, tastes(db, owner))


def test_what_is_for_one_interest_alone_is_open_to_those_who_have_it(db: Session) -> None:
    owner = make_member(db)
    event = make_event(db, interests=["tea-tasting"], interests_only=True)
    assert not picking.open_to(event, tastes(db, owner))
    like(db, owner, "tea-tasting")
    assert picking.open_to(event, tastes(db, owner))


def test_what_was_struck_out_at_the_door_was_not_been_to(db: Session) -> None:
    """Red when an undone arrival counts."""
    owner = make_member(db)
    event = came(db, owner)
    arrival = db.scalars(select(check_in.CheckIn)).one()
    check_in.undo(db, arrival, by=None, now=event.ends_at)
    assert tastes(db, owner).been == ()
