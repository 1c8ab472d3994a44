"""What two archives have one of each: fixed data, login, membership, standing, answers, claims."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from club.models import TierStanding
from foundation.refusals import Refusal
from foundation.words import N_
from members.facts import facts_of
from members.matching import OLD_CARD
from members.models import (
    Account,
    ArchiveClaim,
    ClaimState,
    MemberFacts,
    Membership,
    Owner,
    OwnerIdentity,
    Ownership,
)
from outreach import consents
from outreach.models import ConsentNow, Topic
from outreach.suppression import marketing_stopped
from portal.merge_rows import Frozen, drop, freeze, thaw

FILLED = (
    *(
        "phone",
        "email",
        "wechat",
        "sex",
        "born_on",
        "licence_until",
        "address",
        "title",
        "contact_time",
        "note",
    ),
)
LOGIN = ("owner_id", "phone", "email", "given_phone", "given_email", "active")
ONE_EACH = (Membership, MemberFacts, TierStanding, ConsentNow)


class TwoLogins(Refusal):
    """Both sign in, and the login that would be closed works at the desk."""


def before(db: Session, kept_id: int, gone_id: int) -> dict[str, list[Frozen]]:
    """The rows that are about to be joined, as they are."""
    both = (kept_id, gone_id)
    owners, accounts, claims = Owner.__table__, Account.__table__, ArchiveClaim.__table__
    found = {
        "owner": freeze(db, _table(owners), Owner.id.in_(both)),
        "account": freeze(db, _table(accounts), Account.owner_id.in_(both)),
        "archive_claim": freeze(db, _table(claims), _claims_of(*both)),
        "ownership": freeze(db, _table(Ownership.__table__), Ownership.owner_id == gone_id),
    }
    for model in ONE_EACH:
        table = _table(model.__table__)
        found[table.name] = freeze(db, table, model.owner_id.in_(both))
    return found


def put_back(db: Session, rows: dict[str, list[Frozen]], kept_id: int, gone_id: int) -> None:
    """Each of the two has again what they had before."""
    both = (kept_id, gone_id)
    for model in ONE_EACH:
        table = _table(model.__table__)
        drop(db, table, model.owner_id.in_(both))
        thaw(db, table, rows[table.name])
    thaw(db, _table(Owner.__table__), rows["owner"])
    logins = [row["id"] for row in rows["account"]]
    free = update(Account).where(Account.id.in_(logins))
    db.execute(free.values(owner_id=None, phone=None, email=None))
    thaw(db, _table(Account.__table__), rows["account"], LOGIN)
    thaw(db, _table(ArchiveClaim.__table__), rows["archive_claim"])
    thaw(db, _table(Ownership.__table__), rows["ownership"])


def join_owner(kept: Owner, gone: Owner) -> None:
    """What the one who stays does not know of themselves is taken from the other."""
    if not kept.name:
        kept.name, kept.name_sort = gone.name, gone.name_sort
    for field in FILLED:
        if not getattr(kept, field):
            setattr(kept, field, getattr(gone, field))
    kept.extra = {**gone.extra, **kept.extra}
    gone.merged_into_id = kept.id


def join_login(db: Session, kept_id: int, gone_id: int) -> None:
    """One login stays. The other one's contacts go to it where it has none, and it is closed."""
    stays, leaves = _login(db, kept_id), _login(db, gone_id)
    if leaves is None:
        return
    if stays is None:
        leaves.owner_id = kept_id
    elif leaves.is_staff:
        raise TwoLogins(
            N_("The other archive’s login works at the desk. Please let that archive stay.")
        )
    else:
        _hand_over(db, leaves, stays)
    db.flush()


def _hand_over(db: Session, leaves: Account, stays: Account) -> None:
    phone, email = leaves.phone, leaves.email
    leaves.active, leaves.session_version = False, leaves.session_version + 1
    leaves.phone, leaves.email = (phone if stays.phone else None), (email if stays.email else None)
    db.flush()
    stays.phone, stays.email = stays.phone or phone, stays.email or email
    if stays.phone:
        stays.given_phone = None
    if stays.email:
        stays.given_email = None


def join_membership(db: Session, kept_id: int, gone_id: int) -> None:
    """The card of the one who stays counts, since the earlier day; the other number finds it."""
    old, new = db.get(Membership, kept_id), db.get(Membership, gone_id)
    if new is None:
        return
    number, joined_on, left_on = new.number, new.joined_on, new.left_on
    db.expunge(new)
    drop(db, _table(Membership.__table__), Membership.owner_id == gone_id)
    if old is None:
        db.add(Membership(owner_id=kept_id, number=number, joined_on=joined_on, left_on=left_on))
    else:
        old.joined_on = min(old.joined_on, joined_on)
        old.left_on = None if left_on is None else old.left_on
        db.add(OwnerIdentity(owner_id=kept_id, source=OLD_CARD, external_id=number))
    db.flush()


