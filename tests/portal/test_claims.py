"""Claims: the code on file or the counter ties an archive, and what the member had comes along."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import EntryKind, LedgerEntry, Lot
from events.models import Registration, RegistrationState
from foundation.audit import AuditEntry
from foundation.outbox import Letter
from members import interests
from members.models import (
    Account,
    ArchiveClaim,
    ClaimState,
    Interest,
    Membership,
    Owner,
    OwnerInterest,
)
from outreach import consents
from outreach.models import ConsentNow, Topic
from portal import claims
from portal.merging import BothAreActive
from tests.making import NOW, make_event, make_member, make_owner, make_staff, make_vehicle
from tests.outreach.makers import history

KEY = "a test key"


def _claim(db: Session, **archive: str) -> tuple[Owner, Owner, ArchiveClaim]:
    """A new member, an archive with a car, and the claim between them."""
    fresh = make_member(db, "李雷")
    old = make_owner(db, "王建国", **archive)
    make_vehicle(db, old, plate="粤B66666")
    made = claims.claim(db, fresh, old, hash_key=KEY, now=NOW)
    db.commit()
    return fresh, old, made


def _answer(db: Session, owner: Owner, topic: Topic, given: bool) -> None:
    consents.answer(db, owner.id, topic, given, wording="1", source="join", by=None, now=NOW)


def _code(db: Session) -> str:
    return str(db.scalars(select(Letter).order_by(Letter.id.desc())).first().details["code"])


def _login(db: Session, owner: Owner) -> Account:
    return db.scalars(select(Account).where(Account.name == owner.name)).one()


def test_the_code_on_file_ties_account_and_membership(db: Session) -> None:
    fresh, old, made = _claim(db)
    number = db.get_one(Membership, fresh.id).number
    account = _login(db, fresh)
    assert claims.prove(db, fresh, _code(db), hash_key=KEY, now=NOW)
    db.commit()
    assert (account.owner_id, db.get_one(Membership, old.id).number) == (old.id, number)
    assert db.get_one(Owner, fresh.id).merged_into_id == old.id
    assert db.get_one(ArchiveClaim, made.id).state is ClaimState.CONFIRMED


def test_what_the_member_had_comes_along(db: Session) -> None:
    """R13; red when a table is forgotten"""
    fresh, old, made = _claim(db)
    interests.choose(db, fresh.id, list(db.scalars(select(Interest.id)))[:2], by=None, now=NOW)
    event = make_event(db)
    db.add(
        Registration(
            event_id=event.id, owner_id=fresh.id, state=RegistrationState.CONFIRMED, made_at=NOW
        )
    )
    entry = LedgerEntry(
        owner_id=fresh.id, kind=EntryKind.BONUS, points=50, effective_on=NOW.date(),
        recorded_at=NOW, cause_kind="test", cause_id="1",
    )  # fmt: skip
    db.add(entry)
    db.flush()
    db.add(Lot(owner_id=fresh.id, entry_id=entry.id, points=50, rest=50))
    claims.confirm(db, made, hash_key=KEY, by=make_staff(db).id, now=NOW)
    db.commit()
    for table in (Registration, LedgerEntry, Lot):
        assert db.scalars(select(table.owner_id)).all() == [old.id]
    assert set(db.scalars(select(OwnerInterest.owner_id))) == {old.id}


@pytest.mark.parametrize(("mine", "theirs"), [(True, False), (False, True)])
def test_the_stricter_consent_wins(db: Session, mine: bool, theirs: bool) -> None:
    """R13; red when the newer or the archive's answer is taken as it is"""
    fresh, old, made = _claim(db)
    _answer(db, fresh, Topic.OFFERS, mine)
    _answer(db, old, Topic.OFFERS, theirs)
    _answer(db, fresh, Topic.NEWSLETTER, True)
    claims.confirm(db, made, hash_key=KEY, by=make_staff(db).id, now=NOW)
    db.commit()
    assert not consents.agreed(db, old.id, Topic.OFFERS)
    assert consents.agreed(db, old.id, Topic.NEWSLETTER)
    newest = {row.topic: row.given for row in reversed(history(db, old.id))}
    now = {row.topic: row.given for row in db.scalars(select(ConsentNow))}
    assert now == newest == {Topic.OFFERS: False, Topic.NEWSLETTER: True}


def test_a_claim_on_a_members_archive_sends_no_code_and_cannot_be_confirmed(db: Session) -> None:
    """Red when one member's archive can be given to another"""
    fresh, other = make_member(db, "李雷"), make_member(db, "别人")
    made = claims.claim(db, fresh, other, hash_key=KEY, now=NOW)
    assert db.scalars(select(Letter)).all() == []
    with pytest.raises(claims.ArchiveHasLogin):
        claims.confirm(db, made, hash_key=KEY, by=make_staff(db).id, now=NOW)


def test_a_code_for_one_claimant_is_none_for_another(db: Session) -> None:
    """Red when the code is not bound to its claim"""
    fresh, old, _made = _claim(db)
    thief = make_member(db, "小偷")
    code = _code(db)
    db.add(ArchiveClaim(owner_id=thief.id, archive_id=old.id, made_at=NOW))
    db.flush()
    assert not claims.prove(db, thief, code, hash_key=KEY, now=NOW)
    assert claims.prove(db, fresh, code, hash_key=KEY, now=NOW)


def test_a_claim_is_decided_once(db: Session) -> None:
    _fresh, _old, made = _claim(db)
    staff = make_staff(db)
    claims.decline(db, made, by=staff.id, now=NOW)
    with pytest.raises(claims.ClaimDecided):
        claims.confirm(db, made, hash_key=KEY, by=staff.id, now=NOW)


def test_nobody_confirms_their_own_claim(db: Session) -> None:
    """Red without the check"""
    fresh, _old, made = _claim(db)
    with pytest.raises(claims.OwnClaim):
        claims.confirm(db, made, hash_key=KEY, by=_login(db, fresh).id, now=NOW)


def test_both_signed_up_for_one_event_waits_for_a_person(db: Session) -> None:
    """Red when one of the two registrations would be lost"""
    fresh, old, made = _claim(db)
    event = make_event(db)
    for owner in (fresh, old):
        db.add(
            Registration(
                event_id=event.id, owner_id=owner.id, state=RegistrationState.WAITING, made_at=NOW
            )
        )
    db.flush()
    with pytest.raises(BothAreActive):
        claims.confirm(db, made, hash_key=KEY, by=make_staff(db).id, now=NOW)


def test_a_decision_is_written_down(db: Session) -> None:
    """R67"""
    _fresh, old, made = _claim(db)
    staff = make_staff(db)
    claims.confirm(db, made, hash_key=KEY, by=staff.id, now=NOW)
    db.commit()
    entry = db.scalars(select(AuditEntry).where(AuditEntry.act == "claim.confirm")).one()
    assert (entry.account_id, entry.details) == (staff.id, {"archive": old.id, "how": "counter"})


def test_a_cancelled_sign_up_of_the_other_does_not_stand_in_the_way(db: Session) -> None:
    """Red when ended registrations count: cancelling one, as the page asks, would not help"""
    fresh, old, made = _claim(db)
    event = make_event(db)
    states = (RegistrationState.WAITING, RegistrationState.CANCELLED)
    for owner, state in zip((fresh, old), states, strict=True):
        db.add(Registration(event_id=event.id, owner_id=owner.id, state=state, made_at=NOW))
    db.flush()
    claims.confirm(db, made, hash_key=KEY, by=make_staff(db).id, now=NOW)
    db.commit()
    assert set(db.scalars(select(Registration.owner_id))) == {old.id}
