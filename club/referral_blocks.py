"""Why one person cannot bring another: the same one, the same household, or somebody of ours."""

import re
import unicodedata
from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from club.models import Block
from members.models import (
    Account,
    AccountRole,
    ArchiveClaim,
    CompanyPerson,
    Owner,
    Ownership,
)

_NO_LETTER = re.compile(r"[\W_]+")


def block_between(db: Session, referrer_id: int, referred_id: int) -> Block | None:
    """The first reason why the one cannot bring the other; None where nothing stands between."""
    return next(blocks_between(db, referrer_id, referred_id), None)


def blocks_between(db: Session, referrer_id: int, referred_id: int) -> Iterator[Block]:
    """Every reason why the one cannot bring the other, the weightiest first."""
    if referrer_id == referred_id:
        yield Block.SELF
        return
    both = (referrer_id, referred_id)
    if _works_here(db, Account.owner_id.in_(both)):
        yield Block.STAFF
    if phones_of(db, referrer_id) & phones_of(db, referred_id):
        yield Block.PHONE
    if _same_address(db, *both):
        yield Block.ADDRESS
    if _same_car(db, *both):
        yield Block.CAR
    if set(_companies(db, both[0])) & set(_companies(db, both[1])):
        yield Block.COMPANY


def block_of_number(db: Session, referrer_id: int, phone: str) -> Block | None:
    """The same about somebody of whom only the number is known."""
    account = or_(Account.phone == phone, Account.given_phone == phone)
    if _works_here(db, or_(Account.owner_id == referrer_id, account)):
        return Block.STAFF
    return Block.PHONE if phone in phones_of(db, referrer_id) else None


def phones_of(db: Session, owner_id: int) -> set[str]:
    """Every number under which an owner is known here, proven or not."""
    rows = db.execute(
        select(Owner.phone, Account.phone, Account.given_phone)
        .outerjoin(Account, Account.owner_id == Owner.id)
        .where(Owner.id == owner_id)
    )
    return {number for row in rows for number in row if number}


def _works_here(db: Session, whose: ColumnElement[bool]) -> bool:
    query = select(AccountRole.id).join(AccountRole.account).where(whose)
    return db.scalar(query.limit(1)) is not None


def _same_address(db: Session, first_id: int, second_id: int) -> bool:
    query = select(Owner.address).where(Owner.id.in_((first_id, second_id)))
    written = [_plain(address or "") for address in db.scalars(query)]
    return bool(written[0]) and written[0] == written[-1]


def _plain(address: str) -> str:
    """Without spaces, signs and widths: two people seldom write one address the same way."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", address)).casefold()


def _same_car(db: Session, first_id: int, second_id: int) -> bool:
    """One car that both had at any time, or one that the one claims out of the other's archive."""
    theirs = aliased(Ownership)
    shared = (
        select(Ownership.id)
        .join(theirs, theirs.vehicle_id == Ownership.vehicle_id)
        .where(Ownership.owner_id == first_id, theirs.owner_id == second_id)
    )
    claimed = select(ArchiveClaim.id).where(
        ArchiveClaim.owner_id.in_((first_id, second_id)),
        ArchiveClaim.archive_id.in_((first_id, second_id)),
    )
    return any(db.scalar(query.limit(1)) is not None for query in (shared, claimed))


def _companies(db: Session, owner_id: int) -> Iterator[int]:
    """The companies that an owner belongs to, or is."""
    yield owner_id
    query = select(func.distinct(CompanyPerson.company_id))
    yield from db.scalars(query.where(CompanyPerson.person_id == owner_id))
