"""Packages: points at the sale, uses that are visits, the rest given back."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import checking, facts, ledger, package_kinds, package_use, packages
from club.models import Earning, Package, PackageItem, PackageState, PackageUse, TierCode
from club.package_kinds import PackageNotReady, PackageWords, SoldAlready
from foundation.refusals import Refusal
from members.facts import count_orders
from members.models import MemberFacts, ServiceOrder
from tests import making
from tests.club import packing, scene
from tests.club.scene import NOW, TODAY
from tests.conftest import Sessions
from tests.events.racing import once_free, race

DESKS = 8
LATER = {"today": TODAY + timedelta(days=40), "by": None, "now": scene.moment(date(2026, 4, 10))}


def use(db: Session, item: PackageItem, mark: str = "u1") -> PackageUse:
    return package_use.use(db, item, request_id=mark, **LATER)


def refused(act: type[Refusal], words: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(act, match=words)


def test_points_come_at_the_sale_once_and_a_use_is_a_visit(db: Session) -> None:
    """R7: ¥900 paid are 900 points however often it is sent; using it brings none and makes the
    owner seen that day. Red when a sale counts as a visit, and when a use earns."""
    who = scene.owner(db)
    kind = packing.kind(db)
    one = packing.sold(db, who, kind, paid_fen=900_00, request_id="s1")
    assert packing.sold(db, who, kind, paid_fen=900_00, request_id="s1") is one
    before = db.get_one(MemberFacts, who.id)
    assert (before.points, before.net_spend_fen, before.last_visit_on) == (900, 900_00, None)
    noted = use(db, one.items[0])
    assert use(db, one.items[0]) is noted
    after = db.get_one(MemberFacts, who.id)
    assert (after.points, after.last_visit_on, after.orders) == (900, LATER["today"], 1)
    assert (one.left, facts.from_scratch(db, who.id, today=TODAY).points) == (3, 900)


def test_a_use_that_the_file_brings_too_is_one_visit(db: Session) -> None:
    """Two uses and the workshop's order of that day are one visit, another car or day is one more.

    Red when each order is a visit, without the day, without the car.
    """
    who = scene.owner(db)
    first, second = making.make_vehicle(db, who), making.make_vehicle(db, who)
    one = packing.sold(db, who, packing.kind(db, one_car=True), vehicle_id=first.id)
    for mark in ("u1", "u2"):
        use(db, one.items[0], mark)
    alone = db.get_one(MemberFacts, who.id).orders
    found = []
    for day, car in ((LATER["today"], second), (TODAY, first), (LATER["today"], first)):
        line = scene.line(db, who, day, 100_00)
        line.order.vehicle_id = car.id
        db.flush()
        count_orders(db, [who.id])
        found.append(db.get_one(MemberFacts, who.id).orders)
    assert (alone, found) == (1, [2, 3, 3])


def test_a_use_that_is_undone_never_was_a_visit(db: Session) -> None:
    """Its time comes back once; red when the facts are not counted again."""
    who = scene.owner(db)
    one = packing.sold(db, who)
    noted = use(db, one.items[0])
    package_use.undo(db, noted, reason="点错", by=None, now=NOW)
    with pytest.raises(package_use.UndoneBefore):
        package_use.undo(db, noted, reason="点错", by=None, now=NOW)
    visits = db.scalars(select(ServiceOrder).where(ServiceOrder.source == "package-use")).all()
    assert (one.left, db.get_one(MemberFacts, who.id).last_visit_on, visits) == (4, None, [])


def test_the_rest_comes_back_with_its_points(db: Session) -> None:
    """R5, R1: one of four used, so three quarters of what was paid and of the points go back, even
    when they were spent; the tier follows. Red when the refund names no line."""
    who = scene.owner(db)
    one = packing.sold(db, who, packing.kind(db, price_fen=4_000_00))
    ledger.spend(db, who.id, 3_900, cause_kind="t", cause_id="1", on=TODAY, by=None, now=NOW)
    use(db, one.items[1])
    later = scene.buy(db, who, TODAY + timedelta(days=9), 100_00)
    rose = db.get_one(MemberFacts, who.id).tier
    fen = packages.refund(db, one, reason="搬家", **LATER)
    row = db.get_one(MemberFacts, who.id)
    assert (fen, row.points, rose, row.tier) == (3_000_00, -2_780, "silver", TierCode.GENERAL)
    assert db.get_one(Earning, later.id).fen_left == 100_00
    assert (one.state, one.left, list(checking.differences(db))) == (PackageState.REFUNDED, 0, [])
    for act in (
        lambda: packages.refund(db, one, reason="搬家", **LATER),
        lambda: use(db, one.items[0], "u2"),
        lambda: package_use.undo(
            db, db.scalars(select(PackageUse)).one(), reason="x", by=None, now=NOW
        ),
    ):
        with pytest.raises(Refusal):
            act()


def test_nothing_is_used_after_the_last_day(db: Session) -> None:
    who = scene.owner(db)
    one = packing.sold(db, who, packing.kind(db, months=1))
    with refused(package_use.NoneLeft, "good until"):
        use(db, one.items[0])
    assert package_use.uses_left(db, who.id, today=TODAY) == 4
    assert package_use.uses_left(db, who.id, today=LATER["today"]) == 0
    assert package_use.usable_by(db, who.id, today=TODAY) == [one]
    assert package_use.usable_by(db, who.id, today=LATER["today"]) == []


def test_a_package_for_one_car_wants_a_car_of_the_owner(db: Session) -> None:
    who, other = scene.owner(db), scene.owner(db)
    scene.shop(db)
    mine, theirs = making.make_vehicle(db, who).id, making.make_vehicle(db, other).id
    kind = packing.kind(db, one_car=True)
    for car in (None, theirs):
        with pytest.raises(packages.NoSuchCar):
            packing.sold(db, who, kind, vehicle_id=car)
    assert packing.sold(db, who, kind, vehicle_id=mine).vehicle_id == mine


@pytest.mark.parametrize(
    "wrong",
    [{"name_zh": " "}, {"items": ()}, {"months": 0}, {"price_fen": -1}],
    ids=["name", "items", "months", "price"],
)
def test_terms_that_cannot_be_are_refused(db: Session, wrong: dict[str, object]) -> None:
    with pytest.raises(PackageNotReady):
        packing.kind(db, **wrong)


def test_terms_in_owners_hands_stay(db: Session) -> None:
    kind = packing.kind(db)
    said = PackageWords("别的", (packing.ONE_CHECK,), 1, 1)
    with pytest.raises(SoldAlready):
        package_kinds.keep(db, kind, said, by=None, now=NOW)
    package_kinds.stop(db, kind, by=None, now=NOW)
    with pytest.raises(package_kinds.NotOnSale):
        packing.sold(db, scene.owner(db), kind)


def use_all(sessions: Sessions, item_id: int, mark: str) -> list[str]:
    return [once_free(sessions, _use, item_id, f"{mark}-{nth}") for nth in range(2)]


def _use(db: Session, item_id: int, mark: str) -> str:
    try:
        use(db, db.get_one(PackageItem, item_id), mark)
    except Refusal as no:
        db.rollback()
        return type(no).__name__
    return "used"


def give_back(sessions: Sessions, package_id: int) -> list[str]:
    return [once_free(sessions, _refund, package_id)]


def _refund(db: Session, package_id: int) -> str:
    return str(packages.refund(db, db.get_one(Package, package_id), reason="x", **LATER))


def test_eight_desks_use_no_more_than_there_is(sessions: Sessions, database_url: str) -> None:
    """R14's way for packages: sixteen tries at three times; red without used < times"""
    with sessions() as db:
        item_id = packing.sold(db, scene.owner(db)).items[0].id
        db.commit()
    tries = [(use_all, (item_id, f"d{desk}")) for desk in range(DESKS)]
    said = Counter(word for words in race(database_url, tries) for word in words)
    assert said == {"used": 3, "NoneLeft": 13}


