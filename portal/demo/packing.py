"""Packages sold and used, what is agreed with a company, and cards of a shop that closed."""

import csv
import io
import tomllib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import agreements, package_kinds, package_use, packages
from club.agreements import PriceWords
from club.models import PackageKind
from club.package_kinds import ItemWords, PackageWords
from foundation import clock
from members.models import Membership, Owner, Ownership
from portal.balance_rows import COLUMNS
from portal.demo.people import Drawing
from portal.demo.story import Story
from portal.demo.workshop import kind_named
from portal.importing import reception, reporting, signing
from portal.importing.kinds import SHAPES
from portal.importing.recording import unreadable
from portal.models import BatchState, FileKind, ImportBatch

TOLD = tomllib.loads((Path(__file__).parent / "packages.toml").read_text("utf-8"))


def sell(db: Session, draw: Drawing, told: Story, *, by: int) -> None:
    """The kinds on sale; one of the owner's is partly used, one of the friend's new, and some
    members have services that they paid ahead."""
    at = draw.moment(draw.today - timedelta(days=300))
    kinds: dict[str, PackageKind] = {}
    for row in TOLD["kinds"]:
        kinds[row["key"]] = package_kinds.keep(db, None, _words(row), by=by, now=at)
        if not row.get("draft"):
            package_kinds.publish(db, kinds[row["key"]], by=by, now=at)
    for row in TOLD["sales"]:
        used = row.get("used_days_ago", ())
        _sell(db, draw, getattr(told, row["owner"]), kinds[row["kind"]], row["days_ago"], used, by)
    others = select(Owner).join(Membership, Membership.owner_id == Owner.id)
    others = others.where(
        Owner.id.not_in([told.owner.id, told.friend.id]),
        Owner.id.in_(select(Ownership.owner_id).where(Ownership.until_on.is_(None))),
    )
    for owner in db.scalars(others.order_by(Owner.id).limit(TOLD["others"])).all():
        ago = draw.chance.randint(60, 250)
        _sell(db, draw, owner, kinds["services"], ago, (ago // 2, 12)[: owner.id % 3], by)


def _sell(
    db: Session,
    draw: Drawing,
    owner: Owner,
    kind: PackageKind,
    ago: int,
    used_ago: Sequence[int],
    by: int,
) -> None:
    day = draw.today - timedelta(days=ago)
    cars = select(Ownership.vehicle_id).where(
        Ownership.owner_id == owner.id, Ownership.until_on.is_(None)
    )
    sold = packages.sell(
        db,
        kind,
        owner,
        vehicle_id=db.scalars(cars.order_by(Ownership.id)).first(),
        paid_fen=kind.price_fen,
        request_id=f"demo-{owner.id}",
        today=day,
        by=by,
        now=draw.moment(day),
    )
    for days in used_ago:
        used = draw.today - timedelta(days=days)
        package_use.use(
            db,
            sold.items[0],
            request_id=f"demo-{days}",
            today=used,
            by=by,
            now=draw.moment(used),
        )


def agree(db: Session, draw: Drawing, company: Owner, *, by: int) -> None:
    """A fleet pays less for its services, a fixed price for its repairs."""
    for row in TOLD["prices"]:
        begin = draw.today - timedelta(days=row["days_ago"])
        words = PriceWords(
            kind_named(row["work"]),
            row.get("percent"),
            row["yuan"] * 100 if "yuan" in row else None,
            begin,
            clock.add_months(begin, row["months"]) if "months" in row else None,
            row["note"],
        )
        agreements.agree(db, company, words, by=by, now=draw.moment(begin))


def old_cards(db: Session, draw: Drawing, *, by: int, signs: int, hash_key: str) -> None:
    """Cards of a shop that closed: the first file is signed and in, the second one waits."""
    for row in TOLD["files"]:
        arrived = reception.look(row["name"], _file(draw, row))
        batch = reception.receive(
            db, TOLD["source"], arrived, kind=FileKind.BALANCES, by=by, now=draw.now
        )
        _try(db, batch, draw, hash_key)
        if row["signed"]:
            signing.sign(db, batch, batch.sums["points"], by=signs, now=draw.now)
            for _step in signing.apply(db, batch, hash_key=hash_key, now=draw.now):
                pass


def _try(db: Session, batch: ImportBatch, draw: Drawing, hash_key: str) -> None:
    """What the worker does in a copy of the database, here before anything is committed."""
    shape = SHAPES[batch.kind]
    read = shape.read(batch.content or b"", batch.filename, batch.mapping)
    trial = db.begin_nested()
    tried = shape.record(db, batch, read.rows, draw.now, hash_key=hash_key)
    outcomes = unreadable(read.refused) + tried.outcomes
    trial.rollback()
    reporting.add(db, batch, outcomes)
    batch.rows, batch.state, batch.sums = len(outcomes), BatchState.CHECKED, shape.sums_of(outcomes)
    db.flush()


def _file(draw: Drawing, row: dict[str, Any]) -> bytes:
    """A sheet as the old system wrote it, for people whom the archive does not know yet."""
    text = io.StringIO(newline="")
    lines = csv.DictWriter(text, [COLUMNS[field][0] for field in TOLD["columns"]])
    lines.writeheader()
    for number, held in enumerate(row["cards"]):
        sex = "female" if number % 2 else "male"
        end = clock.add_months(draw.today, held.pop("months", 10)).isoformat()
        until = {f"{what}_until": end for what in ("tier", "points", "package") if what in held}
        who = {"card": f"{row['stem']}{number + 1:04d}", "name": draw.names.person(sex)}
        values = who | {"phone": draw.numbers.phone()} | held | until
        lines.writerow({COLUMNS[field][0]: value for field, value in values.items()})
    return text.getvalue().encode("gb18030")


def _words(row: dict[str, Any]) -> PackageWords:
    return PackageWords(
        name_zh=row["zh"],
        name_en=row["en"],
        about_zh=row["about_zh"],
        about_en=row["about_en"],
        items=tuple(
            ItemWords(one["zh"], kind_named(one["work"]), one["times"], one["en"])
            for one in row["items"]
        ),
        price_fen=row["yuan"] * 100,
        months=row["months"],
        one_car=row["one_car"],
    )
