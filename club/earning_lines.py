"""One owner's earning lines in time, with the purse and the tier path that go with them."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.history import Place, earnings_query, grants_of
from club.models import Earning, EarningCut, LedgerEntry, Lot, TierCode
from club.purses import EXPIRY, Cause, Purse, expired_of, purses
from club.rules import Work
from club.rules_in_force import RuleBook, rule_book
from club.tier_path import Grant, Spend, TierPath, walk
from club.tiers import RECOUNT, Standing, Why, standings
from members.models import PACKAGE_SALE, OrderLine, Vehicle


def place_of(line: OrderLine) -> Place:
    """Where a line stands in time."""
    order = line.order
    return Place(order.serviced_on, order.external_id, order.source, line.line_no, line.id)


def order_of(place: Place) -> tuple[date, str, str]:
    """Where the whole order of a line stands in time."""
    return place.on, place.external_id, place.source


@dataclass
class OwnerBook:
    """All that settling an owner's lines needs, read once and locked."""

    owner_id: int
    rules: RuleBook
    purse: Purse
    standing: Standing
    path: TierPath
    earnings: dict[int, Earning] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    order: list[Place] = field(default_factory=list)
    cuts_by: dict[int, list[EarningCut]] = field(default_factory=lambda: defaultdict(list))
    energies: Mapping[int, str] = field(default_factory=dict)
    covers: Mapping[int, int] = field(default_factory=dict)
    coming: set[int] = field(default_factory=set)
    grants: Sequence[Grant] = ()
    delay_days: int = 0
    today: date = date.max
    _before: dict[tuple[date, str, str], TierCode] = field(default_factory=dict)

    def work_of(self, line: OrderLine) -> Work:
        """What of a line decides its rate."""
        return Work(line.kind, self.energies.get(line.order.vehicle_id or 0))

    def worth_of(self, line: OrderLine) -> int:
        """The fen of a line without what the till took off it (R7)."""
        return line.fen - self.covers.get(line.id, 0)

    def is_moved(self, line: OrderLine) -> bool:
        """Whether the line earned on other fen than it is worth now."""
        earning = self.earnings.get(line.id)
        return earning is not None and line.fen > 0 and earning.fen != self.worth_of(line)

    def tier_before(self, place: Place) -> TierCode:
        """The tier held before the order of this line, reviews of earlier days held."""
        order = order_of(place)
        if order not in self._before:
            earlier = bisect_left(self.order, order, key=order_of)
            self._before[order] = self._tier_up_to(earlier, place.on)
        return self._before[order]

    def _tier_up_to(self, count: int, day: date) -> TierCode:
        """The tier of a day to which the first so many lines lead."""
        path = self.path
        if count < len(self.order):
            path = walk(self.rules, self._spends(self.order[:count]), self.grants)
        path.pass_reviews(day)
        return path.tier

    def add(self, place: Place, earning: Earning, *, now: datetime) -> None:
        """Put a purchase in its place and let the tier follow."""
        late = bool(self.order) and place < self.order[-1]
        self._remember(place, earning)
        if earning.left_out is not None:
            return
        if late:
            self.recount(Why(place.on, "late-order", place.line_id), now=now)
        else:
            self.path.take(Spend(place.on, earning.fen_left, place.line_id))
            self.note_steps(now=now)

    def refundable(self, line_id: int | None, day: date) -> Iterator[Earning]:
        """The one line that a refund names, else those up to its day, the newest first; packages
        sold by ourselves after all others, since their own refunds name them."""
        if line_id is not None:
            found = [self.earnings[line_id]] if line_id in self.earnings else []
        else:
            until = [place for place in self.order if place.on <= day]
            until.sort(key=lambda one: (one.source != PACKAGE_SALE, one), reverse=True)
            found = [self.earnings[place.line_id] for place in until]
        return (each for each in found if each.left_out is None and each.fen_left > 0)

    def recount(self, why: Why, *, now: datetime) -> None:
        """Walk again over what still stands, and note where that leads elsewhere."""
        self._before.clear()
        self.path.pass_reviews(why.on)
        self.note_steps(now=now)
        self.path = walk(self.rules, self._spends(self.order), self.grants)
        self.path.pass_reviews(why.on)
        self._noted = len(self.path.steps)
        if self.standing.follows(why.on):
            self.standing.note_recount(self.path, why, now=now)
        elif self.path.tier != self.standing.tier:
            self.standing.why = why

    def close(self, day: date, *, now: datetime) -> None:
        """Bring the tier up to a day, or to the later day that it had already reached."""
        until = max(day, self.standing.held_to or day)
        self.path.pass_reviews(until)
        self.note_steps(now=now)
        self.standing.note_recount(self.path, self.standing.why or Why(until, RECOUNT), now=now)

    def note_steps(self, *, now: datetime) -> None:
        """Note the steps of the path that are news."""
        for step in self.path.steps[self._noted :]:
            if self.standing.follows(step.on):
                self.standing.note(step, now=now)
        self._noted = len(self.path.steps)

    def own_lots(self, earning: Earning, points: int, cause: Cause) -> list[Lot]:
        """The lots of a line that hold points; what expired of them comes back as far as needed."""
        line_id = earning.order_line_id
        lots = self._filled_lots(line_id)
        short = points - sum(lot.rest for lot in lots)
        if short > 0:
            self._unexpire(line_id, short, cause)
            lots = self._filled_lots(line_id)
        return lots

    def _filled_lots(self, line_id: int) -> list[Lot]:
        lots = self.purse.lots
        return [lot for lot in lots if lot.rest > 0 and lot.entry.order_line_id == line_id]

    _noted: int = 0

    def _remember(self, place: Place, earning: Earning) -> None:
        self.earnings[place.line_id] = earning
        self.places[place.line_id] = place
        insort(self.order, place)

    def _spends(self, places: Collection[Place]) -> Iterator[Spend]:
        for place in places:
            earning = self.earnings[place.line_id]
            if earning.left_out is None and earning.fen_left:
                yield Spend(place.on, earning.fen_left, place.line_id)

    def _unexpire(self, line_id: int, points: int, cause: Cause) -> None:
        """Points that expired unspent were never enjoyed: a refund does not take them again."""
        db = self.purse.db
        db.flush()
        lots = db.scalars(
            select(Lot)
            .join(LedgerEntry, LedgerEntry.id == Lot.entry_id)
            .where(LedgerEntry.order_line_id == line_id, Lot.expires_on.is_not(None))
            .order_by(Lot.id)
        ).all()
        expired = expired_of(db, lots)
        for lot in lots:
            back = min(points, expired.get(lot.id, 0))
            if back > 0:
                day = max(cause.on, lot.expires_on or cause.on)
                self.purse.give_back(
                    [(lot, back)], back, cause.again(EXPIRY, f"{cause.id}:{lot.id}", day)
                )
                points -= back


