"""Opening balances: checked, signed by a second person, applied whole, once; taken back whole."""

from datetime import date

import pytest
from sqlalchemy import func, select

from club import checking, facts, package_use, voucher_passing
from club.models import (
    LedgerEntry,
    Lot,
    OpeningBalance,
    Package,
    PackageItem,
    TierCode,
    Voucher,
    VoucherTransfer,
)
from club.opening_undo import UsedSince
from club.statement import changes_of
from foundation.audit import AuditEntry
from members.finding import owners_like
from members.models import MemberFacts, Membership, Owner, OwnerIdentity, Vehicle
from portal.importing import signing
from portal.models import BatchState
from tests import making
from tests.club import scene
from tests.club.scene import NOW, TODAY
from tests.conftest import Sessions
from tests.portal.balance_files import (
    END,
    ROWS,
    SUMS,
    checked,
    file_of,
    held,
    reasons,
    signed,
    two_people,
)


@pytest.fixture
def staff(sessions: Sessions) -> tuple[int, int]:
    return two_people(sessions)


def test_what_two_people_vouched_for_is_there_and_adds_up(
    sessions: Sessions, staff: tuple[int, int]
) -> None:
    """R1, R12, R46: checked nothing is there; signed everything is, each entry with file and row,
    each lot with its day, the tier as a change with its reason; the ledger is right, and the facts
    are those of scratch. Red when the trial stays, and when the path does not know the grant."""
    with sessions() as db:
        batch = checked(db, file_of(ROWS), staff[0])
        tiers = {"general": 0, "silver": 0, "gold": 1, "diamond": 0}
        assert (batch.state, batch.created, batch.sums) == (
            BatchState.CHECKED,
            4,
            SUMS | {"tiers": tiers},
        )
        assert db.scalar(select(func.count(LedgerEntry.id))) == 0
        batch = signed(db, batch, staff[1], 1_550)
        assert (batch.state, batch.created, batch.content) == (BatchState.APPLIED, 4, None)
    with sessions() as db:
        assert held(db, "0007") == (1_500, "gold", 2, 0)
        assert held(db, "0008") == (50, "general", 0, 2)
        lots = db.execute(
            select(Lot.points, Lot.expires_on, LedgerEntry.cause_id, LedgerEntry.second_account_id)
            .join(LedgerEntry, LedgerEntry.id == Lot.entry_id)
            .order_by(Lot.id)
        ).all()
        rows = [
            (1_200, date(2026, 12, 31), 2),
            (300, date(2027, 6, 30), 3),
            (50, date(2026, 12, 31), 5),
        ]
        assert lots == [(points, on, f"{batch.id}:{no}", staff[1]) for points, on, no in rows]
        who = db.scalars(select(Owner).where(owners_like("0007"))).one()
        (change,) = changes_of(db, who.id)
        assert (change.after, change.reason, who.name) == (
            TierCode.GOLD,
            "opening-balance",
            "王建国",
        )
        kept = scene.brought_up_to(db, who, date(2027, 3, 1))
        assert kept == facts.from_scratch(db, who.id, today=date(2027, 3, 1))
        assert (kept.tier, kept.points) == (TierCode.SILVER, 300)
        assert list(checking.differences(db)) == []
        acts = (
            select(AuditEntry.act)
            .where(AuditEntry.act.startswith("balances"))
            .order_by(AuditEntry.id)
        )
        assert db.scalars(acts).all() == ["balances.sign", "balances.apply"]


def test_the_same_file_twice_and_in_another_order_changes_nothing(
    sessions: Sessions, staff: tuple[int, int]
) -> None:
    """R46: red when a thing is not looked for by its card; another amount is for a person."""
    with sessions() as db:
        signed(db, checked(db, file_of(ROWS), staff[0]), staff[1], 1_550)
        again = checked(db, file_of(ROWS[::-1]), staff[0])
        assert (again.created, again.unchanged, again.refused) == (0, 4, 0)
        with pytest.raises(signing.NothingToSign):
            signing.sign(db, again, 0, by=staff[1], now=NOW)
        other = checked(db, file_of([ROWS[1] | {"积分": "301"}]), staff[0])
        assert reasons(db, other) == [
            "2 refused: Card 0007 was brought in with another amount before; please adjust by hand."
        ]


def test_nobody_signs_alone_or_for_another_sum(sessions: Sessions, staff: tuple[int, int]) -> None:
    """R12: red when the uploader is not compared, or the sum is not."""
    with sessions() as db:
        batch = checked(db, file_of(ROWS), staff[0])
        for by, points, no in (
            (staff[0], 1_550, signing.NotYourOwn),
            (staff[1], 1_551, signing.SumDiffers),
            (staff[1], -1, signing.SumDiffers),
        ):
            with pytest.raises(no):
                signing.sign(db, batch, points, by=by, now=NOW)
        assert batch.state is BatchState.CHECKED


