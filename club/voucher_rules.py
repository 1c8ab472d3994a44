"""Vouchers by rule: several units of named brands in one order bring vouchers (domain, section 4).

An order is entitled to as many vouchers as its lines still justify; settling gives what is missing
and takes back what is too much. So the same file twice gives once, and goods that come back take
their vouchers with them (R15). A voucher that was used already stays used, until its use is undone;
one that somebody took back by hand is not given anew.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from club.models import Source, Voucher, VoucherRule, VoucherState
from club.voucher_rule_terms import MOST_UNITS
from club.vouchers import Cause, KindNotLive, OutOfStock, OverAlready, issue, revoke
from foundation.words import N_
from members.models import OrderLine, PaidBy, ServiceOrder

CAME_BACK = N_("the goods came back")


def settle(db: Session, lines: Iterable[OrderLine], *, today: date, now: datetime) -> int:
    """Bring the vouchers of these lines' owners in line with the rules; how many changed.

    Lines are flushed. What names no brand, and takes back nothing that does, costs nothing.
    """
    rules = db.scalars(
        select(VoucherRule).order_by(VoucherRule.id).options(joinedload(VoucherRule.kind))
    ).all()
    owner_ids = _owners_of(db, lines) if rules else set()
    if not owner_ids:
        return 0
    branded = _branded(db, owner_ids)
    back = came_back(branded, _linked(db, branded))
    held = _held(db, owner_ids)
    orders: dict[int, list[OrderLine]] = defaultdict(list)
    for line in branded:
        orders[line.order_id].append(line)
    return sum(
        _agree(db, rule, bought, entitled(rule, bought, back), held[rule.id, order_id], today, now)
        for rule in rules  # one rule after the other: two imports take the stocks in one order
        for order_id, bought in orders.items()
    )


def entitled(rule: VoucherRule, lines: Sequence[OrderLine], back: Mapping[int, int]) -> int:
    """How many vouchers the lines of one order justify, `back` units of a line having returned."""
    units = sum(
        max((line.quantity or 1) - back.get(line.id, 0), 0)
        for line in lines
        if _is_meant(rule, line)
    )
    if units < rule.at_least:
        return 0
    return min(units, MOST_UNITS) if rule.each_unit else 1


def came_back(
    branded: Sequence[OrderLine], linked: Mapping[int, Sequence[OrderLine]]
) -> dict[int, int]:
    """Units that came back, per line that sold them.

    A return that names no line is taken off the owner's newest lines of its brand up to its day.
    """
    bought = [line for line in branded if line.fen > 0]
    back = {line.id: returned(line, linked.get(line.id, ())) for line in bought}
    for refund in branded:
        if refund.fen >= 0 or refund.refund_of_id is not None:
            continue
        units, fen = refund.quantity, -refund.fen
        for line in reversed(bought):
            if _could_be(refund, line):
                sold = line.quantity or 1
                wanted = _units_for(fen, line) if units is None else units
                taken = min(wanted, sold - back[line.id])
                back[line.id] += taken
                if units is None:
                    fen = max(fen - line.fen * taken // sold, 0)
                else:
                    units -= taken
    return back


def _could_be(refund: OrderLine, line: OrderLine) -> bool:
    """Less for the same goods, in their own order and without a number, is a discount."""
    return (
        line.order.owner_id == refund.order.owner_id
        and (refund.quantity is not None or refund.order_id != line.order_id)
        and (line.brand or "").casefold() == (refund.brand or "").casefold()
        and line.order.serviced_on <= refund.order.serviced_on
    )


def returned(line: OrderLine, refunds: Collection[OrderLine]) -> int:
    """Units of a line that its refunds brought back.

    Where a refund does not say how many, its share of the price does, to the nearest unit: an
    allowance on the price is no tyre.
    """
    said = sum(refund.quantity or 0 for refund in refunds)
    silent = sum(-refund.fen for refund in refunds if refund.quantity is None)
    return min(line.quantity or 1, said + _units_for(silent, line))


def _units_for(fen: int, line: OrderLine) -> int:
    """How many units of a line these fen are, to the nearest."""
    return (2 * (line.quantity or 1) * fen + line.fen) // (2 * line.fen)


def _is_meant(rule: VoucherRule, line: OrderLine) -> bool:
    if line.fen <= 0 or line.paid_by is not PaidBy.OWNER or not line.brand:
        return False
    if line.brand.casefold() not in {brand.casefold() for brand in rule.brands}:
        return False
    said = (line.description or "").casefold()
    return not rule.words or any(word.casefold() in said for word in rule.words)


def _agree(
    db: Session,
    rule: VoucherRule,
    lines: Sequence[OrderLine],
    wanted: int,
    held: Sequence[Voucher],
    today: date,
    now: datetime,
) -> int:
    """Give the vouchers that are missing, or take back the newest unused ones that are too many."""
    good = [one for one in held if one.state is not VoucherState.REVOKED]
    too_many = len(good) - wanted
    if too_many > 0:
        spare = [one for one in reversed(good) if one.left and one.used == 0][:too_many]
        for voucher in spare:
            revoke(db, voucher, reason=CAME_BACK, by=None, now=now)
        return len(spare)
    order, before = lines[0].order, len(held)
    missing = wanted - sum(not _came_back(one) for one in held)
    if missing <= 0 or not _runs(rule, order.serviced_on):
        return 0
    return _give(db, rule, order, range(before + 1, before + missing + 1), today, now)


def _came_back(voucher: Voucher) -> bool:
    """Whether it went with its goods; what went by hand or with its owner is not given anew."""
    return voucher.state is VoucherState.REVOKED and voucher.ended_why == CAME_BACK


def _give(
    db: Session,
    rule: VoucherRule,
    order: ServiceOrder,
    places: Iterable[int],
    today: date,
    now: datetime,
) -> int:
    given = 0
    for nth in places:
        cause = Cause(
            Source.RULE,
            f"{rule.id}:{order.id}:{nth}",
            order.serviced_on,
            now,
            order_id=order.id,
            rule_id=rule.id,
        )
        try:
            issue(db, rule.kind, order.owner_id, cause, today=today)
        except (KindNotLive, OutOfStock, OverAlready):
            break  # an import goes on; the page of the kind shows that it gives none any more
        given += 1
    return given


def _runs(rule: VoucherRule, day: date) -> bool:
    return rule.active and rule.from_on <= day and (rule.until_on is None or day <= rule.until_on)


def _owners_of(db: Session, lines: Iterable[OrderLine]) -> set[int]:
    """Whose lines name a brand, or take back from one that does."""
    named, refunded = set(), set()
    for line in lines:
        if line.brand:
            named.add(line.order_id)
        elif line.refund_of_id is not None:
            refunded.add(line.refund_of_id)
    if not named and not refunded:
        return set()
    sold = select(OrderLine.order_id).where(
        OrderLine.id.in_(refunded), OrderLine.brand.is_not(None)
    )
    owners = select(ServiceOrder.owner_id).where(
        ServiceOrder.id.in_(named) | ServiceOrder.id.in_(sold)
    )
    return set(db.scalars(owners))


def _branded(db: Session, owner_ids: Collection[int]) -> Sequence[OrderLine]:
    """The owners' lines that name a brand, the oldest first."""
    return db.scalars(
        select(OrderLine)
        .join(OrderLine.order)
        .where(ServiceOrder.owner_id.in_(owner_ids), OrderLine.brand.is_not(None))
        .order_by(ServiceOrder.serviced_on, ServiceOrder.id, OrderLine.line_no)
        .options(contains_eager(OrderLine.order))
    ).all()


def _linked(db: Session, branded: Sequence[OrderLine]) -> dict[int, list[OrderLine]]:
    """Per line the refunds that name it."""
    ids = [line.id for line in branded if line.fen > 0]
    found: dict[int, list[OrderLine]] = defaultdict(list)
    for line in db.scalars(select(OrderLine).where(OrderLine.refund_of_id.in_(ids))):
        if line.refund_of_id is not None and line.fen < 0:
            found[line.refund_of_id].append(line)
    return found


def _held(db: Session, owner_ids: Collection[int]) -> dict[tuple[int, int], list[Voucher]]:
    """Per rule and order the vouchers that it brought, the oldest first, in whose hands ever."""
    found: dict[tuple[int, int], list[Voucher]] = defaultdict(list)
    orders = select(ServiceOrder.id).where(ServiceOrder.owner_id.in_(owner_ids))
    query = select(Voucher).where(Voucher.order_id.in_(orders), Voucher.rule_id.is_not(None))
    for one in db.scalars(query.order_by(Voucher.id).options(joinedload(Voucher.kind))):
        if one.rule_id is not None and one.order_id is not None:
            found[one.rule_id, one.order_id].append(one)
    return found
