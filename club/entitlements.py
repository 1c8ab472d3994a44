"""Yearly entitlements used at the desk: counted by membership year, never more than the tier has.

The tier held at the moment of use decides the count. A year begins on the day of joining and on
each return of that day.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from club.models import Benefit, BenefitUse, BenefitYear, TierBenefit, TierCode
from foundation import audit, clock
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import MemberFacts, Membership

LONGEST, SHOWN = 200, 50


class NoneLeft(Refusal):
    """The tier does not have the benefit, or all of this year's are used."""


class NotInTheClub(Refusal):
    """Benefits are members'."""


class UndoneBefore(Refusal):
    """The use came back once."""


class ReasonNeeded(Refusal):
    """What is corrected is explained."""


def year_of(joined_on: date, today: date) -> tuple[date, date]:
    """The first day of the membership year that today is in, and of the next one."""
    years = today.year - joined_on.year
    if clock.add_months(joined_on, 12 * years) > today:
        years -= 1
    return clock.add_months(joined_on, 12 * years), clock.add_months(joined_on, 12 * (years + 1))


def member_year(db: Session, owner_id: int, today: date) -> tuple[date, date] | None:
    """The membership year of an owner who is in the club."""
    membership = db.get(Membership, owner_id)
    if membership is None or membership.left_on is not None:
        return None
    return year_of(membership.joined_on, today)


def use(
    db: Session,
    owner_id: int,
    benefit: Benefit,
    *,
    request_id: str,
    note: str = "",
    today: date,
    by: int | None,
    now: datetime,
) -> BenefitUse:
    """Note one use; the same request twice is one.

    One conditional update counts it, against what the tier has at that moment.
    """
    known = db.scalar(
        select(BenefitUse).where(
            BenefitUse.owner_id == owner_id, BenefitUse.request_id == request_id
        )
    )
    if known is not None:
        return known
    year = member_year(db, owner_id, today)
    if year is None:
        raise NotInTheClub(N_("Yearly benefits are for members of the club."))
    if not _count(db, owner_id, benefit.id, year[0]):
        raise NoneLeft(
            N_("Nothing is left of this benefit until %(day)s."), day=year[1].isoformat()
        )
    facts = db.get(MemberFacts, owner_id)
    made = BenefitUse(
        owner_id=owner_id,
        benefit=benefit,
        request_id=request_id,
        starts_on=year[0],
        tier=TierCode(facts.tier) if facts else TierCode.GENERAL,
        used_on=today,
        recorded_at=now,
        account_id=by,
        note=" ".join(note.split())[:LONGEST],
    )
    db.add(made)
    audit.record(db, "benefit.use", "owner", owner_id, by=by, now=now, benefit=benefit.code)
    db.flush()
    return made


def _count(db: Session, owner_id: int, benefit_id: int, starts_on: date) -> bool:
    """Add one to the year's counter if the tier of this moment allows one more."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(BenefitYear).values(
        owner_id=owner_id, benefit_id=benefit_id, starts_on=starts_on, used=0
    )
    db.execute(row.on_conflict_do_nothing())
    tier = select(MemberFacts.tier).where(MemberFacts.owner_id == owner_id).scalar_subquery()
    allowed = exists().where(
        TierBenefit.benefit_id == benefit_id,
        TierBenefit.tier == func.coalesce(tier, TierCode.GENERAL.value),
        or_(TierBenefit.yearly.is_(None), BenefitYear.used < TierBenefit.yearly),
    )
    counted = update(BenefitYear).where(
        BenefitYear.owner_id == owner_id,
        BenefitYear.benefit_id == benefit_id,
        BenefitYear.starts_on == starts_on,
        allowed,
    )
    return bool(rows_changed(db, counted.values(used=BenefitYear.used + 1)))


def undo(db: Session, noted: BenefitUse, *, reason: str, by: int | None, now: datetime) -> None:
    """Give a use back to its year, once, with the reason; it stays in the history."""
    if not reason.strip():
        raise ReasonNeeded(N_("Please say why the use is taken back."))
    undone = rows_changed(
        db,
        update(BenefitUse)
        .where(BenefitUse.id == noted.id, BenefitUse.undone_at.is_(None))
        .values(undone_at=now, undone_by=by, undone_why=reason.strip()[:LONGEST]),
    )
    if not undone:
        raise UndoneBefore(N_("This use was taken back already."))
    db.execute(
        update(BenefitYear)
        .where(
            BenefitYear.owner_id == noted.owner_id,
            BenefitYear.benefit_id == noted.benefit_id,
            BenefitYear.starts_on == noted.starts_on,
            BenefitYear.used > 0,
        )
        .values(used=BenefitYear.used - 1)
    )
    audit.record(db, "benefit.undo", "owner", noted.owner_id, by=by, now=now, use=noted.id)
    db.flush()
    db.refresh(noted)


def history(db: Session, owner_id: int, *, most: int = SHOWN) -> Sequence[BenefitUse]:
    """The newest uses of an owner, undone ones among them."""
    return db.scalars(
        select(BenefitUse)
        .where(BenefitUse.owner_id == owner_id)
        .order_by(BenefitUse.used_on.desc(), BenefitUse.id.desc())
        .limit(most)
        .options(joinedload(BenefitUse.benefit))
    ).all()


def recount(db: Session, owner_ids: Collection[int]) -> None:
    """Put every use into its membership year and count the years from scratch: after a merge."""
    db.execute(delete(BenefitYear).where(BenefitYear.owner_id.in_(owner_ids)))
    counts: dict[tuple[int, int, date], int] = {}
    for one in db.scalars(select(BenefitUse).where(BenefitUse.owner_id.in_(owner_ids))):
        membership = db.get(Membership, one.owner_id)
        if membership is not None:
            one.starts_on = year_of(membership.joined_on, one.used_on)[0]
        if one.undone_at is None:
            key = (one.owner_id, one.benefit_id, one.starts_on)
            counts[key] = counts.get(key, 0) + 1
    db.add_all(
        BenefitYear(owner_id=owner_id, benefit_id=benefit_id, starts_on=day, used=used)
        for (owner_id, benefit_id, day), used in counts.items()
    )
    db.flush()
