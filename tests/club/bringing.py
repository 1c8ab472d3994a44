"""Members who bring others, to test with."""

from datetime import date

from sqlalchemy.orm import Session

from club import jobs, referrals
from club.models import Referral
from foundation.settings import Settings
from members.models import Membership, Owner
from tests import making
from tests.club.scene import NOW, TODAY, moment

REWARD = 500


def new_member(db: Session, **facts: object) -> Owner:
    made = making.make_owner(db, "李雷", **facts)
    db.add(Membership(owner=made, number=f"N{made.id}", joined_on=TODAY))
    db.flush()
    return made


def joined(db: Session, referrer: Owner, referred: Owner) -> Referral | None:
    return referrals.joined(db, referred.id, referrer.id, on=TODAY, by=None, now=NOW)


def run(db: Session, settings: Settings, day: date) -> None:
    """The daily job of a shop day."""
    jobs.credit_referrals(db, settings, moment(day))


def pair(db: Session) -> tuple[Owner, Owner, Referral]:
    referrer, referred = making.make_member(db), new_member(db)
    made = joined(db, referrer, referred)
    assert made is not None
    return referrer, referred, made