def test_a_refund_and_uses_at_once_give_back_what_was_left(
    sessions: Sessions, database_url: str
) -> None:
    """Whoever comes first, money and uses together are the whole package, and points follow (R1).

    Red when a refund counts what is left before it holds the owner.
    """
    with sessions() as db:
        one = packing.sold(db, scene.owner(db))
        ids = one.id, one.items[0].id
        db.commit()
    acts = [(use_all, (ids[1], "a")), (give_back, (ids[0],)), (use_all, (ids[1], "b"))]
    _a, (fen,), _b = race(database_url, acts)
    with sessions() as db:
        kept = db.get_one(Package, ids[0])
        used = sum(item.used for item in kept.items)
        assert int(fen) == 1_000_00 * (4 - used) // 4
        assert list(checking.differences(db)) == []


def test_a_refund_from_the_workshop_is_not_taken_off_a_package(db: Session) -> None:
    """R5: it names nothing, and the package is the newer sale. Both are paid back in the end, and
    nothing is left of either; red when the newest line is taken whoever sold it."""
    who = scene.owner(db)
    scene.buy(db, who, TODAY - timedelta(days=5), 600_00)
    one = packing.sold(db, who)
    scene.buy(db, who, TODAY + timedelta(days=1), -600_00)
    between = db.get_one(MemberFacts, who.id).points
    packages.refund(db, one, reason="搬家", **LATER)
    row = db.get_one(MemberFacts, who.id)
    assert (between, row.points, row.spend_fen) == (1_000, 0, 0)
