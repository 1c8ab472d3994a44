"""The number of an order as typed at the till, and the system whose number it is."""

from collections.abc import Sequence

from foundation.web.database import db
from foundation.web.incoming import typed
from members.order_systems import order_systems


def number() -> str | None:
    """The order's number, None where nothing was typed."""
    return typed("order_no", 40) or None


def system() -> str:
    """The system that was chosen, or the only one; empty while no file has come."""
    known: Sequence[str] = order_systems(db.session)
    chosen = typed("order_system", 200)
    return chosen if chosen in known else next(iter(known), "")
