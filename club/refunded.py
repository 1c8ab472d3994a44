"""Which purchases a refund was taken from, and what it found nothing for."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import Earning, EarningCut
from foundation.money import yuan
from foundation.words import N_
from members.models import OrderLine, ServiceOrder

NAMED = 3
FOUND_NOTHING = N_("It names no purchase, and no earlier one was found to take it from.")
FOUND = N_("It names no purchase; taken from %(orders)s.")
FOUND_PART = N_("It names no purchase; taken from %(orders)s. Nothing was found for ¥%(rest)s.")
NOTHING_LEFT = N_("Of its purchase nothing was left to take back.")
AS_PAID = N_(
    "It is just what was paid for %(order)s, which came at its list price of ¥%(price)s, so it "
    "took back a part. If all came back, please let the file say ¥%(price)s."
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a refund took from one purchase, in the price that the refund speaks of; that price,
    and what of it was paid."""

    order_no: str
    on: date
    fen: int
    points: int
    price_fen: int
    paid_fen: int


def taken_by(db: Session, refund_ids: Collection[int]) -> Mapping[int, Sequence[Taken]]:
    """For each of these refund lines the purchases it was taken from, the newest first."""
    found: dict[int, list[Taken]] = defaultdict(list)
    query = (
        select(
            EarningCut.refund_line_id,
            ServiceOrder.external_id,
            ServiceOrder.serviced_on,
            EarningCut.told_fen,
            EarningCut.points,
            OrderLine.fen,
            Earning.fen,
        )
        .join(EarningCut.earning)
        .join(Earning.line)
        .join(OrderLine.order)
        .where(EarningCut.refund_line_id.in_(refund_ids))
        .order_by(ServiceOrder.serviced_on.desc(), EarningCut.id)
    )
    for row in db.execute(query) if refund_ids else ():
        found[row[0]].append(Taken(*row[1:]))
    return found


def words_for(line: OrderLine, taken: Sequence[Taken]) -> tuple[str, dict[str, str]] | None:
    """What is to be said of a refund: where it was taken from, where it does not say so itself."""
    if line.refund_of_id is not None:
        return None if taken else (NOTHING_LEFT, {})
    if not taken:
        return FOUND_NOTHING, {}
    rest = -line.fen - sum(one.fen for one in taken)
    values = {"orders": names(taken)} | ({"rest": yuan(rest)} if rest else {})
    return (FOUND_PART if rest else FOUND), values


def in_doubt(line: OrderLine, taken: Sequence[Taken]) -> tuple[str, dict[str, str]] | None:
    """What is to be asked where a refund may speak of what was paid, and took back too little."""
    if len(taken) != 1 or not taken[0].fen == -line.fen == taken[0].paid_fen < taken[0].price_fen:
        return None
    return AS_PAID, {"order": taken[0].order_no, "price": yuan(taken[0].price_fen)}


def names(taken: Sequence[Taken]) -> str:
    """The numbers of the purchases, the first few of many."""
    orders = list(dict.fromkeys(one.order_no for one in taken))
    return ", ".join(orders[:NAMED]) + (" …" if len(orders) > NAMED else "")
