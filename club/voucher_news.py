"""A member is told of a voucher that is new to them.

What they bought, earned by an order or an event, or got from somebody is a service letter; what a
whole group gets is advertising, and goes to those who agreed to offers (R37, R38).
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from club.models import Source, Voucher
from foundation import outbox
from foundation.outbox import Draft, Purpose
from foundation.words import N_
from members.memberships import is_member
from members.models import Owner
from members.reaching import reader_of

KIND = "voucher"
OFFERS = "offers"  # the topic of outreach/ that members agree to
TELLS_FOR = timedelta(days=30)
"""Vouchers of older orders come in silence, and a letter that waited so long is not sent."""


def tell(db: Session, voucher: Voucher, *, today: date, now: datetime) -> None:
    """Post the letter: one for all vouchers of a kind that a member gets on one day.

    What came over from an earlier card is nothing new.
    """
    if voucher.source is Source.OPENING:
        return
    if not is_member(db, voucher.owner_id) or today - voucher.issued_on > TELLS_FOR:
        return
    key = f"voucher:{voucher.owner_id}:{voucher.kind_id}:{voucher.issued_on.isoformat()}"
    _post(db, key, voucher, passed=False, now=now)


def tell_passed(db: Session, voucher: Voucher, transfer_id: int, *, now: datetime) -> None:
    """Post the letter about a voucher that another member passed on."""
    _post(db, f"voucher-passed:{transfer_id}", voucher, passed=True, now=now)


def forget(db: Session, voucher: Voucher) -> None:
    """The voucher was taken back before anybody was told of it."""
    outbox.withdraw(db, KIND, voucher.id, why=N_("The voucher was taken back."))


def _post(db: Session, key: str, voucher: Voucher, *, passed: bool, now: datetime) -> None:
    kind, owner = voucher.kind, db.get_one(Owner, voucher.owner_id)
    marketing = voucher.source is Source.SEGMENT and not passed
    details = {
        "name": owner.name,
        "voucher_id": voucher.id,
        "kind_zh": kind.name_zh,
        "kind_en": kind.name_en or kind.name_zh,
        "until_on": voucher.until_on.isoformat() if voucher.until_on else None,
        "source": voucher.source.value,
        "passed": passed,
    }
    draft = Draft(
        "club/voucher-given",
        KIND,
        voucher.id,
        details,
        purpose=Purpose.MARKETING if marketing else Purpose.SERVICE,
        topic=OFFERS if marketing else None,
        not_after=now + TELLS_FOR,
    )
    outbox.post(db, key, reader_of(owner), draft, now=now)
