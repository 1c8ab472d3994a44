"""What people change about their own account: name, language, proven contacts."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.outbox import Channel
from foundation.refusals import Refusal
from foundation.words import N_
from members.contacts import Contact
from members.models import Account
from members.names import sort_key

LANGUAGES = ("zh-Hans", "en")


class NameMissing(Refusal):
    """Everybody has a name."""


class ContactTaken(Refusal):
    """Another account has proven this contact."""


def rename(db: Session, account: Account, name: str, *, by: int, now: datetime) -> None:
    """The name on the account, and on the owner behind it."""
    plain = " ".join(name.split())
    if not plain:
        raise NameMissing(N_("Please enter your name."))
    if plain == account.name and (account.owner is None or account.owner.name == plain):
        return
    account.name = plain
    if account.owner is not None:
        account.owner.name, account.owner.name_sort = plain, sort_key(plain)
    audit.record(db, "account.rename", "account", account.id, by=by, now=now)
    db.flush()


def speak(db: Session, account: Account, language: str, *, by: int, now: datetime) -> None:
    """Pages and letters come in this language from now on; an unknown one changes nothing."""
    if language not in LANGUAGES or language == account.language:
        return
    account.language = language
    audit.record(db, "account.language", "account", account.id, by=by, now=now, language=language)
    db.flush()


def pick_events(db: Session, account: Account, picks: bool, *, by: int, now: datetime) -> None:
    """Whether the programme is in the order of what they like, or plainly by date."""
    if picks == account.picks_events:
        return
    account.picks_events = picks
    audit.record(db, "account.picks", "account", account.id, by=by, now=now, picks=picks)
    db.flush()


def take_contact(db: Session, account: Account, proven: Contact, *, by: int, now: datetime) -> None:
    """A contact that a code has proven: it signs in and is written to from now on."""
    column = Account.email if proven.channel is Channel.EMAIL else Account.phone
    if db.scalar(select(Account.id).where(column == proven.key, Account.id != account.id)):
        raise contact_taken()
    for thing in (account, account.owner):
        if thing is not None and proven.channel is Channel.EMAIL:
            thing.email = proven.key
        elif thing is not None:
            thing.phone = proven.key
    if proven.channel is Channel.TEXT:
        account.given_phone = None
    else:
        account.given_email = None
    channel = proven.channel.value
    audit.record(db, "account.contact", "account", account.id, by=by, now=now, channel=channel)
    db.flush()


def contact_taken() -> ContactTaken:
    """The refusal of a contact that another account has."""
    return ContactTaken(
        N_("Another account uses this contact. Please call us, we will put it in order.")
    )
