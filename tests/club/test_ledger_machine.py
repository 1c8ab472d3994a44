"""Any sequence of acts on a purse against a model that keeps single points in a list."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import checking, facts, ledger, opening
from club.models import Holding, LedgerEntry, Lot
from club.opening import Bringing, Thing
from foundation import clock
from members.models import OrderLine
from tests.club import scene
from tests.conftest import Sessions

NO_HEALTH_CHECK = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


class PurseMachine(RuleBasedStateMachine):
    """Earn, spend, undo, expire, refund, adjust; the model knows lots without debts."""

    db: Session

    def __init__(self) -> None:
        super().__init__()
        self.who = scene.owner(self.db)
        self.day = date(2026, 1, 15)
        self.acts = 0
        self.lots: list[list[Any]] = []  # [last day, rest], in order of id
        self.spent: list[tuple[LedgerEntry, list[tuple[int, int]]]] = []

    def cause(self) -> dict[str, Any]:
        self.acts += 1
        moment = scene.moment(self.day)
        number = f"{self.who.id}-{self.acts}"
        return {"cause_id": number, "cause_kind": "act", "on": self.day, "by": None, "now": moment}

    def sweep(self) -> None:
        for lot in self.lots:
            if lot[0] < self.day:
                lot[1] = 0

    @rule(points=st.integers(1, 150), days_late=st.integers(0, 60))
    def gain(self, points: int, days_late: int) -> None:
        on = self.day - timedelta(days=days_late)
        ledger.give_bonus(self.db, self.who.id, points, reason="model", **self.cause() | {"on": on})
        self.lots.append([clock.add_months(on, 24), points])

    @rule(points=st.integers(1, 150), months=st.integers(0, 30))
    def opening_balance(self, points: int, months: int) -> None:
        self.acts += 1
        until = clock.add_months(self.day, months)
        bringing = Bringing(self.acts, self.day, scene.moment(self.day), by=None)
        thing, card = Thing(Holding.POINTS, points, until), f"{self.who.id}-{self.acts}"
        opening.bring(self.db, self.who.id, card, self.who.id, thing, bringing)
        facts.points_moved(self.db, self.who.id, on=self.day)
        self.lots.append([until, points])

    @rule(points=st.integers(1, 250))
    def spend(self, points: int) -> None:
        alive = sum(rest for last, rest in self.lots if last >= self.day)
        if alive < points:
            with pytest.raises(ledger.NotEnoughPoints):
                ledger.spend(self.db, self.who.id, points, **self.cause())
            return
        entry = ledger.spend(self.db, self.who.id, points, **self.cause())
        self.sweep()
        self.spent.append((entry, self.taken(points)))

    def taken(self, points: int) -> list[tuple[int, int]]:
        """Point by point from the lot that ends first (R2)."""
        parts = []
        for place in sorted(range(len(self.lots)), key=lambda at: (self.lots[at][0], at)):
            count = min(points, self.lots[place][1])
            self.lots[place][1] -= count
            points -= count
            parts.append((place, count))
        return parts

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        if not self.spent:
            return
        entry, parts = self.spent.pop(data.draw(st.integers(0, len(self.spent) - 1)))
        acts = self.cause()
        for _ in range(2):
            ledger.undo(self.db, entry, reason="model", on=self.day, by=None, now=acts["now"])
        for place, count in parts:
            self.lots[place][1] += count
        self.sweep()

    @rule(months=st.sampled_from([1, 7, 23]))
    def time_passes(self, months: int) -> None:
        self.day = clock.add_months(self.day, months) + timedelta(days=1)
        for _ in range(2):
            ledger.expire_due(self.db, [self.who.id], today=self.day, now=scene.moment(self.day))
        self.sweep()

    @invariant()
    def lots_are_as_the_model_says(self) -> None:
        rests = select(Lot.rest).where(Lot.owner_id == self.who.id).order_by(Lot.id)
        assert self.db.scalars(rests).all() == [rest for _, rest in self.lots]

    @invariant()
    def everything_adds_up(self) -> None:
        adds_up(self.db, self.who.id)


class OrderMachine(RuleBasedStateMachine):
    """Purchases and refunds among bonuses, spending and time: debts come and go."""

    db: Session

    def __init__(self) -> None:
        super().__init__()
        self.who = scene.owner(self.db)
        self.day = date(2026, 1, 15)
        self.acts = 0
        self.bought: list[OrderLine] = []

    @rule(yuan=st.integers(0, 9000))
    def buy(self, yuan: int) -> None:
        self.bought.append(scene.buy(self.db, self.who, self.day, yuan * 100 + 50))

    @rule(share=st.integers(1, 4), linked=st.booleans(), data=st.data())
    def refund(self, share: int, linked: bool, data: st.DataObject) -> None:
        if self.bought:
            line = data.draw(st.sampled_from(self.bought))
            link = line.id if linked else None
            scene.buy(self.db, self.who, self.day, -line.fen // share, refund_of_id=link)

    @rule(data=st.data(), fen=st.integers(0, 500_000))
    def correct(self, data: st.DataObject, fen: int) -> None:
        if self.bought:
            line = data.draw(st.sampled_from(self.bought))
            line.fen = fen
            scene.settle(self.db, line, today=self.day)

    @rule(share=st.integers(1, 3))
    def spend(self, share: int) -> None:
        self.acts += 1
        ledger.expire_due(self.db, [self.who.id], today=self.day, now=scene.moment(self.day))
        points = ledger.balance(self.db, self.who.id) // share
        if points > 0:
            ledger.spend(
                self.db,
                self.who.id,
                points,
                cause_kind="act",
                cause_id=f"{self.who.id}-{self.acts}",
                on=self.day,
                by=None,
                now=scene.moment(self.day),
            )

    @rule(months=st.sampled_from([1, 11, 23]))
    def time_passes(self, months: int) -> None:
        self.day = clock.add_months(self.day, months) + timedelta(days=1)
        scene.brought_up_to(self.db, self.who, self.day) if self.bought else None

    @invariant()
    def everything_adds_up(self) -> None:
        adds_up(self.db, self.who.id)

    @invariant()
    def points_and_debts_are_never_together(self) -> None:
        rests = self.db.scalars(select(Lot.rest).where(Lot.owner_id == self.who.id)).all()
        assert not (any(rest > 0 for rest in rests) and any(rest < 0 for rest in rests))


def adds_up(db: Session, owner_id: int) -> None:
    """R1 for one owner, and what left each lot is what its allocations say."""
    db.flush()
    entries = db.scalar(
        select(func.sum(LedgerEntry.points)).where(LedgerEntry.owner_id == owner_id)
    )
    assert (entries or 0) == ledger.balance(db, owner_id)
    assert list(checking.differences(db)) == []


@pytest.mark.parametrize("machine", [PurseMachine, OrderMachine])
def test_any_sequence_adds_up(
    sessions: Sessions, machine: type[PurseMachine | OrderMachine]
) -> None:
    """R1, R2, R3, R6: red when expiry leaves the rest, when lots are taken by id alone, when an
    undo is not looked for, and when debts are not paid from new points."""
    with sessions() as db:
        bound = type(machine.__name__, (machine,), {"db": db})
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            bound,
            settings=settings(
                max_examples=15,
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=NO_HEALTH_CHECK,
            ),
        )
        assert list(checking.differences(db)) == []
