"""What waits at the desk is counted once, where it can be done."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from foundation.outbox import LetterState
from outreach.models import AdvisorTask
from portal.today import today_of
from tests.making import NOW, make_member, make_staff
from tests.outreach.makers import post_letter


def test_a_letter_in_an_advisors_hands_waits_for_no_decision(db: Session) -> None:
    """red when held letters are counted without looking whose task they are."""
    owner, staff = make_member(db, "甲"), make_staff(db)
    with_advisor, stuck = post_letter(db, owner, key="a"), post_letter(db, owner, key="b")
    with_advisor.state = stuck.state = LetterState.HELD
    db.add(AdvisorTask(letter_id=with_advisor.id, owner_id=owner.id, made_at=NOW))
    db.flush()
    today = today_of(db, staff.id, zone=ZoneInfo("Asia/Shanghai"), now=NOW)
    assert (today.tasks, today.my_tasks, today.held) == (1, 0, 1)