def join_standing(db: Session, kept_id: int, gone_id: int, *, heard: bool) -> None:
    """One standing and one facts row stay, to be worked out again; attendances add up.

    The standing is that of the one who stays, unless only the other's reader `heard` of a tier:
    then the review that follows sees what changed for them.
    """
    old, new = db.get(TierStanding, kept_id), db.get(TierStanding, gone_id)
    if new is not None and (old is None or heard):
        taken = old or TierStanding(owner_id=kept_id)
        taken.tier, taken.since, taken.kept_until = new.tier, new.since, new.kept_until
        db.add(taken)
    facts, lost = facts_of(db, kept_id), db.get(MemberFacts, gone_id)
    if lost is not None:
        facts.attended += lost.attended
        days: list[date] = [day for day in (facts.last_attended_on, lost.last_attended_on) if day]
        facts.last_attended_on = max(days, default=None)
        db.delete(lost)
    if new is not None:
        db.delete(new)
    db.flush()


def join_answers(
    db: Session, kept_id: int, gone_id: int, *, hash_key: str, by: int | None, now: datetime
) -> None:
    """The stricter answer wins and is written down as an answer of its own (R13).

    A wish to hear nothing that hangs on an address of either is a no to everything.
    """
    mine, theirs = _answers(db, kept_id), _answers(db, gone_id)
    stopped = _stopped(db, kept_id, gone_id, hash_key)
    db.execute(delete(ConsentNow).where(ConsentNow.owner_id == gone_id))
    for topic in Topic if stopped else mine.keys() | theirs.keys():
        given = not stopped and mine.get(topic, True) and theirs.get(topic, True)
        said = {"wording": consents.WORDING, "source": "merge", "by": by, "now": now}
        consents.answer(db, kept_id, topic, given, **said)  # type: ignore[arg-type]
        db.merge(ConsentNow(owner_id=kept_id, topic=topic, given=given))
    db.flush()


def drop_twin_cars(db: Session, gone_id: int) -> None:
    """A car that both had is had once; two open holders of it would stop every import."""
    drop(db, _table(Ownership.__table__), Ownership.owner_id == gone_id)


def join_claims(db: Session, kept_id: int, gone_id: int, *, by: int | None, now: datetime) -> None:
    """What one claimed of the other is settled; other open claims go to the one who stays."""
    both = (kept_id, gone_id)
    between = ArchiveClaim.owner_id.in_(both) & ArchiveClaim.archive_id.in_(both)
    is_open = ArchiveClaim.state == ClaimState.OPEN
    settled = update(ArchiveClaim).where(between, is_open)
    db.execute(settled.values(state=ClaimState.CONFIRMED, decided_at=now, decided_by_id=by))
    there = {
        (row.owner_id, row.archive_id) for row in db.scalars(select(ArchiveClaim).where(is_open))
    }
    for row in db.scalars(select(ArchiveClaim).where(_claims_of(gone_id, gone_id), is_open)):
        owner_id = kept_id if row.owner_id == gone_id else row.owner_id
        archive_id = kept_id if row.archive_id == gone_id else row.archive_id
        if (owner_id, archive_id) not in there:
            row.owner_id, row.archive_id = owner_id, archive_id
    db.flush()


def _answers(db: Session, owner_id: int) -> dict[Topic, bool]:
    rows = db.scalars(select(ConsentNow).where(ConsentNow.owner_id == owner_id))
    return {row.topic: row.given for row in rows}


def _stopped(db: Session, kept_id: int, gone_id: int, hash_key: str) -> bool:
    both = (kept_id, gone_id)
    owners = db.execute(select(Owner.phone, Owner.email).where(Owner.id.in_(both)))
    logins = db.execute(select(Account.phone, Account.email).where(Account.owner_id.in_(both)))
    addresses = {one for row in (*owners, *logins) for one in row if one}
    return bool(marketing_stopped(db, hash_key, addresses))


def _login(db: Session, owner_id: int) -> Account | None:
    return db.scalar(select(Account).where(Account.owner_id == owner_id))


def _claims_of(one: int, other: int) -> ColumnElement[bool]:
    ids = (one, other)
    return or_(ArchiveClaim.owner_id.in_(ids), ArchiveClaim.archive_id.in_(ids))


def _table(table: object) -> Table:
    assert isinstance(table, Table)
    return table
