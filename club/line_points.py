"""The points of an order line as they come into the purse and go out of it again."""

from collections.abc import Sequence

from club import pending
from club.earning_lines import OwnerBook
from club.models import Earning, EntryKind
from club.purses import Cause
from foundation import clock
from foundation.money import floor_points


def held(earning: Earning, fen: int) -> int:
    """The points that so many fen of a line hold: none where it is left out."""
    return floor_points(fen, earning.multiplier) if earning.left_out is None else 0


def enter(book: OwnerBook, earning: Earning, points: int, kind: EntryKind, cause: Cause) -> None:
    """Points of a line come in; they live from its service day."""
    if points <= 0:
        return
    rules = book.rules.on(earning.earned_on)
    until = clock.add_months(earning.earned_on, rules.points_live_months)
    entry = book.purse.put(
        kind,
        points,
        cause.under(earning.rule_version_id),
        expires_on=until,
        usable_on=pending.after_delay(earning.earned_on, book.delay_days, today=book.today),
    )
    earning.lot = earning.lot or next(lot for lot in book.purse.lots if lot.entry is entry)


def draw(
    book: OwnerBook,
    parts: Sequence[tuple[Earning, int]],
    cause: Cause,
    kind: EntryKind = EntryKind.REFUND,
) -> None:
    """Take points back, from the lots of their lines first; what had expired is not taken twice."""
    total = sum(points for _, points in parts)
    if total <= 0:
        return
    own = []
    for earning, points in parts:
        own += book.own_lots(earning, points, cause)
    book.purse.draw(kind, total, cause, first=own)
