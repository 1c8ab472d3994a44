"""Staff write the terms of kinds of vouchers: a draft is edited, a live one only stopped."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from club.models import KindState, Shape, VoucherKind
from club.voucher_prices import Terms
from foundation import audit
from foundation.clock import is_meant
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import AT_THE_WORKSHOP

MOST_FEN, MOST_USES, MOST_DAYS, MOST_STOCK = 10_000_000, 100, 3660, 10_000_000


class KindNotReady(Refusal):
    """Something in the terms is missing, contradicts itself, or is out of every range."""


class NotADraft(Refusal):
    """Members hold vouchers with these terms, so they are not edited any more."""


class NotLive(Refusal):
    """Only a live kind gives vouchers and can be stopped."""


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind as typed; see VoucherKind."""

    name_zh: str
    shape: Shape
    name_en: str = ""
    about_zh: str = ""
    about_en: str = ""
    fen: int = 0
    percent: int = 0
    most_fen: int | None = None
    most_units: int | None = None
    minimum_fen: int = 0
    order_kinds: Collection[str] = ()
    uses: int = 1
    from_on: date | None = None
    until_on: date | None = None
    days: int | None = None
    next_visit: bool = False
    transferable: bool = False
    stock: int | None = None


def keep(
    db: Session, kind: VoucherKind | None, said: KindWords, *, by: int, now: datetime
) -> VoucherKind:
    """Store a new draft, or what changed of one."""
    if kind is not None and kind.state is not KindState.DRAFT:
        raise NotADraft(
            N_("These terms are in members’ hands. Stop this kind and copy it to change them.")
        )
    _check(said)
    kept = kind or VoucherKind(created_at=now, account_id=by, issued=0)
    for one in fields(KindWords):
        value = getattr(said, one.name)
        setattr(kept, one.name, " ".join(value.split()) if isinstance(value, str) else value)
    kept.shape, kept.order_kinds = said.shape, [str(one) for one in said.order_kinds]
    kept.name_en, kept.about_en = kept.name_en or None, kept.about_en or None
    db.add(kept)
    db.flush()
    act = "voucher-kind.change" if kind else "voucher-kind.draft"
    audit.record(db, act, "voucher-kind", kept.id, by=by, now=now)
    return kept


def copy(db: Session, kind: VoucherKind, *, by: int, now: datetime) -> VoucherKind:
    """A new draft with the same terms."""
    values = {one.name: getattr(kind, one.name) for one in fields(KindWords)}
    made = VoucherKind(**values, created_at=now, account_id=by, state=KindState.DRAFT, issued=0)
    db.add(made)
    db.flush()
    audit.record(
        db, "voucher-kind.copy", "voucher-kind", made.id, by=by, now=now, copied_from=kind.id
    )
    return made


def publish(db: Session, kind: VoucherKind, *, today: date, by: int, now: datetime) -> None:
    """From now on vouchers of this kind can be given, and its terms stay as they are."""
    if kind.state is not KindState.DRAFT:
        raise NotADraft(N_("Only a draft can be put in force."))
    if kind.until_on is not None and kind.until_on < today:
        raise KindNotReady(N_("The last day of this kind is over already."))
    _check_item(kind)
    kind.state = KindState.LIVE
    audit.record(db, "voucher-kind.publish", "voucher-kind", kind.id, by=by, now=now)
    db.flush()


def stop(db: Session, kind: VoucherKind, *, by: int, now: datetime) -> None:
    """No new vouchers of this kind; those given stay good until their day."""
    if kind.state is not KindState.LIVE:
        raise NotLive(N_("Only a kind in force can be stopped."))
    kind.state = KindState.STOPPED
    audit.record(
        db, "voucher-kind.stop", "voucher-kind", kind.id, by=by, now=now, issued=kind.issued
    )
    db.flush()


def terms_of(kind: VoucherKind) -> Terms:
    """What of a kind bears on the price."""
    return Terms(
        kind.shape,
        kind.fen,
        kind.percent,
        kind.most_fen,
        kind.most_units,
        kind.minimum_fen,
        frozenset(kind.order_kinds),
    )


def names_no_work(kind: KindWords | VoucherKind) -> bool:
    """Whether a free item of some worth could be any line of any order, as older kinds could; a
    gift without a price touches no bill."""
    return kind.shape is Shape.ITEM and kind.fen > 0 and not kind.order_kinds


def valid_days(kind: VoucherKind, on: date) -> tuple[date, date | None]:
    """The first and the last day of a voucher of this kind that is given on a day."""
    first = on + timedelta(days=1) if kind.next_visit else on
    ends = [kind.until_on, on + timedelta(days=kind.days) if kind.days is not None else None]
    return max(first, kind.from_on or first), min((day for day in ends if day), default=None)


def _check(said: KindWords) -> None:
    if not said.name_zh.strip():
        raise KindNotReady(N_("Please enter the Chinese name."))
    _check_worth(said)
    if not 0 <= said.minimum_fen <= MOST_FEN or not 0 <= (said.most_fen or 0) <= MOST_FEN:
        raise KindNotReady(N_("That amount is not one a voucher can have."))
    if not 0 < said.uses <= MOST_USES:
        raise KindNotReady(N_("A voucher is used from 1 to %(most)s times."), most=MOST_USES)
    if said.stock is not None and not 0 < said.stock <= MOST_STOCK:
        raise KindNotReady(N_("The stock is at least one; leave it empty for no limit."))
    if set(said.order_kinds) - {kind.value for kind in AT_THE_WORKSHOP}:
        raise KindNotReady(N_("That is not a kind of work we know."))
    _check_days(said)


def _check_worth(said: KindWords) -> None:
    if said.shape is Shape.PERCENT and not 0 < said.percent <= 100:
        raise KindNotReady(N_("A percentage is a whole number from 1 to 100."))
    if said.shape in (Shape.AMOUNT, Shape.UNIT) and not 0 < said.fen <= MOST_FEN:
        raise KindNotReady(N_("Please enter how much it takes off."))
    if said.shape is Shape.ITEM and not 0 <= said.fen <= MOST_FEN:
        raise KindNotReady(N_("That amount is not one a voucher can have."))
    if said.most_units is not None and said.most_units <= 0:
        raise KindNotReady(N_("The number of units is at least one; leave it empty for no limit."))
    _check_item(said)


def _check_item(said: KindWords | VoucherKind) -> None:
    if names_no_work(said):
        raise KindNotReady(N_("Please tick the kind of work that the free item belongs to."))


def _check_days(said: KindWords) -> None:
    if any(day is not None and not is_meant(day) for day in (said.from_on, said.until_on)):
        raise KindNotReady(N_("Please look at the days again."))
    if said.from_on and said.until_on and said.until_on < said.from_on:
        raise KindNotReady(N_("The last day lies before the first."))
    if said.days is not None and not int(said.next_visit) <= said.days <= MOST_DAYS:
        raise KindNotReady(N_("A voucher lives up to %(most)s days."), most=MOST_DAYS)
    if said.until_on is None and said.days is None:
        raise KindNotReady(N_("Say until when: a last day, or days after it was given."))
