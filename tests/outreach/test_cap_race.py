"""Two workers at one member's third message."""

import threading

from sqlalchemy import Select, select

from foundation.outbox import Letter, LetterState, claim
from outreach import checks
from tests.conftest import Sessions
from tests.making import NOW, make_shop
from tests.outreach.makers import agreeing, post_marketing


def test_two_workers_count_one_after_the_other(sessions: Sessions) -> None:
    """R39: the second waits for the first one's commit, then counts its letter too.

    Red on PostgreSQL without the lock in `free_from`; SQLite has one writer at a time anyway.
    """
    with sessions() as db:
        make_shop(db)
        owner = agreeing(db)
        one, two, three = (post_marketing(db, owner, key).id for key in ("one", "two", "three"))
        gone = db.get_one(Letter, one)
        gone.state, gone.sent_at = LetterState.SENT, NOW
        db.commit()
    said: list[checks.No | None] = []

    def second() -> None:
        with sessions() as db:
            said.append(checks.within_cap(db, db.scalars(_letter(three)).one(), NOW))

    worker = threading.Thread(target=second)
    with sessions() as db:
        assert checks.within_cap(db, db.scalars(_letter(two)).one(), NOW) is None
        worker.start()
        worker.join(0.5)
        assert claim(db, two, "first", now=NOW)
        db.commit()
    worker.join()
    assert [no and no.why for no in said] == [checks.ENOUGH]


def _letter(letter_id: int) -> Select[Letter]:
    return select(Letter).where(Letter.id == letter_id)
