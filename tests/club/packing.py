"""Packages to test with."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from club import package_kinds, packages
from club.models import Package, PackageKind
from club.package_kinds import ItemWords, PackageWords
from members.models import OrderKind, Owner
from tests.club.scene import NOW, TODAY

_numbers = count(1)
THREE_SERVICES = ItemWords("小保养", OrderKind.SCHEDULED, 3, "Small service")
ONE_CHECK = ItemWords("空调清洗", OrderKind.MINOR_REPAIR, 1, "Air-conditioning cleaning")


def kind(db: Session, **terms: Any) -> PackageKind:
    """A package on sale: three services and a cleaning for ¥1,000, good for two years."""
    values: dict[str, Any] = {
        "name_zh": "三保一洗",
        "name_en": "Three and one",
        "items": (THREE_SERVICES, ONE_CHECK),
        "price_fen": 1_000_00,
        "months": 24,
        "one_car": False,
    }
    made = package_kinds.keep(db, None, PackageWords(**values | terms), by=None, now=NOW)
    package_kinds.publish(db, made, by=None, now=NOW)
    return made


def sold(db: Session, who: Owner, of: PackageKind | None = None, **sale: Any) -> Package:
    """A package sold at its price."""
    chosen = of or kind(db)
    values: dict[str, Any] = {
        "paid_fen": chosen.price_fen,
        "request_id": f"p{next(_numbers)}",
        "today": TODAY,
        "by": None,
        "now": NOW,
    }
    return packages.sell(db, chosen, who, **values | sale)
