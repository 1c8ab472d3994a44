"""What is agreed with a company, and what of it holds on a day: one price for one kind of work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from club.models import AgreedPrice
from club.purses import hold
from club.till_prices import Agreed
from foundation import audit
from foundation.clock import is_meant
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import AT_THE_WORKSHOP, OrderKind, Owner, OwnerKind

MOST_FEN, LONGEST, SHOWN = 100_000_000, 120, 60


class NotACompany(Refusal):
    """Prices are agreed with companies; people have tiers."""


class PriceNotReady(Refusal):
    """Something is missing, contradicts itself, or is out of every range."""


class AgreedAlready(Refusal):
    """Another agreement on this kind of work holds at the same time."""


class EndedBefore(Refusal):
    """It was ended once."""


@dataclass(frozen=True, slots=True)
class PriceWords:
    """An agreement as typed: `percent` of the list price that is paid, or `fen` per piece."""

    kind: OrderKind
    percent: int | None
    fen: int | None
    from_on: date
    until_on: date | None = None
    note: str = ""


def agree(
    db: Session, owner: Owner, said: PriceWords, *, by: int | None, now: datetime
) -> AgreedPrice:
    """Note a price for a kind of work; one at a time for each kind."""
    if owner.kind is not OwnerKind.COMPANY:
        raise NotACompany(N_("Prices are agreed with companies; people have their tier."))
    _check(said)
    hold(db, [owner.id])
    meets = [or_(AgreedPrice.until_on.is_(None), AgreedPrice.until_on >= said.from_on)]
    if said.until_on is not None:
        meets.append(AgreedPrice.from_on <= said.until_on)
    other = select(AgreedPrice).where(
        AgreedPrice.owner_id == owner.id,
        AgreedPrice.kind == said.kind,
        AgreedPrice.ended_at.is_(None),
        *meets,
    )
    if db.scalar(other.limit(1)) is not None:
        raise AgreedAlready(
            N_("A price for this kind of work is agreed for those days already. End it first.")
        )
    made = AgreedPrice(
        owner_id=owner.id,
        kind=said.kind,
        percent=said.percent,
        fen=said.fen,
        from_on=said.from_on,
        until_on=said.until_on,
        note=" ".join(said.note.split())[:LONGEST],
        made_at=now,
        account_id=by,
    )
    db.add(made)
    db.flush()
    audit.record(db, "price.agree", "owner", owner.id, by=by, now=now, price=made.id)
    db.flush()
    return made


def end(db: Session, price: AgreedPrice, *, by: int | None, now: datetime) -> None:
    """It counts no more from this moment, once; orders priced with it stay as they were."""
    ended = rows_changed(
        db,
        update(AgreedPrice)
        .where(AgreedPrice.id == price.id, AgreedPrice.ended_at.is_(None))
        .values(ended_at=now, ended_by=by),
    )
    if not ended:
        raise EndedBefore(N_("This agreement was ended already."))
    db.refresh(price)
    audit.record(db, "price.end", "owner", price.owner_id, by=by, now=now, price=price.id)
    db.flush()


def in_force(db: Session, owner_id: int, *, today: date) -> dict[OrderKind, Agreed]:
    """What is agreed with an owner today, by kind of work."""
    return {
        one.kind: Agreed(one.percent, one.fen)
        for one in of_company(db, owner_id)
        if one.holds_on(today)
    }


def of_company(db: Session, owner_id: int) -> Sequence[AgreedPrice]:
    """Everything ever agreed with an owner, the newest first."""
    query = select(AgreedPrice).where(AgreedPrice.owner_id == owner_id)
    newest = query.order_by(AgreedPrice.ended_at.is_not(None), AgreedPrice.from_on.desc())
    return db.scalars(newest.order_by(AgreedPrice.id.desc()).limit(SHOWN)).all()


def _check(said: PriceWords) -> None:
    if said.kind not in AT_THE_WORKSHOP or said.kind is OrderKind.WARRANTY:
        raise PriceNotReady(N_("Please choose a kind of work that the company pays."))
    if (said.percent is None) == (said.fen is None):
        raise PriceNotReady(N_("Please enter either a percentage or a price, not both."))
    if said.percent is not None and not 0 < said.percent < 100:
        raise PriceNotReady(N_("The company pays from 1 to 99 percent of the list price."))
    if said.fen is not None and not 0 < said.fen <= MOST_FEN:
        raise PriceNotReady(N_("That is not a price that can be agreed."))
    if not is_meant(said.from_on) or (said.until_on and not is_meant(said.until_on)):
        raise PriceNotReady(N_("Please look at the days again."))
    if said.until_on is not None and said.until_on < said.from_on:
        raise PriceNotReady(N_("The last day lies before the first."))
