"""Who checks cards at a partner: accounts that belong to one partner and see nothing else."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from club.models import Partner, PartnerClerk
from foundation import audit
from foundation.refusals import Refusal
from foundation.roles import Role
from foundation.shop import the_shop
from foundation.words import N_
from members import signing_in, staff_accounts
from members.account_details import contact_taken
from members.models import Account
from members.staff_accounts import Colleague


class NameMissing(Refusal):
    """A clerk has a name."""


def partner_of(db: Session, account_id: int) -> Partner | None:
    """The one partner that an account checks cards for."""
    return db.scalar(
        select(Partner)
        .join(PartnerClerk, PartnerClerk.partner_id == Partner.id)
        .where(PartnerClerk.account_id == account_id)
    )


def clerks_of(db: Session, partner_id: int) -> list[PartnerClerk]:
    """The clerks of a partner, those who may sign in first."""
    found = db.scalars(
        select(PartnerClerk)
        .where(PartnerClerk.partner_id == partner_id)
        .options(joinedload(PartnerClerk.account))
    )
    return sorted(found, key=lambda one: (not one.account.active, one.account_id))


def add_clerk(
    db: Session,
    partner: Partner,
    *,
    name: str,
    phone: str | None,
    email: str | None,
    by: int | None,
    now: datetime,
) -> Account:
    """A login of the partner's own, told by letter how to sign in the first time.

    A contact that somebody signs in with already is refused: a clerk is nobody else here.
    """
    if not name.strip():
        raise NameMissing(N_("Please enter the clerk’s name."))
    taken = select(Account.id).where(
        (Account.phone == phone) if phone else (Account.email == email)
    )
    if (phone or email) and db.scalar(taken) is not None:
        raise contact_taken()
    colleague = Colleague(name.strip()[:60], phone, email, frozenset({Role.PARTNER_CLERK}))
    account = staff_accounts.hire(db, colleague, shop_id=the_shop(db).id, by=by, now=now)
    db.add(PartnerClerk(account_id=account.id, partner_id=partner.id))
    audit.record(db, "partner.clerk", "partner", partner.id, by=by, now=now, account=account.id)
    db.flush()
    return account


def close_clerk(db: Session, clerk: PartnerClerk, *, by: int, now: datetime) -> None:
    """Shut a clerk's login at once; what was confirmed stays."""
    clerk.account.active = False
    signing_in.end_sessions(db, clerk.account, by=by, now=now)
    audit.record(
        db, "partner.clerk-close", "partner", clerk.partner_id, by=by, now=now,
        account=clerk.account_id,
    )  # fmt: skip
    db.flush()
