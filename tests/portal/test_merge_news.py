"""What happens after a merge ends its undo: whose it is could not be told any more (R13)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from club import ledger, offer_use, quotes, referrals, voucher_passing, vouchers
from club.models import OfferUse, Partner, PartnerOffer, Referral, TillQuote, Voucher
from club.quotes import Asked
from club.till_prices import Item
from members.models import Membership, Owner
from portal.merging import NewActivity, merge, undo
from portal.models import OwnerMerge
from tests.club import bringing, scene, vouching
from tests.club.scene import TODAY
from tests.conftest import Sessions
from tests.making import NOW, make_member, make_staff, make_vehicle

BY_NOBODY: dict[str, Any] = {"by": None, "now": NOW}
Act = Callable[[Session, Owner, Voucher], object]


def order(db: Session, owner: Owner, _voucher: Voucher) -> None:
    scene.line(db, owner, TODAY, 100)


def points(db: Session, owner: Owner, _voucher: Voucher | None) -> None:
    cause = {"cause_kind": "x", "cause_id": "1", "reason": "x"}
    ledger.give_bonus(db, owner.id, 5, on=TODAY, **cause, **BY_NOBODY)


def better_hour(_db: Session, owner: Owner, _voucher: Voucher) -> None:
    owner.contact_time = "晚上"


def car(db: Session, owner: Owner, _voucher: Voucher) -> None:
    make_vehicle(db, owner)


def offer(db: Session, owner: Owner, _voucher: Voucher) -> None:
    partner = Partner(name_zh="茶馆", trade="tea")
    partner.offers = [PartnerOffer(shop_id=scene.shop(db).id, title_zh="品茗")]
    db.add(partner)
    db.flush()
    said = {"request_id": "r", "today": TODAY, **BY_NOBODY}
    offer_use.use(db, partner.offers[0], owner.id, **said)


def quote(db: Session, owner: Owner, _voucher: Voucher) -> None:
    asked = Asked((Item(900_00),), order_no="W7")
    quotes.price(db, owner.id, asked, request_id="q", today=TODAY, **BY_NOBODY)


def friend(db: Session, owner: Owner, _voucher: Voucher) -> None:
    referrals.joined(db, bringing.new_member(db).id, owner.id, on=TODAY, **BY_NOBODY)


def voucher_used(db: Session, _owner: Owner, voucher: Voucher) -> None:
    vouching.redeem(db, voucher)


def voucher_passed_on(db: Session, _owner: Owner, voucher: Voucher) -> None:
    number = db.get_one(Membership, make_member(db).id).number
    voucher_passing.pass_on(db, voucher, number, today=TODAY, **BY_NOBODY)


def voucher_taken_back(db: Session, _owner: Owner, voucher: Voucher) -> None:
    vouchers.revoke(db, voucher, reason="x", **BY_NOBODY)


def another_voucher(db: Session, owner: Owner, _voucher: Voucher) -> None:
    vouching.voucher(db, owner)


ACTS = (order, points, better_hour, car, offer, quote, friend)
ON_VOUCHERS = (voucher_used, voucher_passed_on, voucher_taken_back, another_voucher)


@pytest.mark.parametrize("act", [*ACTS, *ON_VOUCHERS], ids=lambda act: act.__name__)
def test_what_happens_afterwards_ends_the_undo(db: Session, act: Act) -> None:
    """R13: red when the fingerprint of the kept owner is not compared, or leaves the thing out: who
    got a voucher passed on would lose it again."""
    fresh, archive = scene.owner(db, name="李雷"), scene.owner(db)
    voucher = vouching.voucher(db, fresh, vouching.kind(db, transferable=True))
    by = make_staff(db).id
    made = merge(db, archive, fresh, reason="same phone", hash_key="test" * 9, by=by, now=NOW)
    act(db, archive, voucher)
    db.flush()
    with pytest.raises(NewActivity):
        undo(db, made, by=by, now=NOW)


def test_a_merge_from_before_something_was_watched_is_undone_all_the_same(
    db: Session, sessions: Sessions
) -> None:
    """R13: its record does not name what is watched since then; red where each is taken to be in
    it, and where what it does name is not compared any more."""
    younger = {one.__tablename__ for one in (OfferUse, TillQuote, Referral)}
    by, made = make_staff(db).id, []
    for name in ("李雷", "韩梅"):
        kept, gone = scene.owner(db, name=name), scene.owner(db, name=name)
        one = merge(db, kept, gone, reason="same phone", hash_key="test" * 9, by=by, now=NOW)
        then = {table: mark for table, mark in one.record["then"].items() if table not in younger}
        one.record = one.record | {"then": then}
        made.append(one)
    points(db, db.get_one(Owner, made[1].kept_id), None)
    db.commit()
    undo(db, made[0], by=by, now=NOW)
    with pytest.raises(NewActivity):
        undo(db, made[1], by=by, now=NOW)
    db.commit()
    with sessions() as fresh:
        parted = fresh.get_one(OwnerMerge, made[0].id)
        assert parted.undone_at == NOW
        assert fresh.get_one(Owner, parted.gone_id).merged_into_id is None
