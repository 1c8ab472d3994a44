"""Where members come from, counted: visits of a link, joined by it, came to the workshop after."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.orm import Session

from club.first_orders import paid_by
from club.models import (
    Arrival,
    JoinSource,
    Referral,
    ReferralDay,
    ReferralKind,
    ReferralLink,
    ReferralState,
    SourceDay,
)
from foundation.periods import Period
from foundation.sheets.writing import Value
from foundation.words import N_
from members.models import Owner, ServiceOrder

HEADERS = (
    N_("Source"),
    N_("Kind"),
    N_("Visits"),
    N_("Became members"),
    N_("First order"),
    N_("In use"),
)
MEMBERS_LINKS = N_("Links of members")
IN_USE, ENDED, TOTAL = N_("Yes"), N_("No"), N_("Total")
WORDS = (MEMBERS_LINKS, IN_USE, ENDED, TOTAL)
NEWEST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One source with its three steps; `source` is None for the links of members together."""

    source: JoinSource | None
    visits: int
    joined: int
    ordered: int

    @property
    def steps(self) -> tuple[int, int, int]:
        return self.visits, self.joined, self.ordered


def lines(db: Session, period: Period | None = None) -> list[Line]:
    """The links of members, then each source: those in use first, the one most visited before.

    Of a period: its visits, who joined in it, and who of them came to the workshop since.
    """
    visits = _visits(db, period)
    joined, ordered = _arrived(db, period), _came(db, period)
    sources = db.scalars(select(JoinSource).order_by(JoinSource.id)).all()
    found = [
        Line(one, visits.get(one.id, 0), joined.get(one.id, 0), ordered.get(one.id, 0))
        for one in sources
    ]
    found.sort(key=lambda line: (not (line.source and line.source.active), -line.visits))
    return [_of_members(db, period), *found]


def line_of(db: Session, source: JoinSource, period: Period | None = None) -> Line:
    """One source."""
    return next(line for line in lines(db, period) if line.source is source)


def total(found: Sequence[Line]) -> Line:
    """All of them together."""
    visits, joined, ordered = (
        sum(step) for step in zip(*(one.steps for one in found), strict=True)
    )
    return Line(None, visits, joined, ordered)


def sheet(found: Sequence[Line], words: dict[str, str]) -> Iterator[Sequence[Value]]:
    """The table as rows of a workbook; `words` has the reader's words for kinds and the rest."""
    for one in found:
        source = one.source
        yield (
            source.name if source else words[MEMBERS_LINKS],
            words[source.kind.label] if source else "",
            *one.steps,
            words[IN_USE if source.active else ENDED] if source else "",
        )
    yield words[TOTAL], "", *total(found).steps, ""


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody who joined by a source, and the day of the first order that came since."""

    owner: Owner
    on: date
    first_on: date | None


def newest_of(
    db: Session, source: JoinSource, period: Period, *, ordered: bool = False
) -> list[Came]:
    """Who joined by a source in a period, the newest first; only those with a first order."""
    first = (
        select(func.min(ServiceOrder.serviced_on))
        .where(*_since_joining())
        .correlate(Arrival)
        .scalar_subquery()
    )
    query = (
        select(Owner, Arrival.on, first)
        .join(Arrival, Arrival.owner_id == Owner.id)
        .where(Arrival.source_id == source.id, _within(Arrival.on, period))
        .order_by(Arrival.on.desc(), Arrival.id.desc())
        .limit(NEWEST)
    )
    rows = db.execute(query.where(first.is_not(None)) if ordered else query)
    return [Came(*row) for row in rows]


def referred(db: Session, period: Period) -> dict[ReferralKind, tuple[int, int, int]]:
    """Per kind the referrals that began in a period, how many were credited, and their points."""
    credited = Referral.state == ReferralState.CREDITED
    rows = db.execute(
        select(
            Referral.kind,
            func.count(),
            func.count(case((credited, 1))),
            func.coalesce(func.sum(case((credited, Referral.points))), 0),
        )
        .where(_within(Referral.began_on, period))
        .group_by(Referral.kind)
    )
    found = {kind: (noted, gave, int(points)) for kind, noted, gave, points in rows}
    return {kind: found.get(kind, (0, 0, 0)) for kind in ReferralKind}


def _within(day: Any, period: Period | None) -> ColumnElement[bool]:
    found: ColumnElement[bool] = day.between(period.first, period.last) if period else true()
    return found


def _since_joining() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The paid orders of who joined that still stand, from the day they joined on."""
    return paid_by(Arrival.owner_id), ServiceOrder.serviced_on >= Arrival.on


def _visits(db: Session, period: Period | None) -> dict[int, int]:
    query = select(SourceDay.source_id, func.sum(SourceDay.visits)).group_by(SourceDay.source_id)
    rows = db.execute(query.where(_within(SourceDay.on, period)))
    return {source_id: int(count) for source_id, count in rows}


def _arrived(db: Session, period: Period | None) -> dict[int, int]:
    query = select(Arrival.source_id, func.count()).group_by(Arrival.source_id)
    return dict(db.execute(query.where(_within(Arrival.on, period))).all())


def _came(db: Session, period: Period | None) -> dict[int, int]:
    """Who has a paid order that still stands, from the day they joined on."""
    came = select(ServiceOrder.id).where(*_since_joining()).correlate(Arrival)
    query = select(Arrival.source_id, func.count()).where(came.exists())
    query = query.where(_within(Arrival.on, period)).group_by(Arrival.source_id)
    return dict(db.execute(query).all())


def _of_members(db: Session, period: Period | None) -> Line:
    """What the links of all members came to; who is blocked joined all the same."""
    visits = select(func.sum(ReferralLink.opened))
    if period is not None:
        visits = select(func.sum(ReferralDay.visits)).where(_within(ReferralDay.on, period))
    mine = (Referral.kind == ReferralKind.CLUB) & _within(Referral.began_on, period)
    came = (
        select(ServiceOrder.id)
        .where(paid_by(Referral.referred_id), ServiceOrder.serviced_on >= Referral.began_on)
        .correlate(Referral)
    )
    joined = db.scalar(select(func.count()).select_from(Referral).where(mine))
    ordered = db.scalar(select(func.count()).select_from(Referral).where(mine, came.exists()))
    return Line(None, int(db.scalar(visits) or 0), joined or 0, ordered or 0)
