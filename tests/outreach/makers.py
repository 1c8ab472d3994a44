"""Owners, cars, shops and letters for the tests of this room."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from foundation.shop import Shop
from members.models import Account, MemberFacts, Membership, Owner
from outreach import consents
from outreach.models import Topic

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)  # Monday noon in the shop


def a_shop(db: Session) -> Shop:
    shop = Shop(
        name_zh="云岭汽车服务中心",
        name_en="Yunling Service Centre",
        club_name_zh="云岭车主会",
        club_name_en="Yunling Owners' Club",
        address_zh="深圳市南山区学府路 1 号",
        phone="+8675526000000",
        footer_zh="云岭汽车服务中心",
    )
    db.add(shop)
    db.flush()
    return shop


def an_owner(db: Session, name: str = "林书怡", **fields: Any) -> Owner:
    owner = Owner(name=name, created_at=NOW, **fields)
    db.add(owner)
    db.flush()
    return owner


def a_member(
    db: Session, name: str = "林书怡", *, agrees: tuple[Topic, ...] = (), **fields: Any
) -> Owner:
    """An owner in the club with a facts row, who agreed to the topics."""
    owner = an_owner(db, name, **fields)
    db.add(Membership(owner_id=owner.id, number=f"M{owner.id:06}", joined_on=date(2025, 1, 1)))
    db.add(MemberFacts(owner_id=owner.id))
    for topic in agrees:
        consents.answer(
            db, owner.id, topic, True, wording="2026-11", source="join", by=None, now=NOW
        )
    db.flush()
    return owner


def an_account(db: Session, owner: Owner | None = None, **fields: Any) -> Account:
    account = Account(owner=owner, created_at=NOW, **fields)
    db.add(account)
    db.flush()
    return account
