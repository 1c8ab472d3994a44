"""Pictures of the recap: redrawn without a trace of where they were taken, shown with consent only,
gone from sight as soon as somebody asks."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from events.models import PictureState, Trip, TripPicture, TripPictureSize
from events.trips.refusals import PictureRefused
from foundation import audit
from foundation.pictures import Redrawn, redrawn
from foundation.words import N_

SIDES = {"large": 1600, "small": 640}
MOST, AT_ONCE = 300, 12


def redraw(data: bytes) -> Redrawn:
    """The file as the club keeps it; asked before anything is written, as it takes a moment."""
    return redrawn(data, SIDES)


def add(
    db: Session,
    trip: Trip,
    made: Sequence[Redrawn],
    *,
    consent: str,
    shown: bool,
    by: int | None,
    now: datetime,
) -> list[TripPicture]:
    """Keep pictures; `consent` is the wording in which their bringer confirmed that the people in
    them agree. Those of members wait until staff show them."""
    if not consent.strip():
        raise PictureRefused(
            N_("Please confirm that everybody who can be recognised agrees to be shown.")
        )
    if not made:
        raise PictureRefused(N_("Please choose at least one picture."))
    there = select(func.count()).where(TripPicture.trip_id == trip.id)
    if (db.scalar(there) or 0) + len(made) > MOST:
        raise PictureRefused(N_("A recap holds at most %(most)s pictures."), most=MOST)
    rows = [
        TripPicture(
            trip_id=trip.id,
            token=secrets.token_urlsafe(16),
            state=PictureState.SHOWN if shown else PictureState.WAITING,
            width=one.width,
            height=one.height,
            uploaded_at=now,
            account_id=by,
            consent=consent.strip(),
            sizes=[TripPictureSize(name=name, content=data) for name, data in one.sizes.items()],
        )
        for one in made
    ]
    db.add_all(rows)
    _note(db, trip, "picture.add", by, now, pictures=len(rows))
    return rows


def hide(db: Session, picture: TripPicture, *, by: int | None, now: datetime) -> None:
    """Somebody does not want it shown: nobody sees it from now on, and staff decide."""
    if picture.state is PictureState.HIDDEN:
        return
    picture.state = PictureState.HIDDEN
    picture.hidden_at, picture.hidden_by_id = now, by
    _note(db, picture.trip, "picture.hide", by, now, picture=picture.id)


def show(db: Session, picture: TripPicture, *, by: int | None, now: datetime) -> None:
    """Staff looked at it: it is shown (again)."""
    picture.state = PictureState.SHOWN
    picture.hidden_at = picture.hidden_by_id = None
    _note(db, picture.trip, "picture.show", by, now, picture=picture.id)


def remove(db: Session, picture: TripPicture, *, by: int | None, now: datetime) -> None:
    """Gone for good, with its pixels."""
    trip, number = picture.trip, picture.id
    db.delete(picture)
    db.flush()
    _note(db, trip, "picture.remove", by, now, picture=number)


def of_trip(db: Session, trip: Trip, *states: PictureState) -> Sequence[TripPicture]:
    """The pictures of a trip in these states, in the order in which they came."""
    return db.scalars(
        select(TripPicture)
        .where(TripPicture.trip_id == trip.id, TripPicture.state.in_(states))
        .options(joinedload(TripPicture.account), joinedload(TripPicture.hidden_by))
        .order_by(TripPicture.id)
    ).all()


def by_token(db: Session, trip: Trip, token: str) -> TripPicture | None:
    """The picture of this trip with this token."""
    return db.scalar(
        select(TripPicture).where(TripPicture.trip_id == trip.id, TripPicture.token == token)
    )


def pixels(db: Session, picture: TripPicture, size: str) -> bytes | None:
    """The JPEG in one size; None where there is no such size."""
    return db.scalar(
        select(TripPictureSize.content).where(
            TripPictureSize.picture_id == picture.id, TripPictureSize.name == size
        )
    )


def waiting_for_staff(db: Session) -> dict[int, int]:
    """How many pictures wait for a decision, by event."""
    rows = db.execute(
        select(Trip.event_id, func.count())
        .join(TripPicture, TripPicture.trip_id == Trip.id)
        .where(TripPicture.state.in_([PictureState.WAITING, PictureState.HIDDEN]))
        .group_by(Trip.event_id)
    )
    return {row[0]: row[1] for row in rows}


def _note(
    db: Session, trip: Trip, act: str, by: int | None, now: datetime, **details: object
) -> None:
    audit.record(db, act, "event", trip.event_id, by=by, now=now, **details)
    db.flush()
