"""The secret address of a member's own calendar: made, renewed, ended."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.models import CalendarSubscription
from events.tickets import TicketKeys
from foundation import audit, tokens
from members.models import Account


def subscription_of(db: Session, account_id: int) -> CalendarSubscription | None:
    """The calendar of this login, if it has one."""
    return db.scalar(
        select(CalendarSubscription).where(CalendarSubscription.account_id == account_id)
    )


def renew(
    db: Session, account: Account, *, keys: TicketKeys, by: int, now: datetime
) -> CalendarSubscription:
    """A calendar with a new address; a former address leads nowhere from now on."""
    secret = tokens.random_secret()
    found = subscription_of(db, account.id) or CalendarSubscription(account_id=account.id)
    found.secret_sealed = tokens.seal(keys.data, secret)
    found.secret_index = tokens.blind_index(keys.hash, secret)
    found.made_at = now
    db.add(found)
    audit.record(db, "calendar.renew", "account", account.id, by=by, now=now)
    db.flush()
    return found


def end(db: Session, account: Account, *, by: int, now: datetime) -> None:
    """The address leads nowhere any more; ending it twice changes nothing."""
    found = subscription_of(db, account.id)
    if found is None:
        return
    db.delete(found)
    audit.record(db, "calendar.end", "account", account.id, by=by, now=now)
    db.flush()


def secret_of(subscription: CalendarSubscription, keys: TicketKeys) -> str:
    """What stands in the address."""
    return tokens.unseal(keys.data, subscription.secret_sealed)


def reader_of_secret(db: Session, secret: str, *, keys: TicketKeys) -> Account | None:
    """Whose calendar it is, while they are a member and may sign in."""
    found = db.scalar(
        select(CalendarSubscription).where(
            CalendarSubscription.secret_index == tokens.blind_index(keys.hash, secret)
        )
    )
    if found is None or not found.account.active or not found.account.is_member:
        return None
    return found.account
