"""What a voucher takes off an order, in whole fen: pure arithmetic, no database.

Only lines that the owner pays count. A voucher never takes off more than they come to, what it
takes is spread over them in proportion, a free item is one line of its work, and several vouchers
each work on what the ones before left.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from club.models import Shape
from foundation.money import in_proportion
from members.models import OrderKind, PaidBy

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order that is not closed yet: price in fen before any voucher."""

    fen: int
    kind: OrderKind | None = None
    quantity: int = 1
    paid_by: PaidBy = PaidBy.OWNER
    agreed: bool = False
    """A price agreed with a company: no voucher looks at it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What bears on the price: see VoucherKind. No `order_kinds` means any work."""

    shape: Shape
    fen: int = 0
    percent: int = 0
    most_fen: int | None = None
    most_units: int | None = None
    minimum_fen: int = 0
    order_kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Off:
    """What one use took off, and the position of the one line that a free item was used on."""

    fen: int
    line: int | None = None


def counts(terms: Terms, line: Line) -> bool:
    """Whether a voucher of these terms looks at the line."""
    if line.paid_by is not PaidBy.OWNER or line.agreed or line.fen <= 0:
        return False
    return not terms.order_kinds or (line.kind is not None and line.kind in terms.order_kinds)


def eligible_fen(terms: Terms, lines: Sequence[Line]) -> int:
    """What the lines that count come to; the minimum spend is compared with it, inclusively."""
    return sum(line.fen for line in lines if counts(terms, line))


def off(terms: Terms, lines: Sequence[Line]) -> int:
    """Fen that one use takes off these lines; fractions of a fen stay with the shop."""
    total = sum(lines[nth].fen for nth in _bearing(terms, lines))
    if terms.shape is Shape.PERCENT:
        wanted = total * terms.percent // PERCENT
    elif terms.shape is Shape.UNIT:
        units = sum(line.quantity for line in lines if counts(terms, line))
        wanted = terms.fen * min(units, units if terms.most_units is None else terms.most_units)
    else:
        wanted = terms.fen
    if terms.most_fen is not None:
        wanted = min(wanted, terms.most_fen)
    return max(min(wanted, total), 0)


def item_line(terms: Terms, lines: Sequence[Line]) -> int | None:
    """Where the free item is among the lines: the one of its work whose price is nearest to its
    worth, of two the dearer; None for other vouchers, for a gift, which touches no bill, and where
    no line is of its work."""
    worth = face_fen(terms)
    if terms.shape is not Shape.ITEM or worth == 0:
        return None
    at = [nth for nth, line in enumerate(lines) if counts(terms, line)]
    near = [(abs(lines[nth].fen - worth), -lines[nth].fen, nth) for nth in at]
    return min(near)[2] if near else None


def _bearing(terms: Terms, lines: Sequence[Line]) -> Sequence[int]:
    """The positions of the lines that bear what the voucher takes off."""
    item = item_line(terms, lines)
    if item is not None:
        return [item]
    return [nth for nth, line in enumerate(lines) if counts(terms, line)]


def needs_bill(terms: Terms) -> bool:
    """Whether nothing can be said about the voucher before the bill is known."""
    depends = terms.shape in (Shape.PERCENT, Shape.UNIT)
    return depends or terms.minimum_fen > 0 or bool(terms.order_kinds)


def face_fen(terms: Terms) -> int:
    """What a voucher is worth where the bill is not known and does not matter."""
    return terms.fen if terms.most_fen is None else min(terms.fen, terms.most_fen)


def after(terms: Terms, lines: Sequence[Line]) -> tuple[Off, list[Line]]:
    """What one use takes off, and the lines as they are left: each keeps its share."""
    whole, bearing, left = off(terms, lines), _bearing(terms, lines), list(lines)
    shares = in_proportion(whole, [lines[nth].fen for nth in bearing])
    for nth, share in zip(bearing, shares, strict=True):
        left[nth] = replace(lines[nth], fen=lines[nth].fen - share)
    return Off(whole, item_line(terms, lines)), left


def price(lines: Sequence[Line], uses: Sequence[Terms]) -> tuple[list[Off], list[Line]]:
    """Several vouchers one after the other: what each takes off, and what is left of each line."""
    taken, left = [], list(lines)
    for terms in uses:
        used, left = after(terms, left)
        taken.append(used)
    return taken, left
