"""A member with something in every room, a neighbour with the same, and what is counted."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import adjusting, ledger, pending
from club.models import EntryKind, LedgerEntry
from events import booking, check_in, figures, no_show_appeals, no_shows, survey
from events.answers import Guest
from events.models import (
    CheckIn,
    Event,
    Question,
    QuestionKind,
    Registration,
    RegistrationState,
)
from events.survey import Score
from events.trips import pictures
from foundation import audit
from foundation.database import Base
from foundation.words import InBoth
from members.models import OrderLine, Owner
from outreach import consents
from outreach.models import Topic
from portal import leaving
from portal.merging import merge
from portal.models import ImportBatch, ImportRow, ImportSource, RowOutcome
from tests.club import scene, vouching
from tests.events.travelling import make_trip
from tests.events.workshop import photo_with_place, reported
from tests.making import (
    KEYS,
    NOW,
    make_event,
    make_member,
    make_owner,
    make_staff,
    make_vehicle,
)

WEEK = timedelta(days=7)
PHONE, MAIL, PLATE, VIN = "+8613900007777", "mingyue@example.cn", "浙A9Z8X7", "LSVAA4187E2123457"
SECRETS = ("明月", "13900007777", "mingyue", PLATE, VIN)


class Scene:
    """Her things and his, stored."""

    def __init__(self, db: Session) -> None:
        self.db, self.staff = db, make_staff(db).id
        known = {"phone": PHONE, "email": MAIL, "born_on": date(1988, 3, 4), "note": "明月爱喝茶"}
        self.her = make_member(db, "欧阳明月", extra={"spouse": "陪明月来"}, **known)
        self.neighbour = make_member(db, "赵国强")
        self.car = make_vehicle(db, self.her, plate=PLATE, vin=VIN)
        self.past = make_event(db, starts_at=NOW + timedelta(days=3))
        self.past.questions.append(
            Question(position=1, kind=QuestionKind.TEXT, text_zh="忌口", choices_zh=[])
        )
        self.coming = make_event(db, places=1, starts_at=NOW + timedelta(days=60))
        db.flush()
        for owner in (self.her, self.neighbour):
            self._club(owner)
            self._events(owner)
        self._only_hers()
        self.her_id, self.neighbour_id = self.her.id, self.neighbour.id
        self.past_id = self.past.id
        self.his = [self.signed(self.neighbour, one).id for one in (self.past, self.coming)]
        db.commit()

    def signed(self, owner: Owner, event: Event) -> Registration:
        mine = select(Registration).where(
            Registration.owner_id == owner.id, Registration.event_id == event.id
        )
        return self.db.scalars(mine).one()

    def word(self, owner: Owner) -> str:
        """What all of an owner's texts hold."""
        return "明月" if owner is self.her else "国强"

    def _club(self, owner: Owner) -> None:
        scene.buy(self.db, owner, date(2026, 1, 5), 200_000)
        said = {
            "reason": f"{self.word(owner)}等太久",
            "by": self.staff,
            "now": NOW,
            "on": NOW.date(),
        }
        adjusting.adjust(self.db, owner.id, 50, request_id=f"a{owner.id}", **said)
        vouching.voucher(self.db, owner)
        for topic in Topic:
            said = {"wording": "1", "source": "join", "by": None, "now": NOW}
            consents.answer(self.db, owner.id, topic, True, **said)  # type: ignore[arg-type]

    def _events(self, owner: Owner) -> None:
        answers = {self.past.questions[0].id: f"{self.word(owner)}不吃辣"}
        wish: dict[str, Any] = {"companions": [Guest(f"小{self.word(owner)}")], "party_size": 2}
        booking.register(
            self.db, self.past, owner, keys=KEYS, by=None, now=NOW, answers=answers, **wish
        )
        booking.register(self.db, self.coming, owner, keys=KEYS, by=None, now=NOW)
        mine, at = self.signed(owner, self.past), self.past.starts_at
        check_in.check_in(
            self.db, self.past, mine.ticket, request_id=f"d{owner.id}", by=None, now=at
        )
        given, later = dict.fromkeys(survey.Question, Score.SATISFIED), self.past.ends_at
        survey.answer(self.db, mine, given, words=f"{self.word(owner)}觉得好", keys=KEYS, now=later)
        reported(self.db, owner)

    def _only_hers(self) -> None:
        db, login = self.db, self.her.account
        assert login is not None
        missed = make_event(db, starts_at=NOW + timedelta(days=2))
        mine = booking.register(db, missed, self.her, keys=KEYS, by=None, now=NOW)
        one = no_shows.note(db, mine, now=missed.ends_at + WEEK)
        no_show_appeals.appeal(db, one, "明月生病", by=login.id, now=missed.ends_at + WEEK)
        thanks = InBoth("谢谢明月", "Thanks to mingyue")
        gift = {"cause_kind": "gift", "cause_id": "1", "reason": thanks, "by": None, "now": NOW}
        days = {"on": NOW.date() - WEEK, "usable_on": NOW.date()}
        ledger.give_bonus(db, self.her.id, 5, **gift, **days)  # type: ignore[arg-type]
        assert pending.release_due(db, today=NOW.date(), now=NOW) == 1
        shown = {"consent": "都同意", "shown": True, "by": login.id, "now": NOW}
        pictures.add(db, make_trip(db, route=False), [pictures.redraw(photo_with_place())], **shown)  # type: ignore[arg-type]
        old = make_owner(db, "明月旧档", email="mingyue@old.example")
        merged = {"reason": "明月本人说的", "hash_key": KEYS.hash, "by": self.staff, "now": NOW}
        merge(db, self.her, old, **merged)  # type: ignore[arg-type]
        audit.record(db, "owner.change", "owner", self.her.id, by=1, now=NOW, reason="明月要求")
        source = ImportSource(name="dms")
        batch = ImportBatch(source=source, filename="a.csv", uploaded_at=NOW)
        row = {"values": {"owner": "欧阳明月", "plate": PLATE}}
        db.add(batch)
        db.flush()
        db.add(
            ImportRow(
                batch_id=batch.id,
                row_no=1,
                outcome=RowOutcome.REFUSED,
                message="%(owner)s",
                details=row,
            )
        )

    def leave(self, now: datetime = NOW + 2 * WEEK) -> None:
        """Asked for a week before."""
        wish = leaving.ask(self.db, self.her, by=None, now=now - WEEK)
        leaving.erase(self.db, wish, hash_key=KEYS.hash, now=now)
        self.db.commit()


