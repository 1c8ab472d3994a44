"""R1 over everything that moves points, by two owners who are also made one and parted again."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import (
    adjusting,
    checking,
    facts,
    giving_back,
    ledger,
    opening,
    opening_undo,
    package_use,
    packages,
    pending,
    taking_back,
    tiers,
)
from club.models import EntryKind, Holding, LedgerEntry, Lot, Package, TierCode
from club.opening import Bringing, Thing
from club.opening_undo import UsedSince
from club.standing import standing_of
from foundation import clock, tunables
from members.models import MemberFacts, OrderLine, Owner
from portal.merging import merge, undo, why_not_undone
from portal.models import OwnerMerge
from tests import making
from tests.club import packing, scene
from tests.conftest import Sessions

KEY = "test-hash-key-" * 3
NO_HEALTH_CHECK = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
WHO = st.integers(0, 1)
POINTS = st.integers(1, 400)


class LedgerMachine(RuleBasedStateMachine):
    """Each rule is one operation; `made` is the merge that stands, if one does."""

    db: Session

    def __init__(self) -> None:
        super().__init__()
        self.day, self.acts = date(2026, 1, 15), 0
        self.two = [scene.owner(self.db) for _ in range(2)]
        self.staff = [making.make_staff(self.db).id for _ in range(2)]
        self.lines: list[OrderLine] = []
        self.made: OwnerMerge | None = None
        self.packages: list[Package] = []
        self.files: list[int] = []

    @property
    def now(self) -> Any:
        return scene.moment(self.day)

    def owner(self, who: int) -> Owner:
        return self.db.get_one(Owner, self.made.kept_id) if self.made else self.two[who]

    def cause(self, kind: str = "model") -> dict[str, Any]:
        self.acts += 1
        number = f"{self.two[0].id}-{self.acts}"
        return {"cause_kind": kind, "cause_id": number, "on": self.day, "by": None, "now": self.now}

    def entries(self, who: int, *kinds: EntryKind) -> list[LedgerEntry]:
        mine = LedgerEntry.owner_id == self.owner(who).id
        rows = select(LedgerEntry).where(mine, LedgerEntry.kind.in_(kinds))
        return list(self.db.scalars(rows.order_by(LedgerEntry.id)))

    @rule(who=WHO, fen=st.integers(1, 900_000), late=st.integers(0, 400))
    def earn(self, who: int, fen: int, late: int) -> None:
        line = scene.line(self.db, self.owner(who), self.day - timedelta(days=late), fen)
        scene.settle(self.db, line, today=self.day)
        self.lines.append(line)

    @rule(data=st.data(), share=st.integers(1, 3), linked=st.booleans())
    def refund(self, data: st.DataObject, share: int, linked: bool) -> None:
        if self.lines:
            line = data.draw(st.sampled_from(self.lines))
            owner = self.db.get_one(Owner, line.order.owner_id)
            link = line.id if linked else None
            back = scene.line(self.db, owner, self.day, -line.fen // share, refund_of_id=link)
            scene.settle(self.db, back, today=self.day)

    @rule(who=WHO, points=POINTS, days=st.sampled_from([0, 0, 1, 30]))
    def bonus(self, who: int, points: int, days: int) -> None:
        usable_on = self.day + timedelta(days=days)
        given = {"reason": "x", "usable_on": usable_on, **self.cause("event")}
        ledger.give_bonus(self.db, self.owner(who).id, points, **given)

    @rule(who=WHO, data=st.data())
    def take_bonus_back(self, who: int, data: st.DataObject) -> None:
        taken = {one.cause_id for one in self.entries(who, EntryKind.TAKE_BACK)}
        given = [one for one in self.entries(who, EntryKind.BONUS) if one.cause_id not in taken]
        if given:
            cause = self.cause("event") | {"cause_id": data.draw(st.sampled_from(given)).cause_id}
            taking_back.take_back(self.db, self.owner(who).id, **cause)

    @rule(who=WHO, share=st.integers(1, 3))
    def spend(self, who: int, share: int) -> None:
        """What the page says can be used is what the rule lets go, to the point."""
        owner = self.owner(who)
        ledger.expire_due(self.db, [owner.id], today=self.day, now=self.now)
        have = standing_of(self.db, owner.id, today=self.day).usable
        with pytest.raises(ledger.NotEnoughPoints):
            ledger.spend(self.db, owner.id, max(have, 0) + 1, **self.cause())
        if have >= share:
            ledger.spend(self.db, owner.id, have // share, **self.cause())

    @rule(who=WHO, data=st.data())
    def undo_spending(self, who: int, data: st.DataObject) -> None:
        if spent := self.entries(who, EntryKind.SPEND):
            said = {"reason": "x", "on": self.day, "by": self.staff[0], "now": self.now}
            one = data.draw(st.sampled_from(spent))
            first = giving_back.undo_spending(self.db, one, **said)
            assert giving_back.undo_spending(self.db, one, **said) is first

    @rule(who=WHO, points=st.integers(-1_500, 1_500).filter(bool))
    def adjust(self, who: int, points: int) -> None:
        self.acts += 1
        said = {"request_id": f"{self.two[0].id}-{self.acts}", "reason": "x", "on": self.day}
        first, second = self.staff
        asked = {"by": first, "now": self.now, **said}
        try:
            made = adjusting.ask(self.db, self.owner(who).id, points, **asked)
        except adjusting.MoreThanHeld:
            return
        if not isinstance(made, LedgerEntry):
            adjusting.confirm(self.db, made, on=self.day, by=second, now=self.now)

    @rule(who=WHO, yuan=st.integers(1, 4_000))
    def sell_package(self, who: int, yuan: int) -> None:
        self.acts += 1
        owner, kind = self.owner(who), packing.kind(self.db, price_fen=yuan * 100)
        said = {"request_id": f"{self.two[0].id}-{self.acts}", "today": self.day, "now": self.now}
        self.packages.append(packing.sold(self.db, owner, kind, **said))

    @rule(data=st.data())
    def use_package(self, data: st.DataObject) -> None:
        good = [one for one in self.packages if one.left and not one.is_over(self.day)]
        if good:
            self.acts += 1
            item = next(one for one in data.draw(st.sampled_from(good)).items if one.left)
            said = {"today": self.day, "by": None, "now": self.now}
            package_use.use(self.db, item, request_id=f"{self.acts}", **said)

    @rule(data=st.data())
    def refund_package(self, data: st.DataObject) -> None:
        if good := [one for one in self.packages if one.left]:
            said = {"reason": "x", "today": self.day, "by": None, "now": self.now}
            packages.refund(self.db, data.draw(st.sampled_from(good)), **said)

    @rule(who=WHO, points=POINTS, months=st.integers(0, 30), tier=st.sampled_from(TierCode))
    def opening_balance(self, who: int, points: int, months: int, tier: TierCode) -> None:
        self.acts += 1
        owner, until = self.owner(who), clock.add_months(self.day, months)
        card, bringing = f"{owner.id}-{self.acts}", self.bringing(self.acts)
        for thing in (
            Thing(Holding.POINTS, points, until),
            Thing(Holding.TIER, 1, until, tier=tier),
        ):
            opening.bring(self.db, owner.id, card, 1, thing, bringing)
        tiers.review(self.db, [owner.id], today=self.day, now=self.now)
        self.files.append(bringing.batch_id)

    def bringing(self, number: int) -> Bringing:
        first, second = self.staff
        batch_id = self.two[0].id * 10_000 + number
        return Bringing(batch_id, self.day, self.now, by=first, signed_by=second)

    @rule(data=st.data())
    def take_opening_back(self, data: st.DataObject) -> None:
        """Whole, or refused because something of it was used."""
        if self.files:
            batch_id = data.draw(st.sampled_from(self.files))
            with contextlib.suppress(UsedSince):
                opening_undo.take_back(
                    self.db, batch_id, today=self.day, by=self.staff[1], now=self.now
                )

    @rule(days=st.sampled_from([0, 15]))
    def delay(self, days: int) -> None:
        tunables.change(self.db, pending.DELAY, days, by=None, now=self.now)

    @rule(months=st.sampled_from([0, 1, 11, 23]))
    def time_passes(self, months: int) -> None:
        """The jobs of the night come, twice."""
        self.day = clock.add_months(self.day, months) + timedelta(days=1)
        for _ in range(2):
            for who in self.two:
                scene.brought_up_to(self.db, who, self.day) if self.known(who) else None
            pending.release_due(self.db, today=self.day, now=self.now)

    def known(self, who: Owner) -> bool:
        return self.db.get(MemberFacts, who.id) is not None

    @rule(stays=WHO)
    def merge(self, stays: int) -> None:
        if self.made is None:
            total = self.total(ledger.balance)
            kept, gone = self.two[stays], self.two[1 - stays]
            said = {"reason": "one person", "hash_key": KEY, "by": self.staff[0], "now": self.now}
            self.over = self.sweepable()
            self.made = merge(self.db, kept, gone, **said)
            assert self.total(ledger.balance) == total - self.over

    @rule()
    def part(self) -> None:
        if self.made is not None and why_not_undone(self.db, self.made) is None:
            total = self.total(ledger.balance)
            undo(self.db, self.made, by=self.staff[0], now=self.now)
            self.made = None
            assert self.total(ledger.balance) == total

    def total(self, count: Callable[[Session, int], int]) -> int:
        return sum(count(self.db, owner.id) for owner in self.two)

    def sweepable(self) -> int:
        """Points whose last day is over and that no job has swept."""
        ids = [owner.id for owner in self.two]
        over = select(func.sum(Lot.rest)).where(
            Lot.owner_id.in_(ids), Lot.rest > 0, Lot.expires_on < self.day
        )
        return int(self.db.scalar(over) or 0)

    @invariant()
    def everything_adds_up(self) -> None:
        self.db.flush()
        assert list(checking.differences(self.db)) == []

    def teardown(self) -> None:
        self.time_passes(1)
        for who in self.two:
            if self.known(who):
                kept = scene.brought_up_to(self.db, who, self.day)
                whole = facts.from_scratch(self.db, who.id, today=self.day)
                assert replace(kept, spend_as_of=self.day) == whole
        self.db.rollback()


@pytest.mark.timeout(240)
def test_whatever_happens_the_ledger_adds_up(sessions: Sessions) -> None:
    """R1: entries, open lots, allocations and facts agree after any sequence of operations.

    Red when an expiry leaves the rest in its lot, when the facts do not follow an adjustment, and
    when an opening balance that is taken back leaves its tier.
    """
    with sessions() as db:
        machine = type("Machine", (LedgerMachine,), {"db": db})
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            machine,
            settings=settings(
                max_examples=6,
                stateful_step_count=24,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=NO_HEALTH_CHECK,
            ),
        )
