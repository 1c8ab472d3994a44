"""Members are told of new vouchers: what is theirs as service, what a group gets as marketing."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import rewards, voucher_news, voucher_passing, vouchers
from club.models import Source
from foundation.outbox import Letter, LetterState, Purpose
from members.models import Membership
from outreach import checks
from outreach.models import Topic
from tests import making
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY, days
from tests.outreach.makers import agreeing


def letters(db: Session) -> list[Letter]:
    found = select(Letter).where(Letter.template == "club/voucher-given").order_by(Letter.id)
    return list(db.scalars(found))


def test_one_service_letter_tells_of_all_vouchers_of_a_kind_and_day(db: Session) -> None:
    """R37; red with the voucher's id in the key"""
    who, kind = scene.owner(db), vouching.kind(db)
    for _tyre in range(4):
        vouching.voucher(db, who, kind, source=Source.RULE)
    (letter,) = letters(db)
    assert (letter.purpose, letter.recipient_id) == (Purpose.SERVICE, who.id)
    assert (letter.topic, letter.details["source"]) == (None, "rule")


def test_a_voucher_for_a_group_is_marketing_and_asks_for_consent(db: Session) -> None:
    """R37, R38: red when the round's letter is a service letter, or has no topic"""
    willing, silent = agreeing(db, topic=Topic.OFFERS), making.make_member(db)
    for who in (willing, silent):
        vouching.voucher(db, who, source=Source.SEGMENT)
    said = [(one.purpose, one.topic, checks.consented(db, one, NOW)) for one in letters(db)]
    assert [row[:2] for row in said] == [(Purpose.MARKETING, Topic.OFFERS.value)] * 2
    assert [row[2].state if row[2] else None for row in said] == [None, LetterState.SKIPPED]


def test_old_orders_and_strangers_bring_no_letter(db: Session) -> None:
    """Red without either condition in tell()"""
    left = scene.owner(db)
    db.get_one(Membership, left.id).left_on = TODAY
    vouching.voucher(db, left)
    vouching.voucher(db, scene.owner(db, member=False))
    vouching.voucher(db, scene.owner(db), on=TODAY - days(31))
    vouching.voucher(db, scene.owner(db), source=Source.OPENING)
    assert letters(db) == []
    vouching.voucher(db, scene.owner(db), on=TODAY - days(30))
    assert len(letters(db)) == 1


def test_a_voucher_that_was_taken_back_is_not_told_of(db: Session) -> None:
    """Red when revoke() leaves the letter in the outbox"""
    one = vouching.voucher(db, scene.owner(db))
    account = making.make_staff(db).id
    vouchers.revoke(db, one, reason="退货", by=account, now=NOW)
    db.expire_all()
    assert [letter.state for letter in letters(db)] == [LetterState.SKIPPED]


def test_whoever_a_voucher_is_passed_to_is_told(db: Session) -> None:
    giver, taker = making.make_member(db), making.make_member(db)
    one = vouching.voucher(db, giver, vouching.kind(db, transferable=True))
    number = db.get_one(Membership, taker.id).number
    voucher_passing.pass_on(db, one, number, today=TODAY, by=1, now=NOW)
    last = letters(db)[-1]
    assert (last.recipient_id, last.details["passed"]) == (taker.id, True)


def test_the_topic_is_one_that_members_know() -> None:
    assert Topic.of(voucher_news.OFFERS) is Topic.OFFERS
    assert rewards.CAUSE == voucher_news.KIND
