"""Whatever is bought, used, returned and expired in whatever order, the ledger adds up (R1)."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import checking, ledger, rewards, voucher_return
from club.models import Voucher, VoucherKind, VoucherState
from foundation.refusals import Refusal
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY

ACTS = st.tuples(
    st.sampled_from(["earn", "buy", "return", "use", "undo", "expire"]), st.integers(0, 7)
)
PRICES = (120, 250, 90)


class Counter:
    """One member at one counter, day by day."""

    def __init__(self, db: Session) -> None:
        self.db, self.who, self.day = db, scene.owner(db), TODAY
        self.rewards = [vouching.reward(db, price) for price in PRICES]
        self.held: list[Voucher] = []

    def do(self, act: str, which: int, nth: int) -> None:
        """One act; what is refused changes nothing."""
        db, moment = self.db, scene.moment(self.day)
        one = self.held[which % len(self.held)] if self.held else None
        same = {"by": None, "now": moment}
        if act == "earn":
            scene.buy(db, self.who, self.day, (which + 1) * 7_500)
        elif act == "expire":
            self.day += timedelta(days=which * 60)
            ledger.expire_due(db, [self.who.id], today=self.day, now=moment)
        elif act == "buy":
            wanted = self.rewards[which % len(PRICES)]
            call = {"request_id": str(nth), "today": self.day}
            self.held.append(rewards.buy(db, wanted, self.who.id, **call, **same))
        elif one is not None and act == "return":
            rewards.give_back(db, one, reason="改", today=self.day, **same)
        elif one is not None and act == "use":
            vouching.redeem(db, one, on=self.day, request_id=str(nth))
        elif one is not None and one.redemptions:
            voucher_return.undo_redeem(
                db, one.redemptions[-1], reason="错", today=TODAY, by=None, now=NOW
            )


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACTS, max_size=18))
def test_any_sequence_of_rewards_leaves_the_ledger_whole(
    db: Session, acts: list[tuple[str, int]]
) -> None:
    """R1, R6: red when a return gives its points as a bonus without a lot, or keeps the stock."""
    counter = Counter(db)
    for nth, (act, which) in enumerate([("earn", 7), ("buy", 0), *acts]):
        try:
            with db.begin_nested():
                counter.do(act, which, nth)
        except Refusal:
            continue
        db.expire_all()
    assert list(checking.differences(db)) == []
    standing = select(func.count()).where(
        Voucher.kind_id == VoucherKind.id, Voucher.state != VoucherState.REVOKED
    )
    mismatch = select(VoucherKind.id).where(VoucherKind.issued != standing.scalar_subquery())
    assert db.scalars(mismatch).all() == []
