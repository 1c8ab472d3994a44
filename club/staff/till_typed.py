"""An order as it was typed at the till: a fixed number of rows, blank ones left out."""

from typing import Any

from flask import request

from club.quotes import Asked
from club.staff import order_typed
from club.till_prices import Item
from foundation.amounts import parse_fen
from foundation.refusals import Refusal
from foundation.web.incoming import LARGEST
from foundation.words import N_
from members.models import AT_THE_WORKSHOP, PaidBy

ROWS, MOST_QUANTITY, MOST_POINTS = 6, 999, 100_000_000
LONGEST_NUMBER = 9
FIELDS = ("kind", "text", "fen", "quantity", "paid_by")
PAYERS = (PaidBy.OWNER, PaidBy.INSURANCE, PaidBy.WARRANTY, PaidBy.FREE)


class NotAnOrder(Refusal):
    """Something in a row cannot be read."""


def asked() -> Asked:
    """The order, or a refusal that names what cannot be read."""
    points = request.form.get("points", "").strip()
    if points and not _is_whole(points, MOST_POINTS):
        raise NotAnOrder(N_("“%(text)s” is not a number of points."), text=points[:20])
    items = tuple(_item(row) for row in rows_as_typed() if row["fen"])
    return Asked(
        items, _voucher_ids(), int(points or 0), order_typed.number(), order_typed.system()
    )


def asked_loosely() -> Asked:
    """What can be read of it, for a form that comes back."""
    try:
        return asked()
    except Refusal:
        return Asked((), _voucher_ids(), 0, order_typed.number(), order_typed.system())


def rows(order: Asked) -> list[dict[str, Any]]:
    """The rows of the form for an order, with blank ones to fill."""
    filled = [
        {
            "kind": one.kind.value if one.kind else "",
            "text": one.text,
            "fen": f"{one.fen / 100:.2f}",
            "quantity": one.quantity,
            "paid_by": one.paid_by.value,
        }
        for one in order.items
    ]
    return filled + [_blank() for _row in range(max(ROWS - len(filled), 1))]


def rows_as_typed() -> list[dict[str, Any]]:
    """The rows as they were sent."""
    columns = {name: request.form.getlist(name)[: ROWS * 4] for name in FIELDS}
    count = max(len(columns["fen"]), ROWS)
    return [
        _blank() | {name: got[nth].strip()[:80] for name, got in columns.items() if nth < len(got)}
        for nth in range(count)
    ]


def _is_whole(text: str, most: int) -> bool:
    """Whether it is a whole number up to this; its length is looked at before it is read."""
    return text.isdecimal() and len(text) <= LONGEST_NUMBER and int(text) <= most


def _blank() -> dict[str, Any]:
    return {"kind": "", "text": "", "fen": "", "quantity": "1", "paid_by": PaidBy.OWNER.value}


def _item(row: dict[str, Any]) -> Item:
    fen, quantity = parse_fen(row["fen"]), row["quantity"] or "1"
    if fen < 0:
        raise NotAnOrder(N_("A price is not below zero."))
    if not _is_whole(quantity, MOST_QUANTITY) or int(quantity) == 0:
        raise NotAnOrder(N_("“%(text)s” is not a quantity."), text=quantity[:20])
    kind = next((one for one in AT_THE_WORKSHOP if one.value == row["kind"]), None)
    payer = next((one for one in PAYERS if one.value == row["paid_by"]), PaidBy.OWNER)
    return Item(fen, kind, " ".join(row["text"].split())[:80], int(quantity), payer)


def _voucher_ids() -> tuple[int, ...]:
    sent = [one for one in request.form.getlist("voucher") if one.isdecimal() and len(one) < 19]
    return tuple(int(one) for one in sent[:20] if int(one) <= LARGEST)
