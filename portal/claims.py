"""Claims on an archive: a code to the contact on file, or staff at the counter, decides."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from foundation import audit
from foundation.database import rows_changed
from foundation.outbox import Channel, Reader
from foundation.refusals import Refusal
from foundation.words import N_
from members import codes
from members.codes import Proof, TooManyCodes
from members.contacts import Contact
from members.models import Account, ArchiveClaim, ClaimState, CodePurpose, Owner
from portal.merging import merge

BY_CODE = N_("The owner proved it by a code to the contact on file.")
AT_COUNTER = N_("A claim was confirmed at the counter.")


class ClaimDecided(Refusal):
    """Someone was faster."""


class ArchiveHasLogin(Refusal):
    """The archive belongs to another member; two members are not made one by a claim."""


class OwnClaim(Refusal):
    """Staff do not decide on their own claim."""


def claim(
    db: Session, owner: Owner, archive: Owner, *, hash_key: str, now: datetime
) -> ArchiveClaim:
    """Note that the owner says the archive is theirs, and send a code to its contact on file.

    Nothing of this can be told from outside: no contact, a member's archive, too many codes.
    """
    known = select(ArchiveClaim).where(
        ArchiveClaim.owner_id == owner.id, ArchiveClaim.archive_id == archive.id
    )
    made = db.scalar(known)
    if made is None:
        made = ArchiveClaim(owner_id=owner.id, archive_id=archive.id, made_at=now)
        db.add(made)
        db.flush()
        audit.record(db, "claim.make", "archive_claim", made.id, by=None, now=now)
    contact = contact_on_file(archive)
    if made.state is ClaimState.OPEN and contact is not None and not login_of(db, archive.id):
        reader = Reader("owner", archive.id, contact.channel, contact.key, "zh-Hans")
        try:
            codes.send(db, _proof(made, contact), reader, hash_key=hash_key, now=now)
        except TooManyCodes:
            return made
    return made


def claims_open(db: Session, owner: Owner) -> Sequence[ArchiveClaim]:
    """What an owner says is theirs and nobody has decided yet."""
    return db.scalars(
        select(ArchiveClaim)
        .where(ArchiveClaim.owner_id == owner.id, ArchiveClaim.state == ClaimState.OPEN)
        .order_by(ArchiveClaim.id)
    ).all()


def prove(db: Session, owner: Owner, typed: str, *, hash_key: str, now: datetime) -> bool:
    """Whether the typed code belongs to an open claim of the owner, which it then confirms.

    Commit after a wrong one too: the try counts.
    """
    for made in claims_open(db, owner):
        contact = contact_on_file(db.get_one(Owner, made.archive_id))
        if contact is None:
            continue
        if codes.use(db, _proof(made, contact), typed, hash_key=hash_key, now=now):
            login = login_of(db, owner.id)
            by = login.id if login else None
            confirm(db, made, hash_key=hash_key, by=by, now=now, by_code=True)
            return True
    return False


def confirm(
    db: Session,
    made: ArchiveClaim,
    *,
    hash_key: str,
    by: int | None,
    now: datetime,
    by_code: bool = False,
) -> None:
    """Tie the claimant's account and membership to the archive."""
    claimant = login_of(db, made.owner_id)
    if not by_code and claimant is not None and claimant.id == by:
        raise OwnClaim(N_("Please let a colleague decide on your own claim."))
    if claimant is None or login_of(db, made.archive_id) is not None:
        raise ArchiveHasLogin(
            N_("This archive already belongs to a member. Please look at both by hand.")
        )
    _decide(db, made, ClaimState.CONFIRMED, by, now)
    details = {"archive": made.archive_id, "how": "code" if by_code else "counter"}
    audit.record(db, "claim.confirm", "archive_claim", made.id, by=by, now=now, **details)
    merge(
        db,
        db.get_one(Owner, made.archive_id),
        db.get_one(Owner, made.owner_id),
        reason=BY_CODE if by_code else AT_COUNTER,
        hash_key=hash_key,
        by=by,
        now=now,
        proven=by_code,
    )


def decline(db: Session, made: ArchiveClaim, *, by: int, now: datetime) -> None:
    """Leave the archive alone; the owner stays a member with what they have."""
    _decide(db, made, ClaimState.DECLINED, by, now)
    audit.record(
        db, "claim.decline", "archive_claim", made.id, by=by, now=now, archive=made.archive_id
    )


def open_claims(db: Session, *, limit: int = 100) -> Sequence[ArchiveClaim]:
    """Claims that wait for a decision, oldest first, at most `limit`."""
    waiting = select(ArchiveClaim).where(ArchiveClaim.state == ClaimState.OPEN)
    return db.scalars(waiting.order_by(ArchiveClaim.id).limit(limit)).all()


def contact_on_file(archive: Owner) -> Contact | None:
    """Where the archive can be reached, its mobile number first."""
    if archive.phone:
        return Contact(Channel.TEXT, archive.phone)
    return Contact(Channel.EMAIL, archive.email) if archive.email else None


def login_of(db: Session, owner_id: int) -> Account | None:
    """The account of an owner, if they have one."""
    return db.scalar(select(Account).where(Account.owner_id == owner_id))


def _proof(made: ArchiveClaim, contact: Contact) -> Proof:
    """Bound to its claim, so that a code for one claimant is none for another."""
    return Proof(CodePurpose.CLAIM, contact, about=f"claim {made.id}")


def _decide(
    db: Session, made: ArchiveClaim, state: ClaimState, by: int | None, now: datetime
) -> None:
    decided = rows_changed(
        db,
        update(ArchiveClaim)
        .where(ArchiveClaim.id == made.id, ArchiveClaim.state == ClaimState.OPEN)
        .values(state=state, decided_at=now, decided_by_id=by),
    )
    if decided != 1:
        raise ClaimDecided(N_("This claim has already been decided."))
