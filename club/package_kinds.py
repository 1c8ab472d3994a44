"""Staff write the terms of kinds of packages: a draft is edited, a kind on sale only stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from club.models import KindState, PackageKind, PackageKindItem
from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import OrderKind

MOST_ITEMS, MOST_TIMES, MOST_MONTHS, MOST_FEN = 8, 100, 120, 100_000_000


class PackageNotReady(Refusal):
    """Something in the terms is missing or out of every range."""


class SoldAlready(Refusal):
    """Owners hold packages with these terms, so they are not edited any more."""


class NotOnSale(Refusal):
    """Only a kind on sale is sold and can be stopped."""


@dataclass(frozen=True, slots=True)
class ItemWords:
    """One thing in a package, as typed."""

    name_zh: str
    work: OrderKind
    times: int
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class PackageWords:
    """A kind of package as typed; see PackageKind."""

    name_zh: str
    items: tuple[ItemWords, ...]
    price_fen: int
    months: int
    name_en: str = ""
    about_zh: str = ""
    about_en: str = ""
    one_car: bool = True


def keep(
    db: Session, kind: PackageKind | None, said: PackageWords, *, by: int | None, now: datetime
) -> PackageKind:
    """Store a new draft, or what changed of one."""
    if kind is not None and kind.state is not KindState.DRAFT:
        raise SoldAlready(
            N_("Packages of this kind may be in owners’ hands. Stop it and write a new one.")
        )
    _check(said)
    kept = kind or PackageKind(created_at=now, account_id=by, state=KindState.DRAFT)
    kept.name_zh, kept.name_en = _plain(said.name_zh), _plain(said.name_en) or None
    kept.about_zh, kept.about_en = _plain(said.about_zh), _plain(said.about_en) or None
    kept.price_fen, kept.months, kept.one_car = said.price_fen, said.months, said.one_car
    kept.items.clear()
    db.add(kept)
    db.flush()
    kept.items = [
        PackageKindItem(
            position=place,
            name_zh=_plain(one.name_zh),
            name_en=_plain(one.name_en) or None,
            work=one.work,
            times=one.times,
        )
        for place, one in enumerate(said.items, 1)
    ]
    db.flush()
    act = "package-kind.change" if kind else "package-kind.draft"
    audit.record(db, act, "package-kind", kept.id, by=by, now=now)
    return kept


def publish(db: Session, kind: PackageKind, *, by: int | None, now: datetime) -> None:
    """From now on it is sold, and its terms stay as they are."""
    if kind.state is not KindState.DRAFT:
        raise SoldAlready(N_("Only a draft can be put on sale."))
    kind.state = KindState.LIVE
    audit.record(db, "package-kind.publish", "package-kind", kind.id, by=by, now=now)
    db.flush()


def stop(db: Session, kind: PackageKind, *, by: int | None, now: datetime) -> None:
    """It is sold no more; packages already sold stay good until their day."""
    if kind.state is not KindState.LIVE:
        raise NotOnSale(N_("Only a kind on sale can be stopped."))
    kind.state = KindState.STOPPED
    audit.record(db, "package-kind.stop", "package-kind", kind.id, by=by, now=now)
    db.flush()


def all_kinds(db: Session) -> Sequence[PackageKind]:
    """Every kind, those on sale first, then drafts, then what was stopped."""
    order = {KindState.LIVE: 0, KindState.DRAFT: 1, KindState.STOPPED: 2}
    query = select(PackageKind).order_by(PackageKind.id.desc())
    kinds = db.scalars(query.options(selectinload(PackageKind.items)))
    return sorted(kinds, key=lambda kind: order[kind.state])


def _plain(text: str) -> str:
    return " ".join(text.split())


def _check(said: PackageWords) -> None:
    if not said.name_zh.strip():
        raise PackageNotReady(N_("Please enter the Chinese name."))
    if not 0 <= said.price_fen <= MOST_FEN:
        raise PackageNotReady(N_("That is not a price a package can have."))
    if not 0 < said.months <= MOST_MONTHS:
        raise PackageNotReady(N_("A package is good for 1 to %(most)s months."), most=MOST_MONTHS)
    if not 0 < len(said.items) <= MOST_ITEMS:
        raise PackageNotReady(N_("Please say what is in the package, and how often."))
    for one in said.items:
        if not one.name_zh.strip():
            raise PackageNotReady(N_("Each thing in the package has a Chinese name."))
        if not 0 < one.times <= MOST_TIMES:
            raise PackageNotReady(
                N_("A thing in the package is done 1 to %(most)s times."), most=MOST_TIMES
            )
