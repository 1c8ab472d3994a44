"""Kinds, vouchers, rules and rewards to test with."""

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from club import voucher_use, vouchers
from club.models import (
    KindState,
    Reward,
    Shape,
    Source,
    Voucher,
    VoucherKind,
    VoucherRule,
    VoucherUse,
)
from club.voucher_use import OrderDraft
from club.vouchers import Cause
from members.models import Owner
from tests.club import scene
from tests.club.scene import NOW, TODAY

_numbers = count(1)


def kind(db: Session, **terms: Any) -> VoucherKind:
    """A kind in force, ¥100 off any work for a year unless told otherwise."""
    values: dict[str, Any] = {
        "name_zh": "百元券",
        "name_en": "¥100 voucher",
        "shape": Shape.AMOUNT,
        "fen": 100_00,
        "days": 365,
        "state": KindState.LIVE,
        "uses": 1,
        "issued": 0,
        "created_at": NOW,
    }
    made = VoucherKind(**values | terms)
    db.add(made)
    db.flush()
    return made


def voucher(db: Session, who: Owner, of: VoucherKind | None = None, **cause: Any) -> Voucher:
    """A voucher from the desk."""
    values: dict[str, Any] = {"source": Source.DESK, "id": f"t{next(_numbers)}", "on": TODAY}
    day = cause.pop("today", TODAY)
    return vouchers.issue(db, of or kind(db), who.id, Cause(**values | cause, now=NOW), today=day)


def redeem(
    db: Session, one: Voucher, order: OrderDraft | None = None, *, on: date = TODAY, **more: Any
) -> VoucherUse:
    """Use a voucher with a request of its own."""
    more.setdefault("request_id", f"r{next(_numbers)}")
    return voucher_use.redeem(
        db, one, order or OrderDraft(), today=on, by=None, now=scene.moment(on), **more
    )


def tyre_rule(db: Session, **terms: Any) -> VoucherRule:
    """Two or more tyres of two brands: one ¥100 voucher each, for the next visit."""
    values: dict[str, Any] = {
        "name": "轮胎",
        "brands": ["Norden", "北原"],
        "words": [],
        "at_least": 2,
        "each_unit": True,
        "from_on": date(2026, 1, 1),
        "active": True,
        "created_at": NOW,
    }
    of = terms.pop("kind", None) or kind(db, next_visit=True, days=180)
    made = VoucherRule(**values | terms, kind=of)
    db.add(made)
    db.flush()
    return made


def reward(db: Session, points: int = 500, **terms: Any) -> Reward:
    made = Reward(kind=terms.pop("kind", None) or kind(db), points=points, **terms)
    db.add(made)
    db.flush()
    return made
