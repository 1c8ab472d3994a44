"""The nightly work of the club."""

from datetime import date

from club import jobs
from foundation.settings import Settings
from members.models import MemberFacts
from tests.club import scene
from tests.club.scene import TODAY
from tests.conftest import Sessions


def test_the_night_after_the_last_day_tier_and_points_end(
    sessions: Sessions, settings: Settings
) -> None:
    """R3, R10, R68: by the shop's day, though UTC is still on the day before; once.

    Red when today is the day of UTC.
    """
    with sessions() as db:
        who = scene.owner(db)
        scene.buy(db, who, TODAY, 3_000_00)
        db.commit()
        five_past_midnight = scene.moment(date(2028, 3, 1)).replace(hour=16, minute=5)
        assert jobs.review_due(db, settings, five_past_midnight) == "1 owners reviewed"
        assert jobs.review_due(db, settings, five_past_midnight) == "0 owners reviewed"
    with sessions() as db:
        row = db.get_one(MemberFacts, who.id)
        assert (row.points, row.tier, row.next_change_on) == (0, "general", None)
