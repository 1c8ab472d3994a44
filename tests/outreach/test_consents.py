"""What members agreed to hear of."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.audit import AuditEntry
from outreach import consents, suppression
from outreach.models import Consent, ConsentNow, Topic
from outreach.suppression import Reach, Why
from tests.conftest import Sessions
from tests.making import NOW, make_member
from tests.making import make_owner as an_owner
from tests.outreach.makers import history

EVIDENCE = {"wording": "2026-11", "source": "join", "by": None}
KEY = "hash-key-" * 5


def test_silence_is_no(db: Session) -> None:
    """R38: red with `agreed` defaulting to yes."""
    assert not consents.agreed(db, an_owner(db).id, Topic.NEWSLETTER)


def test_a_yes_holds_when_to_what_and_where(db: Session, sessions: Sessions) -> None:
    """R38: the evidence row; red without wording or source in the row."""
    owner = an_owner(db)
    consents.answer(db, owner.id, Topic.NEWSLETTER, True, **EVIDENCE, now=NOW)
    db.commit()
    with sessions() as fresh:
        row = fresh.scalars(select(Consent)).one()
        assert (row.at, row.wording, row.source, row.given) == (NOW, "2026-11", "join", True)
        assert consents.agreed(fresh, owner.id, Topic.NEWSLETTER)


def test_a_withdrawn_yes_stays_in_the_history(db: Session, sessions: Sessions) -> None:
    """R64: red when `answer` changes the older row instead of adding one."""
    owner = an_owner(db)
    consents.answer(db, owner.id, Topic.OFFERS, True, **EVIDENCE, now=NOW)
    later = NOW + timedelta(days=1)
    consents.answer(db, owner.id, Topic.OFFERS, False, **EVIDENCE, now=later)
    db.commit()
    with sessions() as fresh:
        assert [row.given for row in history(fresh, owner.id)] == [False, True]
        assert not consents.agreed(fresh, owner.id, Topic.OFFERS)


def test_the_same_answer_twice_is_one_row(db: Session) -> None:
    owner = an_owner(db)
    for _again in range(2):
        consents.answer(db, owner.id, Topic.OFFERS, True, **EVIDENCE, now=NOW)
    assert len(history(db, owner.id)) == 1


def test_no_to_one_topic_leaves_the_others(db: Session) -> None:
    """R37: red when the topic is left out of the condition."""
    owner = an_owner(db)
    for topic in Topic:
        consents.answer(db, owner.id, topic, True, **EVIDENCE, now=NOW)
    consents.answer(db, owner.id, Topic.NEWSLETTER, False, **EVIDENCE, now=NOW)
    assert consents.answers_of(db, owner.id) == {
        Topic.INVITATIONS: True,
        Topic.NEWSLETTER: False,
        Topic.OFFERS: True,
    }


def test_no_to_all_marketing_is_one_step(db: Session, sessions: Sessions) -> None:
    owner = an_owner(db)
    for topic in Topic:
        consents.answer(db, owner.id, topic, True, **EVIDENCE, now=NOW)
    assert consents.withdraw_all(db, owner.id, **EVIDENCE, now=NOW) == 3
    db.commit()
    with sessions() as fresh:
        assert not any(consents.answers_of(fresh, owner.id).values())


def test_current_answers_equal_the_newest_of_the_history(db: Session) -> None:
    owner = an_owner(db)
    for step in (True, False, True, True, False):
        for topic in Topic:
            consents.answer(db, owner.id, topic, step, **EVIDENCE, now=NOW)
    newest = {row.topic: row.given for row in reversed(history(db, owner.id))}
    current = {row.topic: row.given for row in db.scalars(select(ConsentNow))}
    assert newest == current


def test_each_answer_is_audited(db: Session) -> None:
    """R67: red without the audit entry."""
    owner = an_owner(db)
    consents.answer(db, owner.id, Topic.OFFERS, True, **EVIDENCE, now=NOW)
    entry = db.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.thing_id, entry.details["topic"]) == (
        "consent.give",
        owner.id,
        "offers",
    )


def test_a_suppressed_address_is_known_by_its_hash_alone(db: Session, sessions: Sessions) -> None:
    """R38: red when the address is stored, and when the case of letters matters."""
    suppression.suppress(db, KEY, "Lin@example.com", Reach.MARKETING, Why.LEFT, now=NOW)
    db.commit()
    with sessions() as fresh:
        row = fresh.scalars(select(suppression.Suppression)).one()
        assert "lin" not in row.address_hash
        assert suppression.is_suppressed(fresh, KEY, "lin@example.com", marketing=True)
        assert not suppression.is_suppressed(fresh, KEY, "lin@example.com", marketing=False)


def test_a_person_takes_back_their_wish_but_not_a_bounce(db: Session) -> None:
    """R40: red when take_back ignores why."""
    suppression.suppress(db, KEY, "a@example.com", Reach.MARKETING, Why.WISH, now=NOW)
    suppression.suppress(db, KEY, "a@example.com", Reach.ALL, Why.BOUNCE, now=NOW)
    assert suppression.take_back(db, KEY, ["a@example.com"]) == 1
    assert suppression.is_suppressed(db, KEY, "a@example.com", marketing=False)


def test_a_new_yes_lifts_the_silence_that_the_same_person_asked_for(db: Session) -> None:
    """R38, R44: who answered R and ticks again gets texts; red without `take_back` in
    `answer_all`, and when saving the page without a new yes lifts it."""
    owner = make_member(db, phone="+8613800000009")
    said = {"source": "account", "by": None, "hash_key": KEY, "now": NOW}
    consents.answer_all(db, owner.id, ["offers"], **said)
    suppression.suppress(db, KEY, "+8613800000009", Reach.MARKETING, Why.WISH, now=NOW)
    consents.answer_all(db, owner.id, ["offers"], **said)
    assert suppression.is_suppressed(db, KEY, "+8613800000009", marketing=True)
    consents.answer_all(db, owner.id, ["offers", "invitations"], **said)
    assert not suppression.is_suppressed(db, KEY, "+8613800000009", marketing=True)
