"""What an order comes to at the till, step by step: pure arithmetic, no database.

Price list, the tier's discount, vouchers, points, in this order. Each step works on what the one
before left, on lines that the owner pays and on no others; fractions of a fen stay with the shop.
A price agreed with a company replaces discount and vouchers on its lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from club import voucher_prices
from club.voucher_prices import Line, Off, Terms
from foundation.money import in_proportion
from members.models import OrderKind, PaidBy

PERCENT = 100
MOST_BY_POINTS = 30


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the order as typed, at the list price."""

    fen: int
    kind: OrderKind | None = None
    text: str = ""
    quantity: int = 1
    paid_by: PaidBy = PaidBy.OWNER

    @property
    def payer(self) -> PaidBy:
        """Who pays it: warranty work is the maker's, whatever was typed."""
        return PaidBy.WARRANTY if self.kind is OrderKind.WARRANTY else self.paid_by


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a company pays: percent of the list price, or fen for each piece."""

    percent: int | None = None
    fen: int | None = None

    def price_of(self, item: Item) -> int:
        """The agreed price of a line; an agreement never makes it dearer than the list."""
        if self.percent is not None:
            return -(-item.fen * self.percent // PERCENT)
        return min((self.fen or 0) * item.quantity, item.fen)


@dataclass(frozen=True, slots=True)
class Priced:
    """A line with what each step took off it, in fen; `agreed` is the price it has instead."""

    item: Item
    percent: int = 0
    agreed: Agreed | None = None
    discount_fen: int = 0
    voucher_fen: int = 0
    points_fen: int = 0

    @property
    def pay_fen(self) -> int:
        """What the owner pays for the line."""
        if self.item.payer is not PaidBy.OWNER:
            return 0
        return self.item.fen - self.discount_fen - self.voucher_fen - self.points_fen


@dataclass(frozen=True, slots=True)
class Bill:
    """The whole order: `vouchers` say what each took off, `most_points` how many it takes."""

    lines: tuple[Priced, ...]
    vouchers: tuple[Off, ...]
    points: int
    most_points: int

    @property
    def list_fen(self) -> int:
        """The list price of what the owner pays."""
        return sum(one.item.fen for one in self.lines if one.item.payer is PaidBy.OWNER)

    @property
    def discount_fen(self) -> int:
        """What the tier or an agreement took off."""
        return sum(one.discount_fen for one in self.lines)

    @property
    def voucher_fen(self) -> int:
        return sum(one.voucher_fen for one in self.lines)

    @property
    def points_fen(self) -> int:
        return sum(one.points_fen for one in self.lines)

    @property
    def pay_fen(self) -> int:
        return sum(one.pay_fen for one in self.lines)


@dataclass(frozen=True, slots=True)
class Rights:
    """What an owner has on each kind of work: the tier's percent off, or a price of their own."""

    percents: Mapping[OrderKind, int] = field(default_factory=dict)
    agreed: Mapping[OrderKind, Agreed] = field(default_factory=dict)


def discounted(items: Sequence[Item], rights: Rights) -> list[Priced]:
    """The lines after what the owner has on their kind of work: an agreed price, or the tier's."""
    lines = []
    for item in items:
        kind = item.kind if item.payer is PaidBy.OWNER else None
        agreed = rights.agreed.get(kind) if kind else None
        if agreed is not None:
            lines.append(Priced(item, 0, agreed, item.fen - agreed.price_of(item)))
            continue
        percent = rights.percents.get(kind, 0) if kind else 0
        lines.append(Priced(item, percent, None, item.fen * percent // PERCENT))
    return lines


def voucher_lines(lines: Sequence[Priced]) -> list[Line]:
    """The lines as vouchers look at them: what is left of each."""
    return [
        Line(
            one.pay_fen if one.item.payer is PaidBy.OWNER else one.item.fen,
            one.item.kind,
            one.item.quantity,
            one.item.payer,
            one.agreed is not None,
        )
        for one in lines
    ]


def bill(
    items: Sequence[Item],
    rights: Rights,
    vouchers: Sequence[Terms],
    *,
    points: int,
    points_per_yuan: int,
) -> Bill:
    """The order with these vouchers and points; points beyond `most_points` are not taken."""
    lines = discounted(items, rights)
    taken, left = voucher_prices.price(voucher_lines(lines), vouchers)
    lines = [
        replace(one, voucher_fen=one.pay_fen - after.fen) if one.item.payer is PaidBy.OWNER else one
        for one, after in zip(lines, left, strict=True)
    ]
    due = sum(one.pay_fen for one in lines)
    most = due * MOST_BY_POINTS // PERCENT * points_per_yuan // PERCENT
    used = min(points, most)
    lines = _spread(lines, used * PERCENT // points_per_yuan)
    return Bill(tuple(lines), tuple(taken), used, most)


def _spread(lines: Sequence[Priced], fen: int) -> list[Priced]:
    """Lay what points pay over the lines in proportion to what is due for each."""
    shares = in_proportion(fen, [one.pay_fen for one in lines])
    return [replace(one, points_fen=share) for one, share in zip(lines, shares, strict=True)]


def as_stored(one: Priced) -> dict[str, Any]:
    """A priced line in values that JSON holds."""
    item = one.item
    return {
        "kind": item.kind.value if item.kind else None,
        "text": item.text,
        "fen": item.fen,
        "quantity": item.quantity,
        "paid_by": item.paid_by.value,
        "payer": item.payer.value,
        "percent": one.percent,
        "agreed": {"percent": one.agreed.percent, "fen": one.agreed.fen} if one.agreed else None,
        "discount_fen": one.discount_fen,
        "voucher_fen": one.voucher_fen,
        "points_fen": one.points_fen,
        "pay_fen": one.pay_fen,
    }


def item_of(stored: Mapping[str, Any]) -> Item:
    """The line as it was typed."""
    kind = next((one for one in OrderKind if one.value == stored["kind"]), None)
    return Item(stored["fen"], kind, stored["text"], stored["quantity"], PaidBy(stored["paid_by"]))