def test_what_changed_between_check_and_application_is_not_applied(
    sessions: Sessions, staff: tuple[int, int]
) -> None:
    """R46: two files with one row, both checked and signed: the second brings another sum than
    the signed one, so nothing of it comes in. Red when the sums are not compared."""
    with sessions() as db:
        one = checked(db, file_of(ROWS[:2]), staff[0])
        two = checked(db, file_of(ROWS[1:]), staff[0])
        signed(db, one, staff[1], 1_500)
        late = signed(db, two, staff[1], 350)
        assert (late.state, late.signed_by_id) == (BatchState.UPLOADED, None)
        assert (late.fault or {})["message"] == signing.CHANGED
        assert db.scalar(select(func.count()).where(OpeningBalance.batch_id == two.id)) == 0
        assert held(db, "0007") == (1_500, "gold", 0, 0)


def test_a_file_is_taken_back_whole_while_nothing_was_used(
    sessions: Sessions, staff: tuple[int, int]
) -> None:
    """R1, R13's way: all goes again and the file may come once more; a used point, use or voucher
    keeps it, and one that was passed on is another's. Red when what was used or passed on is not
    looked at, and when the tier is not worked out."""
    with sessions() as db:
        batch = signed(db, checked(db, file_of(ROWS), staff[0]), staff[1], 1_550)
        item = db.scalars(select(PackageItem).join(Package)).one()
        noted = package_use.use(db, item, request_id="u", today=TODAY, by=None, now=NOW)
        with pytest.raises(UsedSince):
            signing.take_back(db, batch, today=TODAY, by=staff[1], now=NOW)
        package_use.undo(db, noted, reason="点错", by=None, now=NOW)
        taker, moved = scene.owner(db), {"today": TODAY, "by": None, "now": NOW}
        one, number = db.scalars(select(Voucher)).first(), db.get_one(Membership, taker.id).number
        assert one is not None
        giver, one.kind.transferable = one.owner_id, True
        voucher_passing.pass_on(db, one, number, **moved)
        with pytest.raises(UsedSince):
            signing.take_back(db, batch, by=staff[1], today=TODAY, now=NOW)
        db.query(VoucherTransfer).delete()
        one.owner_id = giver
        assert signing.take_back(db, batch, today=TODAY, by=staff[1], now=NOW) == 6
        db.commit()
        assert (batch.sums["owners_gone"], batch.sums["owners_kept"]) == (1, 1)
        (who,) = db.scalars(select(Owner).where(Owner.id != taker.id)).all()
        facts_now = db.get_one(MemberFacts, who.id)
        assert (who.name, facts_now.points, facts_now.tier) == ("王建国", 0, "general")
        assert package_use.uses_left(db, who.id, today=TODAY) == 0
        assert list(checking.differences(db)) == []
        again = signed(db, checked(db, file_of(ROWS), staff[0]), staff[1], 1_550)
        assert (again.state, held(db, "0007")[:3]) == (BatchState.APPLIED, (1_500, "gold", 2))


def test_what_a_file_alone_made_goes_with_it(sessions: Sessions, staff: tuple[int, int]) -> None:
    """R1, R13's way: owners, cars and card numbers that nobody else knew are gone, whoever was
    known keeps what is theirs without the number, and a right file comes in afterwards. Red when
    cards stay (the other number is refused), and when somebody with an order goes too."""
    rows = [
        *(ROWS[0] | {"车牌": "浙A10007"}, *ROWS[1:]),
        {"旧卡号": "0009", "姓名": "旧友", "手机": "13800000009", "积分": "9", "积分有效期": END},
        {"旧卡号": "0010", "姓名": "新友", "手机": "13800000010", "积分": "8", "积分有效期": END},
    ]
    with sessions() as db:
        old = making.make_owner(db, "旧友", phone="+8613800000009").id
        batch = signed(db, checked(db, file_of(rows), staff[0]), staff[1], 1_567)
        assert held(db, "0009")[0] == 9
        new = db.scalars(select(Owner).where(Owner.name == "新友")).one()
        scene.line(db, new, TODAY, 5_00)
        new_id = new.id
        signing.take_back(db, batch, today=TODAY, by=staff[1], now=NOW)
        db.commit()
    with sessions() as db:
        names = db.scalars(select(Owner.name).order_by(Owner.id)).all()
        assert [one for one in names if one in ("王建国", "李梅", "旧友", "新友")] == [
            "旧友",
            "新友",
        ]
        assert db.get_one(MemberFacts, old).points == 0
        for table in (OwnerIdentity, Vehicle, Package, Voucher):
            assert db.scalar(select(func.count()).select_from(table)) == 0
        assert set(db.scalars(select(LedgerEntry.owner_id))) == {old, new_id}
        assert list(checking.differences(db)) == []
        right = file_of([one | {"旧卡号": f"9{one['旧卡号']}"} for one in rows])
        again = signed(db, checked(db, right, staff[0]), staff[1], 1_567)
        assert (again.state, again.refused) == (BatchState.APPLIED, 0)
        assert held(db, "90007") == (1_500, "gold", 2, 0)
