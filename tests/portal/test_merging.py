"""What two archives earned is one account of points afterwards, and one tier (R1, R13)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import checking, entitlements, ledger, voucher_lists
from club.models import Benefit, BenefitYear, Earning, LedgerEntry, TierCode, TierStanding, Voucher
from members.finding import owners_like
from members.matching import Archive, SeveralOwners, Sight
from members.models import Account, MemberFacts, Membership, Owner, ServiceOrder
from outreach import consents, suppression
from outreach.models import Topic
from outreach.suppression import Reach, Why
from portal import merge_rows
from portal.merge_compare import candidates
from portal.merging import NewActivity, OwnArchive, merge, undo
from portal.models import OwnerMerge
from tests.club import scene, vouching
from tests.conftest import Sessions
from tests.making import NOW, make_account, make_member, make_owner, make_staff

KEY = "test-hash-key-" * 3
SPRING, SUMMER = date(2025, 5, 1), date(2025, 7, 1)


def _two(db: Session) -> tuple[Owner, Owner]:
    """A new member and an archive, each with ¥2,000.00 of work: neither is silver alone."""
    fresh, archive = scene.owner(db, name="李雷"), scene.owner(db, member=False)
    scene.buy(db, archive, SPRING, 200_000)
    scene.buy(db, fresh, SUMMER, 200_000)
    return fresh, archive


def _merge(db: Session, fresh: Owner, archive: Owner) -> int:
    """The id of the owner who has everything now."""
    kept = archive.id
    merge(db, archive, fresh, reason="same phone", hash_key=KEY, by=None, now=NOW)
    db.commit()
    return kept


def test_what_both_earned_is_one_ledger_and_one_tier(db: Session, sessions: Sessions) -> None:
    """R1, R13: red without Earning among what moves, and red without the review after it"""
    kept = _merge(db, *_two(db))
    with sessions() as read:
        assert list(checking.differences(read)) == []
        assert set(read.scalars(select(Earning.owner_id))) == {kept}
        facts = read.scalars(select(MemberFacts)).one()
        assert (facts.owner_id, facts.points, facts.spend_fen) == (kept, 4000, 400_000)
        assert read.get_one(TierStanding, kept).tier is TierCode.SILVER
        assert facts.tier == TierCode.SILVER.value


def test_the_workshops_visits_come_along(db: Session, sessions: Sessions) -> None:
    """R13: red without ServiceOrder among what moves, or without counting them again"""
    kept = _merge(db, *_two(db))
    with sessions() as read:
        assert set(read.scalars(select(ServiceOrder.owner_id))) == {kept}
        facts = read.get_one(MemberFacts, kept)
        assert (facts.orders, facts.last_visit_on, facts.net_spend_fen) == (2, SUMMER, 400_000)


def test_a_refund_after_the_merge_finds_its_line(db: Session, sessions: Sessions) -> None:
    """R1, R5: red without Earning among what moves: the refund would find nothing to take back"""
    fresh, archive = _two(db)
    kept = _merge(db, fresh, archive)
    scene.buy(db, archive, date(2026, 3, 2), -300_000)
    db.commit()
    with sessions() as read:
        assert list(checking.differences(read)) == []
        assert read.get_one(MemberFacts, kept).points == 1000
        assert read.scalar(select(func.count()).select_from(Membership)) == 1


def said_in_merging(db: Session) -> dict[str, Any]:
    return {"reason": "same phone", "hash_key": KEY, "by": make_staff(db).id, "now": NOW}


def test_every_table_that_names_an_owner_takes_part() -> None:
    """R13: red when a new table is keyed by its owner and nobody joins it by hand"""
    alone = [place.name for place in merge_rows.places() if place.column.primary_key]
    assert alone == []
    named = {place.name for place in merge_rows.places()}
    assert {"owner_identity.owner_id", "owner_advisor.owner_id", "company_person.person_id"} < named


def test_vouchers_go_along_and_come_back(db: Session, sessions: Sessions) -> None:
    """R13: red when vouchers stay behind, or do not find their way back"""
    fresh, archive = _two(db)
    voucher, said = vouching.voucher(db, fresh), said_in_merging(db)
    made = merge(db, archive, fresh, **said)
    db.flush()
    ids = voucher.id, fresh.id
    held = voucher_lists.held_by(db, archive.id, today=scene.TODAY).usable
    assert [one.id for one in held] == [ids[0]]
    undo(db, made, by=said["by"], now=NOW)
    db.commit()
    with sessions() as read:
        assert read.get_one(Voucher, ids[0]).owner_id == ids[1]


def test_what_both_used_of_a_benefit_counts_together(db: Session, sessions: Sessions) -> None:
    """R13: red without counting again: two cards would have the benefit twice"""
    kept, gone = make_member(db, tier="diamond"), make_member(db, tier="diamond")
    benefit = db.scalars(select(Benefit).order_by(Benefit.id)).first()
    for owner in (kept, gone):
        used = {"request_id": f"r{owner.id}", "today": NOW.date(), "by": None, "now": NOW}
        entitlements.use(db, owner.id, benefit, **used)
    merge(db, kept, gone, **said_in_merging(db))
    kept_id = kept.id
    db.commit()
    with sessions() as read:
        years = read.execute(select(BenefitYear.owner_id, BenefitYear.used)).all()
        assert [tuple(row) for row in years] == [(kept_id, 2)]


def test_an_undo_happens_once_and_the_later_merge_is_undone_first(db: Session) -> None:
    """Red without the look at later merges, and without the mark that it was undone"""
    (one, two), three, said = _two(db), scene.owner(db, name="王五"), said_in_merging(db)
    first = merge(db, two, one, **said)
    second = merge(db, two, three, **said)
    with pytest.raises(NewActivity, match="undo the later merge first"):
        undo(db, first, by=said["by"], now=NOW)
    for made in (second, first):
        undo(db, made, by=said["by"], now=NOW)
    with pytest.raises(NewActivity, match="undone before"):
        undo(db, first, by=said["by"], now=NOW)


def test_two_logins_become_one_and_two_again(db: Session, sessions: Sessions) -> None:
    """R13: red when the second login stays open, or loses its number for good"""
    kept, gone = make_member(db, login=False), make_member(db, login=False)
    stays = make_account(db, kept, phone=None, email="li@example.com")
    leaves = make_account(db, gone, phone="+8613912340000", email=None)
    said, logins = said_in_merging(db), (stays.id, leaves.id)
    made = merge(db, kept, gone, **said)
    assert (stays.phone, leaves.phone, leaves.active) == ("+8613912340000", None, False)
    undo(db, made, by=said["by"], now=NOW)
    db.commit()
    with sessions() as read:
        seen = [read.get_one(Account, one) for one in logins]
        assert [(one.phone, one.active) for one in seen] == [(None, True), ("+8613912340000", True)]


def test_the_other_cards_number_still_finds_its_owner(db: Session) -> None:
    """Red when the number of the second card is forgotten"""
    kept, gone = make_member(db), make_member(db)
    number = db.get_one(Membership, gone.id).number
    merge(db, kept, gone, **said_in_merging(db))
    assert db.scalars(select(Owner.id).where(owners_like(number))).all() == [kept.id]


def test_who_ended_letters_at_one_address_hears_nothing_at_the_other(db: Session) -> None:
    """R13, R38: red when suppressions are not asked: the stricter wish wins"""
    kept, gone = make_member(db), make_member(db, phone="+8613912340000")
    said = {"wording": consents.WORDING, "source": "account", "by": None, "now": NOW}
    consents.answer(db, kept.id, Topic.OFFERS, True, **said)
    suppression.suppress(db, KEY, "+8613912340000", Reach.MARKETING, Why.WISH, now=NOW)
    merge(db, kept, gone, **said_in_merging(db))
    assert not any(consents.answers_of(db, kept.id).values())


def test_nobody_merges_their_own_archive(db: Session) -> None:
    """R12: red without the check"""
    kept, gone = make_member(db, login=False), make_member(db, login=False)
    mine = make_account(db, gone)
    with pytest.raises(OwnArchive):
        merge(db, kept, gone, **{**said_in_merging(db), "by": mine.id})


def test_two_candidates_are_only_shown(db: Session, sessions: Sessions) -> None:
    """R49: red when looking for the other archive merges it"""
    phone = "+8613912340000"
    one, other = make_owner(db, "李雷", phone=phone), make_owner(db, "李雷", phone=phone)
    assert [found.id for found in candidates(db, one, "")] == [other.id]
    sight = Sight(customer_id="C9", name="李雷", phone=phone)
    with pytest.raises(SeveralOwners):
        Archive(db, "dms", [sight]).match(sight, now=NOW)
    db.commit()
    with sessions() as read:
        assert read.scalars(select(OwnerMerge)).all() == []
        assert set(read.scalars(select(Owner.merged_into_id))) == {None}


def test_only_what_was_taken_back_may_name_the_others_lot(db: Session) -> None:
    """R1, R13: what met and parted again agrees; red when a settlement alone, or points that are
    spent, pass in a strange lot"""
    rich, owing = scene.owner(db), scene.owner(db)
    scene.buy(db, rich, SPRING, 200_000)
    scene.buy(db, owing, SPRING, 100_000)
    cause = {"cause_kind": "bill", "cause_id": "1", "by": None, "now": NOW}
    ledger.spend(db, owing.id, 1000, on=SUMMER, **cause)
    scene.buy(db, owing, SUMMER, -100_000)
    made = merge(db, rich, owing, **(said := said_in_merging(db)))
    undo(db, made, by=said["by"], now=NOW)
    assert list(checking.differences(db)) == []
    parted = db.scalars(select(LedgerEntry).where(LedgerEntry.cause_kind == "parting")).one()
    parted.owner_id = owing.id
    db.flush()
    assert "allocation-owner" in {one.kind for one in checking.differences(db)}
