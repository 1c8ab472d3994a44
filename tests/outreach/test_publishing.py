"""Two people at one newsletter."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.audit import AuditEntry
from outreach import campaigns, newsletters
from outreach.models import Newsletter
from outreach.newsletters import Texts
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


def test_an_issue_keeps_its_words_while_it_goes_out(db: Session) -> None:
    """Red without the look at its round: two readers of one issue would get two texts"""
    words = Texts("春", None, "", None, "您好", None)
    issue = newsletters.draft(db, make_shop(db), words, by=None, now=NOW)
    newsletters.publish(db, issue, by=None, now=NOW)
    round_ = newsletters.send(db, issue, by=None, now=NOW)
    other = replace(words, body_zh="再见", body_en="Goodbye")
    with pytest.raises(newsletters.BeingSent):
        newsletters.change(db, issue, other, by=None, now=NOW)
    assert issue.body_zh == "您好"
    campaigns.stop(db, round_, by=None, now=NOW)
    newsletters.change(db, issue, other, by=None, now=NOW)
    assert (issue.body_zh, issue.body_en) == ("再见", "Goodbye")
    acts = select(AuditEntry.act).where(AuditEntry.thing_kind == "newsletter")
    noted = db.scalars(acts.order_by(AuditEntry.id)).all()
    assert noted == ["newsletter.draft", "newsletter.publish", "newsletter.change"]
