"""How to reach an owner: e-mail, else a text, else their advisor by WeChat."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from foundation.outbox import Channel, Reader
from members.models import Account, Owner


def reader_of(owner: Owner) -> Reader:
    """The owner as a letter's reader, in their account's language.

    Nobody is dropped for having no e-mail (domain, section 1): WeChat takes whoever has neither.
    """
    return _reader(owner, owner.account)


def readers_of(db: Session, owners: Sequence[Owner]) -> dict[int, Reader]:
    """Many owners as readers, by their ids, in one query."""
    ids = [owner.id for owner in owners]
    accounts = {row.owner_id: row for row in db.scalars(_accounts(ids))}
    return {owner.id: _reader(owner, accounts.get(owner.id)) for owner in owners}


def _accounts(owner_ids: Sequence[int]) -> Select[Account]:
    return select(Account).where(Account.owner_id.in_(owner_ids))


def _reader(owner: Owner, account: Account | None) -> Reader:
    language = account.language if account else "zh-Hans"
    email = (account.email if account else None) or owner.email
    phone = (account.phone if account else None) or owner.phone
    if email:
        return Reader("owner", owner.id, Channel.EMAIL, email, language)
    if phone:
        return Reader("owner", owner.id, Channel.TEXT, phone, language)
    return Reader("owner", owner.id, Channel.WECHAT, "", language)
