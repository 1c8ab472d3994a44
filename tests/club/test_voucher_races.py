"""Eight real processes at the desk at the same moment (R14)."""

from collections import Counter
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import checking, entitlements, ledger, rewards, voucher_return, voucher_use
from club.models import Benefit, BenefitYear, Reward, Voucher, VoucherKind, VoucherUse
from club.voucher_use import OrderDraft
from foundation.refusals import Refusal
from members.facts import facts_of
from members.models import Membership
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY
from tests.conftest import Sessions
from tests.events.racing import once_free, race

DESKS = 8


def redeem_all(sessions: Sessions, voucher_id: int, requests: list[str]) -> list[str]:
    return [once_free(sessions, _redeem, voucher_id, one) for one in requests]


def _redeem(db: Session, voucher_id: int, request_id: str) -> str:
    voucher = db.get_one(Voucher, voucher_id)
    try:
        voucher_use.redeem(
            db, voucher, OrderDraft(), request_id=request_id, today=TODAY, by=None, now=NOW
        )
    except Refusal as no:
        return type(no).__name__
    return "used"


def undo(sessions: Sessions, use_id: int) -> str:
    return once_free(sessions, _undo, use_id)


def _undo(db: Session, use_id: int) -> str:
    try:
        use = db.get_one(VoucherUse, use_id)
        voucher_return.undo_redeem(db, use, today=TODAY, reason="两个人都点了", by=None, now=NOW)
    except Refusal as no:
        return type(no).__name__
    return "undone"


def buy(sessions: Sessions, reward_id: int, owner_id: int, request_id: str) -> str:
    return once_free(sessions, _buy, reward_id, owner_id, request_id)


def _buy(db: Session, reward_id: int, owner_id: int, request_id: str) -> str:
    reward = db.get_one(Reward, reward_id)
    try:
        rewards.buy(db, reward, owner_id, request_id=request_id, today=TODAY, by=None, now=NOW)
    except Refusal as no:
        db.rollback()
        return type(no).__name__
    return "bought"


def wash(sessions: Sessions, owner_id: int, benefit_id: int, requests: list[str]) -> list[str]:
    return [once_free(sessions, _wash, owner_id, benefit_id, one) for one in requests]


def _wash(db: Session, owner_id: int, benefit_id: int, request_id: str) -> str:
    benefit = db.get_one(Benefit, benefit_id)
    try:
        entitlements.use(
            db, owner_id, benefit, request_id=request_id, today=TODAY, by=None, now=NOW
        )
    except Refusal as no:
        return type(no).__name__
    return "used"


def test_fifty_redemptions_of_three_uses_give_three(sessions: Sessions, database_url: str) -> None:
    """R14: three of fifty; red without the used < uses condition"""
    with sessions() as db:
        one = vouching.voucher(db, scene.owner(db), vouching.kind(db, uses=3))
        db.commit()
    tries = [[f"{desk}-{nth}" for nth in range(50 // DESKS + (desk < 2))] for desk in range(DESKS)]
    said = race(database_url, [(redeem_all, (one.id, mine)) for mine in tries])
    counted = Counter(word for words in said for word in words)
    with sessions() as db:
        uses = db.scalar(select(func.count()).select_from(VoucherUse))
        assert (db.get_one(Voucher, one.id).used, uses) == (3, 3)
    assert counted == {"used": 3, "NotUsable": 47}


def test_one_redemption_undone_by_eight_comes_back_once(
    sessions: Sessions, database_url: str
) -> None:
    """R14: red without `undone_at IS NULL`"""
    with sessions() as db:
        one = vouching.voucher(db, scene.owner(db), vouching.kind(db, uses=3))
        use = vouching.redeem(db, one)
        vouching.redeem(db, one)
        db.commit()
    said = race(database_url, [(undo, (use.id,))] * DESKS)
    with sessions() as db:
        assert db.get_one(Voucher, one.id).used == 1
    assert Counter(said) == {"undone": 1, "AlreadyUndone": DESKS - 1}


def test_the_last_two_rewards_go_to_two(sessions: Sessions, database_url: str) -> None:
    """R1, R14: stock and points, or neither; red without `issued + n <= stock`"""
    with sessions() as db:
        reward = vouching.reward(db, 100, kind=vouching.kind(db, stock=2))
        owners = [scene.owner(db) for _ in range(DESKS)]
        for who in owners:
            scene.buy(db, who, TODAY, 500_00)
        db.commit()
    said = race(database_url, [(buy, (reward.id, who.id, "a")) for who in owners])
    with sessions() as db:
        assert db.get_one(VoucherKind, reward.kind_id).issued == 2
        assert sum(ledger.balance(db, who.id) for who in owners) == DESKS * 500 - 200
        assert list(checking.differences(db)) == []
    assert Counter(said) == {"bought": 2, "OutOfStock": DESKS - 2}


def test_no_more_uses_than_the_tier_has(sessions: Sessions, database_url: str) -> None:
    """R14: four washes of forty for a general member; red without `used < yearly`"""
    with sessions() as db:
        who = scene.owner(db)
        db.get_one(Membership, who.id).joined_on = date(2025, 6, 1)
        facts_of(db, who.id)
        wanted = db.scalars(select(Benefit).where(Benefit.code == "everyday-wash")).one()
        db.commit()
    tries = [[f"{desk}-{nth}" for nth in range(5)] for desk in range(DESKS)]
    said = race(database_url, [(wash, (who.id, wanted.id, mine)) for mine in tries])
    counted = Counter(word for words in said for word in words)
    with sessions() as db:
        assert db.scalars(select(BenefitYear.used)).all() == [4]
    assert counted == {"used": 4, "NoneLeft": 36}
