"""How to reach an owner: e-mail, else a text, else their advisor by WeChat."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.outbox import Channel, Reader
from members.models import Account, Owner


def reader_of(db: Session, owner: Owner) -> Reader:
    """The owner as a letter's reader, in their account's language.

    Nobody is dropped for having no e-mail (domain, section 1): WeChat takes whoever has neither.
    """
    account = db.scalar(select(Account).where(Account.owner_id == owner.id))
    language = account.language if account else "zh-Hans"
    email = (account.email if account else None) or owner.email
    phone = (account.phone if account else None) or owner.phone
    if email:
        return Reader("owner", owner.id, Channel.EMAIL, email, language)
    if phone:
        return Reader("owner", owner.id, Channel.TEXT, phone, language)
    return Reader("owner", owner.id, Channel.WECHAT, "", language)