def note_energies(db: Session, books: Iterable[OwnerBook], lines: Collection[OrderLine]) -> None:
    """Tell the books what drives the cars of these lines, where any campaign asks for it."""
    asking = [book for book in books if book.rules.asks_energy()]
    cars = {line.order.vehicle_id for line in lines if line.order.vehicle_id} if asking else set()
    if not cars:
        return
    known = dict(db.execute(select(Vehicle.id, Vehicle.energy).where(Vehicle.id.in_(cars))).all())
    for book in asking:
        book.energies = known


def note_delay(books: Iterable[OwnerBook], days: int, today: date) -> None:
    """Tell the books for how many days new points stay pending."""
    for book in books:
        book.delay_days, book.today = days, today


def open_books(db: Session, owner_ids: Collection[int]) -> dict[int, OwnerBook]:
    """The books of these owners, locked, in a handful of queries however many they are."""
    held = purses(db, owner_ids)
    rules = rule_book(db)
    kept = standings(db, held)
    grants = grants_of(db, held)
    books = {
        owner_id: OwnerBook(owner_id, rules, held[owner_id], kept[owner_id], TierPath(rules))
        for owner_id in held
    }
    rows = db.execute(earnings_query().where(Earning.owner_id.in_(held)))
    for earning, external_id, source, line_no in rows:
        place = Place(earning.earned_on, external_id, source, line_no, earning.order_line_id)
        books[earning.owner_id]._remember(place, earning)
    for book in books.values():
        book.grants = grants[book.owner_id]
        book.path = walk(rules, book._spends(book.order), book.grants)
        book._noted = len(book.path.steps)
    return books
