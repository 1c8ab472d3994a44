"""Add what every club has from its first day, and leave alone what staff made of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import (
    Benefit,
    RuleTier,
    RuleVersion,
    ServiceDiscount,
    Tier,
    TierBenefit,
    TierCode,
)
from events.models import CheckTemplate, EventKind, Unit
from foundation.shop import Shop
from members.models import Interest, InterestGroup, OrderKind
from portal.models import ImportSource
from portal.reference.check_points import check_template
from portal.reference.tables import check_templates, event_kinds, table

AS_OFTEN_AS_WANTED = -1
_ORDER_KINDS = {kind.value: kind for kind in OrderKind}


def seed(db: Session, *, now: datetime) -> None:
    """Add the rows that are missing. A row that is there stays as it is, whoever changed it."""
    _shop(db)
    _interests(db)
    _tiers(db)
    _rules(db, now)
    _benefits(db)
    _discounts(db)
    _event_kinds(db)
    _check_templates(db)
    _sources(db)
    db.flush()


def _shop(db: Session) -> None:
    if db.scalar(select(Shop.id).limit(1)) is None:
        db.add(Shop(**table("shop")))


def _interests(db: Session) -> None:
    groups = {group.code: group for group in db.scalars(select(InterestGroup))}
    known = set(db.scalars(select(Interest.code)))
    for place, row in enumerate(table("interests")["groups"], 1):
        group = groups.get(row["code"])
        if group is None:
            group = InterestGroup(**_named(row), position=place)
            db.add(group)
            db.flush()
        db.add_all(
            Interest(**_named(item), group_id=group.id, position=number)
            for number, item in enumerate(row["items"], 1)
            if item["code"] not in known
        )


def _tiers(db: Session) -> None:
    known = set(db.scalars(select(Tier.code)))
    for row in table("tiers")["tiers"]:
        if (code := TierCode(row["code"])) not in known:
            places = {"early_hours": row["early_hours"], "reserved_places": row["reserved_places"]}
            db.add(Tier(**_named(row) | {"code": code}, **places))
    db.flush()


def _rules(db: Session, now: datetime) -> None:
    if db.scalar(select(RuleVersion.id).limit(1)) is not None:
        return
    rules = table("tiers")["rules"]
    db.add(
        RuleVersion(
            name=rules["name"],
            starts_on=rules["starts_on"],
            published_at=now,
            bonuses=rules["bonuses"],
            tiers=[RuleTier(**row | {"tier": TierCode(row["tier"])}) for row in rules["tiers"]],
        )
    )


def _benefits(db: Session) -> None:
    known = set(db.scalars(select(Benefit.code)))
    for place, row in enumerate(table("tiers")["benefits"], 1):
        if row["code"] in known:
            continue
        about = {"about_zh": row["about_zh"], "about_en": row["about_en"]}
        benefit = Benefit(**_named(row), **about, icon=row["icon"], position=place)
        db.add(benefit)
        db.flush()
        db.add_all(
            TierBenefit(
                tier=TierCode(tier),
                benefit_id=benefit.id,
                yearly=None if count == AS_OFTEN_AS_WANTED else count,
            )
            for tier, count in row["yearly"].items()
        )


def _discounts(db: Session) -> None:
    if db.scalar(select(ServiceDiscount.id).limit(1)) is not None:
        return
    for tier, kinds in table("tiers")["discounts"].items():
        db.add_all(
            ServiceDiscount(tier=TierCode(tier), kind=_ORDER_KINDS[kind], percent=percent)
            for kind, percent in kinds.items()
        )


def _event_kinds(db: Session) -> None:
    known = set(db.scalars(select(EventKind.code)))
    db.add_all(
        EventKind(
            **_named(row),
            cover=row["cover"],
            unit=Unit(row["unit"]),
            starting=row["starting"],
            position=place,
        )
        for place, row in enumerate(event_kinds(), 1)
        if row["code"] not in known
    )


def _check_templates(db: Session) -> None:
    known = set(db.scalars(select(CheckTemplate.code)))
    db.add_all(
        check_template(row, place)
        for place, row in enumerate(check_templates(), 1)
        if row["code"] not in known
    )


def _sources(db: Session) -> None:
    known = set(db.scalars(select(ImportSource.name)))
    missing = [name for name in table("sources")["sources"] if name not in known]
    db.add_all(ImportSource(name=name, mapping={}) for name in missing)


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {"code": row["code"], "name_zh": row["zh"], "name_en": row["en"]}
