"""Points for vouchers and back: the ledger adds up (R1, R6)."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from club import checking, ledger, rewards, voucher_return
from club.ledger import NotEnoughPoints
from club.models import LedgerEntry, Lot, Reward, TierCode, Voucher, VoucherState
from club.rewards import NotBought, NotOffered
from club.vouchers import OutOfStock
from foundation.words import InBoth
from members.models import Owner
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY


def rich(db: Session, *lots: int) -> Owner:
    """A member with lots of so many points."""
    who = scene.owner(db)
    for points in lots or (1_000,):
        scene.buy(db, who, TODAY, points * 100)
    return who


def buy(db: Session, reward: Reward, who: Owner, request_id: str = "a") -> Voucher:
    return rewards.buy(db, reward, who.id, request_id=request_id, today=TODAY, by=None, now=NOW)


def give_back(db: Session, voucher: Voucher) -> Any:
    return rewards.give_back(db, voucher, reason="改主意了", today=TODAY, by=None, now=NOW)


def test_points_become_a_voucher_once(db: Session) -> None:
    """Red when the request is not looked for, or when the movement keeps the Chinese name alone"""
    reward, who = vouching.reward(db), rich(db)
    reward.kind.name_en = "Three washes"
    bought = buy(db, reward, who)
    assert buy(db, reward, who) is bought
    assert ledger.balance(db, who.id) == 500
    db.flush()
    db.expire_all()
    entry = db.get_one(LedgerEntry, bought.entry_id)
    assert entry.why == InBoth(reward.kind.name_zh, "Three washes")
    assert list(checking.differences(db)) == []


def test_returning_it_fills_the_lots_it_came_from(db: Session) -> None:
    """R6: red when the points come back as a bonus"""
    who = rich(db, 300, 400)
    voucher = buy(db, vouching.reward(db), who)
    give_back(db, voucher)
    lots = db.query(Lot).filter(Lot.owner_id == who.id).order_by(Lot.id)
    assert [lot.rest for lot in lots] == [300, 400]
    assert voucher.state is VoucherState.REVOKED
    assert list(checking.differences(db)) == []


def test_a_used_reward_is_not_returned(db: Session) -> None:
    who = rich(db)
    voucher = buy(db, vouching.reward(db), who)
    use = vouching.redeem(db, voucher)
    with pytest.raises(NotBought):
        give_back(db, voucher)
    voucher_return.undo_redeem(db, use, today=TODAY, reason="按错了", by=None, now=NOW)
    give_back(db, voucher)
    assert ledger.balance(db, who.id) == 1_000


def test_too_few_points_buy_nothing(db: Session) -> None:
    with pytest.raises(NotEnoughPoints):
        buy(db, vouching.reward(db, 1_001), rich(db))


@pytest.mark.parametrize("terms", [{"tier": TierCode.GOLD}, {"active": False}, {"most_each": 1}])
def test_each_condition_of_a_reward_is_kept(db: Session, terms: dict[str, Any]) -> None:
    reward, who = vouching.reward(db, 100, **terms), rich(db)
    if "most_each" in terms:
        buy(db, reward, who, "a")
    with pytest.raises(NotOffered):
        buy(db, reward, who, "b")


def test_the_last_one_is_not_sold_past_its_most_each(db: Session) -> None:
    """red when an empty stock hides how often the member had it"""
    reward = vouching.reward(db, 100, most_each=1, kind=vouching.kind(db, stock=2))
    who = rich(db)
    buy(db, reward, who, "a")
    with pytest.raises(NotOffered):
        buy(db, reward, who, "b")


def test_an_empty_stock_costs_no_points(db: Session) -> None:
    reward = vouching.reward(db, 100, kind=vouching.kind(db, stock=1))
    buy(db, reward, rich(db))
    with pytest.raises(OutOfStock):
        buy(db, reward, rich(db))


def test_the_catalogue_says_what_is_missing(db: Session) -> None:
    who = rich(db, 120)
    vouching.reward(db, 500)
    vouching.reward(db, 100)
    offers = rewards.catalogue(db, who.id, today=TODAY)
    assert [(one.missing, one.within_reach) for one in offers] == [(0, True), (380, False)]