def told(db: Session, *more: str) -> Iterator[str]:
    """Every place of the whole database where something of her, or `more`, can still be read."""
    for table in Base.metadata.sorted_tables:
        for row in db.execute(select(table)).mappings():
            for column, value in row.items():
                words = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                if any(secret in words for secret in (*SECRETS, *more)):
                    yield f"{table.name}.{column}: {words[:80]}"


def counted(db: Session, made: Scene) -> dict[str, Any]:
    """What the club counts and pays by."""
    return {
        "points": [ledger.balance(db, one) for one in (made.her_id, made.neighbour_id)],
        "released": db.scalars(
            select(LedgerEntry.details["points"].as_integer()).where(
                LedgerEntry.kind == EntryKind.RELEASE
            )
        ).all(),
        "entries": db.scalar(select(func.count(LedgerEntry.id))),
        "moved": db.scalar(select(func.sum(LedgerEntry.points))),
        "spent": db.scalar(select(func.sum(OrderLine.fen))),
        "came": db.scalar(select(func.count(CheckIn.id))),
        "missed": figures.no_shows(db, db.get_one(Event, made.past_id), now=NOW + 2 * WEEK),
        "people": db.scalar(
            select(func.sum(Registration.party_size)).where(
                Registration.event_id == made.past_id,
                Registration.state == RegistrationState.CONFIRMED,
            )
        ),
        "survey": survey.results(db, made.past_id).answers,
    }
