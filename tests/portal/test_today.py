"""What waits at the desk is counted once, where it can be done."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from foundation.outbox import LetterState
from outreach.models import AdvisorTask
from portal.today import today_of
from tests.making import NOW, make_event, make_member, make_staff
from tests.outreach.makers import post_letter

ZONE = ZoneInfo("Asia/Shanghai")


def test_a_letter_in_an_advisors_hands_waits_for_no_decision(db: Session) -> None:
    """red when held letters are counted without looking whose task they are."""
    owner, staff = make_member(db, "甲"), make_staff(db)
    with_advisor, stuck = post_letter(db, owner, key="a"), post_letter(db, owner, key="b")
    with_advisor.state = stuck.state = LetterState.HELD
    db.add(AdvisorTask(letter_id=with_advisor.id, owner_id=owner.id, made_at=NOW))
    db.flush()
    today = today_of(db, staff.id, all_tasks=False, zone=ZONE, now=NOW)
    assert (today.tasks, today.my_tasks, today.held) == (1, 0, 1)


def test_the_tasks_of_colleagues_are_counted_for_managers_only(db: Session) -> None:
    """red when the tile counts what its list does not show."""
    owner, advisor, colleague = make_member(db, "甲"), make_staff(db), make_staff(db)
    for number, whose in enumerate([advisor.id, colleague.id, colleague.id, None]):
        letter = post_letter(db, owner, key=str(number))
        letter.state = LetterState.HELD
        db.flush()
        task = AdvisorTask(letter_id=letter.id, owner_id=owner.id, account_id=whose, made_at=NOW)
        db.add(task)
    db.flush()
    own = today_of(db, advisor.id, all_tasks=False, zone=ZONE, now=NOW)
    everyone = today_of(db, advisor.id, all_tasks=True, zone=ZONE, now=NOW)
    assert (own.tasks, own.my_tasks, everyone.tasks) == (2, 1, 4)


def test_an_event_under_way_stands_first(db: Session) -> None:
    """red when only events that have not begun are listed."""
    staff = make_staff(db)
    later = make_event(db, starts_at=NOW + timedelta(days=1))
    under_way = make_event(db, starts_at=NOW - timedelta(hours=1))
    make_event(db, starts_at=NOW - timedelta(days=2))
    today = today_of(db, staff.id, all_tasks=False, zone=ZONE, now=NOW)
    assert [one.event.id for one in today.events] == [under_way.id, later.id]
