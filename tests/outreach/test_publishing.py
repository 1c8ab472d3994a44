"""Two people at one newsletter."""

import threading

from sqlalchemy import select

from outreach import newsletters
from outreach.models import Newsletter
from tests.conftest import Sessions
from tests.making import NOW, make_shop


def _two_drafts(sessions: Sessions) -> list[int]:
    with sessions() as db:
        shop = make_shop(db)
        drafts = [
            Newsletter(shop_id=shop.id, title_zh=title, body_zh="您好", created_at=NOW)
            for title in ("春", "夏")
        ]
        db.add_all(drafts)
        db.commit()
        return [one.id for one in drafts]


def _publish(sessions: Sessions, issue_id: int, at_once: threading.Barrier) -> None:
    at_once.wait()
    with sessions() as db:
        issue = db.get_one(Newsletter, issue_id)
        newsletters.publish(db, issue, by=None, now=NOW)
        db.commit()


def _both(sessions: Sessions, *ids: int) -> None:
    at_once = threading.Barrier(len(ids))
    people = [threading.Thread(target=_publish, args=(sessions, one, at_once)) for one in ids]
    for person in people:
        person.start()
    for person in people:
        person.join()


def _numbers(sessions: Sessions) -> list[int | None]:
    published = select(Newsletter.number).where(Newsletter.number.is_not(None))
    with sessions() as db:
        return list(db.scalars(published.order_by(Newsletter.number)))


def test_two_issues_published_at_once_get_a_number_each(sessions: Sessions) -> None:
    """Red on PostgreSQL without the lock on the shop's row: both would take the same number"""
    for round_ in range(1, 6):
        _both(sessions, *_two_drafts(sessions))
        assert _numbers(sessions) == list(range(1, 2 * round_ + 1))


def test_an_issue_published_by_a_colleague_keeps_its_number(sessions: Sessions) -> None:
    """Red without reading the issue again under the lock: it would become number 2"""
    first, _second = _two_drafts(sessions)
    with sessions() as slow:
        seen_as_draft = slow.get_one(Newsletter, first)
        slow.commit()
        _both(sessions, first)
        newsletters.publish(slow, seen_as_draft, by=None, now=NOW)
        slow.commit()
    assert _numbers(sessions) == [1]
