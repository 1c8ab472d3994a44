"""The list of members: filters, order, pages by key, and its export."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.audit import AuditEntry
from members.exporting import record_export, roster_rows
from members.facts import facts_of
from members.lists_taken import ReasonMissing, Taking
from members.models import Interest, Owner, OwnerIdentity, OwnerInterest
from members.names import sort_key
from members.roster import PAGE, Wanted, count_of, everybody, page_of
from tests.making import NOW, make_member, make_owner, make_staff, make_vehicle

TODAY = date(2026, 3, 2)


def member(db: Session, name: str, **fields: object) -> Owner:
    made = make_member(db, name, login=False)
    made.name_sort = sort_key(name)
    for field, value in fields.items():
        setattr(facts_of(db, made.id), field, value)
    db.flush()
    return made


def names(db: Session, **wanted: str) -> list[str]:
    return [line.owner.name for line in page_of(db, Wanted(**wanted), today=TODAY).lines]


def test_names_come_in_the_order_of_their_sound(db: Session) -> None:
    for name in ("赵敏", "安然", "单雄信"):
        member(db, name)
    assert names(db) == ["安然", "单雄信", "赵敏"]


def test_each_order_turns_round(db: Session) -> None:
    """red when the minus is dropped."""
    member(db, "甲", spend_fen=100)
    member(db, "乙", spend_fen=300)
    member(db, "丙", spend_fen=200)
    assert names(db, sort="-spend") == ["乙", "丙", "甲"]
    assert names(db, sort="spend") == ["甲", "丙", "乙"]


def test_filters_hold_together(db: Session) -> None:
    """red when one of tier, interest or model is left out of the query."""
    tea = db.scalars(select(Interest)).first()
    assert tea is not None
    for name, tier, likes, model in (
        ("甲", "gold", True, "M5"),
        ("乙", "silver", True, "M5"),
        ("丙", "gold", False, "M5"),
        ("丁", "gold", True, "X1"),
    ):
        owner = member(db, name, tier=tier)
        make_vehicle(db, owner, model=model)
        if likes:
            db.add(OwnerInterest(owner_id=owner.id, interest_id=tea.id, since=NOW))
    db.flush()
    assert names(db, tier="gold", interest=tea.code, model="M5") == ["甲"]


def test_a_visit_on_the_day_itself_counts_as_none_since(db: Session) -> None:
    """The window is (D − 6 months, D]; red with < instead of <=."""
    member(db, "甲", last_visit_on=date(2025, 9, 2))
    member(db, "乙", last_visit_on=date(2025, 9, 3))
    member(db, "丙")
    assert names(db, visit="6") == ["甲"]
    assert names(db, visit="never") == ["丙"]


def test_joined_or_not(db: Session) -> None:
    member(db, "甲")
    make_owner(db, "乙")
    assert (names(db, joined="yes"), names(db, joined="no")) == (["甲"], ["乙"])


@pytest.mark.parametrize(
    "words", ["单雄信", "shanxiong", "SHAN XIONG", "8000", "138 0013 8000", "粤B·123", "K-12346"]
)
def test_an_owner_is_found_by_what_is_remembered(db: Session, words: str) -> None:
    owner = member(db, "单雄信")
    owner.phone = "+8613800138000"
    make_vehicle(db, owner, plate="粤B12345")
    db.add(OwnerIdentity(owner_id=owner.id, source="dms", external_id="K-12346"))
    other = member(db, "赵敏")
    other.phone = "+8615912345678"
    db.flush()
    assert names(db, q=words) == ["单雄信"]


@pytest.mark.parametrize("digits", ["0013", "38001", "1380013", "00138000"])
def test_a_hidden_part_of_a_number_finds_nobody(db: Session, digits: str) -> None:
    """Red when any part of a number finds its owner: 138****8000 could be guessed digit by digit"""
    member(db, "单雄信").phone = "+8613800138000"
    db.flush()
    assert names(db, q=digits) == []


def test_a_percent_sign_finds_no_more_than_itself(db: Session) -> None:
    """red without autoescape."""
    member(db, "甲")
    assert names(db, q="%") == []


def test_pages_by_key_show_everybody_once(db: Session) -> None:
    """Equal keys on both sides of a page's edge; red when the id does not settle them."""
    for number in range(PAGE + 7):
        member(db, f"车主{number:03d}", spend_fen=number // 30)
    wanted = Wanted(sort="-spend")
    first = page_of(db, wanted, today=TODAY)
    second = page_of(db, wanted, today=TODAY, after=first.following)
    back = page_of(db, wanted, today=TODAY, before=second.previous)
    ids = [line.owner.id for page in (first, second) for line in page.lines]
    assert len(ids) == len(set(ids)) == PAGE + 7
    assert [line.owner.id for line in back.lines] == [line.owner.id for line in first.lines]
    assert (first.previous, second.following, back.previous) == (None, None, None)


def test_the_count_the_list_and_the_export_are_one(db: Session) -> None:
    """R42: red when the export forgets a filter."""
    for number in range(5):
        member(db, f"甲{number}", tier="gold" if number < 3 else "silver")
    wanted = Wanted(tier="gold")
    rows = roster_rows(db, wanted, phones=False, today=TODAY)
    listed = names(db, tier="gold")
    assert [row[1] for row in rows] == listed
    assert [line.owner.name for line in everybody(db, wanted, today=TODAY)] == listed
    assert count_of(db, wanted, today=TODAY) == len(listed) == 3


def test_an_export_is_noted_with_its_reason(db: Session) -> None:
    """R67: red without the audit entry."""
    staff = make_staff(db)
    taking = Taking("csv", phones=True, reason=" 回访 ")
    record_export(db, Wanted(), taking, rows=1, by=staff.id, now=NOW)
    entry = db.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.account_id) == ("member.export", staff.id)
    assert (entry.details["reason"], entry.details["rows"]) == ("回访", 1)


def test_no_list_leaves_without_a_reason(db: Session) -> None:
    taking = Taking("csv", phones=True, reason=" ")
    with pytest.raises(ReasonMissing):
        record_export(db, Wanted(), taking, rows=0, by=1, now=NOW)
