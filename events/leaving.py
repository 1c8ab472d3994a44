"""What events keep of somebody who leaves: that somebody was there, and nothing of who (R63)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Table, case, select
from sqlalchemy.orm import Session

from events import booking
from events.models import ACTIVE, Event, Question, QuestionKind, Registration
from foundation.belongings import Treated, goes, stays


def _counted(table: Table) -> object:
    """Choices, numbers and yes or no are counted and tell nothing; free words go."""
    free = select(Question.id).where(Question.kind == QuestionKind.TEXT)
    return case((table.c.question_id.in_(free), ""), else_=table.c.text)


_POINT = "measured unit advice group_zh group_en name_zh name_en spots advice_zh advice_en"

LEAVING: Mapping[str, Treated] = {
    "answer": stays("registration_id", beside="question_id", text=_counted),
    "bay_job": stays("registration_id"),
    "busy_cell": stays("job_id"),
    "calendar_subscription": goes("account_id"),
    "car_check": stays("registration_id", keeps="checked_by"),
    "check_in": stays("registration_id", keeps="request_id device", settled_note=None),
    "check_photo": goes("result_id"),
    "check_result": stays("check_id", keeps=_POINT, note="", handled_note=""),
    "check_sheet": stays(
        "owner_id", "registration_id", keeps="technician tyre_brand tyre_size tyre_dot"
    ),
    "companion": stays("registration_id", keeps="age_band", name=""),
    "contest_run": stays("registration_id", out_because=""),
    "convoy_car": stays("registration_id"),
    "event_invitee": stays("owner_id"),
    "fee_payment": stays("registration_id", keeps="request_id"),
    "gift_pair": stays("giver_id", "receiver_id"),
    "no_show": stays("registration_id", appeal="", answer=""),
    "registration": stays(
        "owner_id",
        keeps="waits_for source tier ended_by",
        skip_reason=None,
        move_reason=None,
    ),
    "roll_tick": stays("registration_id", keeps="request_id"),
    "sale": stays("registration_id", keeps="request_id"),
    "survey_words": goes("registration_id"),
    "ticket": goes("registration_id"),
    "trip_drive": goes("owner_id", "registration_id"),
    "trip_picture": goes("account_id"),
    "trip_picture_size": goes("picture_id"),
    "trip_promise": goes("registration_id"),
    "vote": stays("registration_id", keeps="voter"),
}


def give_places_back(
    db: Session, owner_ids: Collection[int], *, by: int | None, now: datetime
) -> int:
    """Cancel what is still to come, so that others get the places; how many."""
    coming = (
        select(Registration)
        .join(Event)
        .where(
            Registration.owner_id.in_(owner_ids),
            Registration.state.in_(ACTIVE),
            Event.ends_at > now,
        )
        .order_by(Registration.event_id)
    )
    found = db.scalars(coming).all()
    for one in found:
        booking.cancel(db, one, as_staff=True, by=by, now=now)
    return len(found)
