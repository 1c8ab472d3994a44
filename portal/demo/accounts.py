"""The logins of the demo club, printed by `make run`, and the colleagues who have none."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from foundation.roles import Role
from foundation.shop import the_shop
from members.models import Account, AccountRole
from members.passwords import hash_password


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A login that is printed; without a role it is an owner's."""

    label: str
    login: str
    password: str
    role: Role | None


DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount("Owner, gold member", "owner@demo.example", "owner-demo-1", None),
    DemoAccount("Owner, new member, in English", "friend@demo.example", "friend-demo-1", None),
    DemoAccount("Club manager", "staff@demo.example", "staff-demo-1", Role.CLUB_MANAGER),
    DemoAccount("Administrator", "admin@demo.example", "admin-demo-1", Role.ADMINISTRATOR),
    DemoAccount("Service advisor", "advisor@demo.example", "advisor-demo-1", Role.SERVICE_ADVISOR),
    DemoAccount("Sales advisor", "sales@demo.example", "sales-demo-1", Role.SALES_ADVISOR),
    DemoAccount("Care specialist", "care@demo.example", "care-demo-1", Role.CARE_SPECIALIST),
    DemoAccount("Marketing specialist", "market@demo.example", "market-demo-1", Role.MARKETING),
    DemoAccount("Partner clerk", "partner@demo.example", "partner-demo-1", Role.PARTNER_CLERK),
    DemoAccount("General manager", "general@demo.example", "general-demo-1", Role.GENERAL_MANAGER),
)

_STAFF_NAMES = {
    Role.CLUB_MANAGER: "沈知予",
    Role.ADMINISTRATOR: "陆怀真",
    Role.SERVICE_ADVISOR: "方启明",
    Role.SALES_ADVISOR: "贺兰舟",
    Role.CARE_SPECIALIST: "叶青禾",
    Role.MARKETING: "温若棠",
    Role.PARTNER_CLERK: "苏映雪",
    Role.GENERAL_MANAGER: "顾长安",
}
_COLLEAGUES = (
    ("程立群", Role.SERVICE_ADVISOR),
    ("罗砚秋", Role.SERVICE_ADVISOR),
    ("戴文心", Role.SERVICE_ADVISOR),
    ("邱景行", Role.SALES_ADVISOR),
    ("钟晚晴", Role.SALES_ADVISOR),
    ("许致远", Role.SERVICE_MANAGER),
    ("白若兰", Role.CARE_MANAGER),
)


def password_of(login: str) -> str:
    """The hash of a printed login's password."""
    return hash_password(next(one.password for one in DEMO_ACCOUNTS if one.login == login))


def add_staff(db: Session, *, now: datetime) -> list[Account]:
    """The staff who sign in and their colleagues; colleagues stand in for one another."""
    shop = the_shop(db)
    staff = [
        _staff(_STAFF_NAMES[one.role], one.role, shop.id, now, one.login)
        for one in DEMO_ACCOUNTS
        if one.role is not None
    ]
    staff += [_staff(name, role, shop.id, now, None) for name, role in _COLLEAGUES]
    db.add_all(staff)
    db.flush()
    for account in staff:
        same = [one for one in staff if one is not account and _role(one) is _role(account)]
        account.stand_in_id = same[0].id if same else None
    db.flush()
    return staff


def _staff(name: str, role: Role, shop_id: int, now: datetime, login: str | None) -> Account:
    return Account(
        name=name,
        email=login,
        password_hash=password_of(login) if login else None,
        created_at=now,
        roles=[AccountRole(role=role, shop_id=shop_id)],
    )


def _role(account: Account) -> Role:
    return account.roles[0].role
