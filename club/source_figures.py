"""Where members come from, counted: visits of a link, joined by it, came to the workshop after."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club.first_orders import paid_by
from club.models import Arrival, JoinSource, Referral, ReferralKind, ReferralLink, SourceDay
from foundation.sheets.writing import Value
from foundation.words import N_
from members.models import ServiceOrder

HEADERS = (
    N_("Source"),
    N_("Kind"),
    N_("Visits"),
    N_("Became members"),
    N_("First order"),
    N_("In use"),
)
MEMBERS_LINKS = N_("Links of members")


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


def lines(db: Session) -> list[Line]:
    """The links of members, then each source: those in use first, the one most visited before."""
    visits = _visits(db)
    joined, ordered = _arrived(db), _came(db)
    sources = db.scalars(select(JoinSource).order_by(JoinSource.id)).all()
    found = [
        Line(one, visits.get(one.id, 0), joined.get(one.id, 0), ordered.get(one.id, 0))
        for one in sources
    ]
    found.sort(key=lambda line: (not (line.source and line.source.active), -line.visits))
    return [_of_members(db), *found]


def line_of(db: Session, source: JoinSource) -> Line:
    """One source."""
    return next(line for line in lines(db) if line.source is source)


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
            ("1" if source.active else "0") if source else "",
        )


def _visits(db: Session) -> dict[int, int]:
    query = select(SourceDay.source_id, func.sum(SourceDay.visits)).group_by(SourceDay.source_id)
    return {source_id: int(count) for source_id, count in db.execute(query)}


def _arrived(db: Session) -> dict[int, int]:
    query = select(Arrival.source_id, func.count()).group_by(Arrival.source_id)
    return dict(db.execute(query).all())


def _came(db: Session) -> dict[int, int]:
    """Who has a paid order that still stands, from the day they joined on."""
    came = (
        select(ServiceOrder.id)
        .where(paid_by(Arrival.owner_id), ServiceOrder.serviced_on >= Arrival.on)
        .correlate(Arrival)
    )
    query = select(Arrival.source_id, func.count()).where(came.exists())
    return dict(db.execute(query.group_by(Arrival.source_id)).all())


def _of_members(db: Session) -> Line:
    """What the links of all members came to; who is blocked joined all the same."""
    opened = db.scalar(select(func.sum(ReferralLink.opened)))
    mine = Referral.kind == ReferralKind.CLUB
    came = (
        select(ServiceOrder.id)
        .where(paid_by(Referral.referred_id), ServiceOrder.serviced_on >= Referral.began_on)
        .correlate(Referral)
    )
    joined = db.scalar(select(func.count()).select_from(Referral).where(mine))
    ordered = db.scalar(select(func.count()).select_from(Referral).where(mine, came.exists()))
    return Line(None, int(opened or 0), joined or 0, ordered or 0)
