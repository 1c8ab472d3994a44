"""A member's link: its code, and whose it is."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from club.models import JoinSource, ReferralDay, ReferralLink
from foundation import tokens
from members.models import Membership, Owner

LENGTH = 7


def link_of(db: Session, owner_id: int) -> ReferralLink | None:
    """The member's link, where they have opened the page before."""
    return db.scalar(select(ReferralLink).where(ReferralLink.owner_id == owner_id))


def make_link(db: Session, owner_id: int, *, now: datetime) -> ReferralLink:
    """The member's link, made at the first call."""
    found = link_of(db, owner_id)
    if found is None:
        found = ReferralLink(owner_id=owner_id, code=free_code(db), created_at=now, opened=0)
        db.add(found)
        db.flush()
    return found


def referrer_of(db: Session, code: str) -> int | None:
    """The member behind a code, merged archives followed; None where nobody is in the club."""
    owner = db.scalar(
        select(Owner).join(ReferralLink, ReferralLink.owner_id == Owner.id).where(_is(code))
    )
    while owner is not None and owner.merged_into_id is not None:
        owner = db.get(Owner, owner.merged_into_id)
    membership = db.get(Membership, owner.id) if owner is not None else None
    return membership.owner_id if membership is not None and membership.left_on is None else None


def opened(db: Session, code: str, *, on: date) -> None:
    """One more browser came by the link, on this day."""
    more = update(ReferralLink).where(_is(code)).values(opened=ReferralLink.opened + 1)
    db.execute(more, execution_options={"synchronize_session": False})
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    day = insert(ReferralDay).values(on=on, visits=1)
    one_more = {"visits": ReferralDay.visits + 1}
    db.execute(day.on_conflict_do_update(index_elements=["on"], set_=one_more))


def free_code(db: Session) -> str:
    """A code that neither a member's link nor a source has."""
    while True:
        code = tokens.clear_code(LENGTH)
        taken = [
            db.scalar(select(ReferralLink.id).where(ReferralLink.code == code)),
            db.scalar(select(JoinSource.id).where(JoinSource.code == code)),
        ]
        if taken == [None, None]:
            return code


def _is(code: str) -> ColumnElement[bool]:
    return ReferralLink.code == tokens.normalise_clear(code)
