"""Opening balances: checked, signed by a second person, applied whole, once; taken back whole."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from club import checking, facts, package_use
from club.models import (
    Holding,
    KindState,
    LedgerEntry,
    Lot,
    OpeningBalance,
    Package,
    PackageItem,
    TierCode,
    Voucher,
)
from club.opening_undo import UsedSince
from club.statement import changes_of
from foundation.audit import AuditEntry
from foundation.sheets.writing import workbook_bytes
from members.finding import owners_like
from members.models import MemberFacts, Owner, OwnerIdentity
from portal import jobs
from portal.balance_template import HEADERS, sample_rows
from portal.importing import reception, signing, trial
from portal.models import BatchState, FileKind, ImportBatch, ImportRow
from portal.reference import seeding
from tests import making
from tests.club import packing, scene, vouching
from tests.club.scene import NOW, TODAY
from tests.conftest import Sessions
from tests.portal.order_files import csv_of

END, GOLD_END = "2026-12-31", "2027-02-28"
COLUMNS = (
    *("旧卡号", "姓名", "手机", "车牌", "等级", "等级有效期", "积分", "积分有效期"),
    *("套餐", "套餐项目", "剩余次数", "套餐有效期", "优惠券", "张数", "优惠券有效期"),
)
WANG = {"旧卡号": "0007", "姓名": "王建国", "手机": "13800000007"}
LI = {"旧卡号": "0008", "姓名": "李梅", "手机": "13800000008"}
ROWS = [
    WANG | {"等级": "金卡", "等级有效期": GOLD_END, "积分": "1,200", "积分有效期": END},
    WANG | {"积分": "300", "积分有效期": "2027-06-30"},
    WANG | {"套餐": "三保一洗", "套餐项目": "小保养", "剩余次数": "2", "套餐有效期": END},
    LI | {"积分": "50", "积分有效期": END, "优惠券": "百元券", "张数": "2", "优惠券有效期": END},
]
SUMS = {"people": 2, "points": 1_550, "packages": 2, "vouchers": 2}


def file_of(rows: list[dict[str, str]]) -> bytes:
    return csv_of([dict.fromkeys(COLUMNS, "") | row for row in rows])


def checked(db: Session, content: bytes, by: int) -> ImportBatch:
    """A file that came in and was tried by the worker."""
    arrived = reception.look("balances.csv", content)
    batch = reception.receive(db, "旧会员系统", arrived, kind=FileKind.BALANCES, by=by, now=NOW)
    trial.ask(db, batch)
    db.commit()
    jobs.check_file(db, batch, NOW)
    db.refresh(batch)
    return batch


def signed(db: Session, batch: ImportBatch, by: int, points: int) -> ImportBatch:
    """Signed, and then the worker came."""
    signing.sign(db, batch, points, by=by, now=NOW)
    db.commit()
    jobs.apply_balances(db, batch, NOW)
    db.refresh(batch)
    return batch


@pytest.fixture
def staff(sessions: Sessions) -> tuple[int, int]:
    """Who brings in and who signs; the club's kinds are written."""
    with sessions() as db:
        seeding.seed(db, now=NOW)
        packing.kind(db)
        vouching.kind(db)
        two = making.make_staff(db).id, making.make_staff(db).id
        db.commit()
        return two


def reasons(db: Session, batch: ImportBatch) -> list[str]:
    rows = select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_no)
    return [
        f"{row.row_no} {row.outcome.value}: {row.sentence}".rstrip(": ") for row in db.scalars(rows)
    ]


def held(db: Session, card: str) -> tuple[Any, ...]:
    """Points, tier, uses of packages and vouchers of the owner of a card."""
    who = db.scalars(select(OwnerIdentity.owner_id).where(OwnerIdentity.external_id == card)).one()
    row = db.get_one(MemberFacts, who)
    vouchers = db.scalar(select(func.count()).where(Voucher.owner_id == who))
    return row.points, row.tier, package_use.uses_left(db, who, today=TODAY), vouchers


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


def test_what_cannot_be_is_refused_row_by_row(sessions: Sessions, staff: tuple[int, int]) -> None:
    """R49, R12: nobody gets what may be another's; a refused row brings nothing, others come in."""
    good = {"积分": "10", "积分有效期": END}
    with sessions() as db:
        making.make_owner(db, "赵强", phone="+8613811112222")
        owner = making.make_owner(db, "孙丽", phone="+8613833334444")
        making.make_vehicle(db, owner, plate="浙A77777")
        own = making.make_account(db, making.make_owner(db, "钱进", phone="+8613855556666"))
        rows = [
            good | {"旧卡号": "1", "姓名": "李四", "车牌": "浙A77777"},
            good | {"旧卡号": "2", "姓名": "钱进", "手机": "13855556666"},
            good | {"旧卡号": "3"},
            good
            | {"旧卡号": "4", "姓名": "周一", "手机": "13800000001", "积分有效期": "2026-02-28"},
            good | {"旧卡号": "5", "姓名": "周二", "手机": "13800000002", "积分": "-5"},
            good | {"旧卡号": "6", "姓名": "周三", "手机": "13800000003", "积分有效期": ""},
            {"旧卡号": "7", "姓名": "周四", "手机": "13800000004", "等级": "白金"},
            {
                "旧卡号": "8",
                "姓名": "周五",
                "手机": "13800000005",
                "套餐": "没有的",
                "剩余次数": "1",
            },
            {
                "旧卡号": "9",
                "姓名": "周六",
                "手机": "13800000006",
                "套餐": "三保一洗",
                "剩余次数": "1",
            },
            good | {"旧卡号": "10", "姓名": "吴七", "手机": "13800000009"},
            good | {"旧卡号": "10", "姓名": "吴七", "手机": "13800000009", "积分": "11"},
            good | {"旧卡号": "11", "姓名": "赵强", "手机": "13811112222"},
        ]
        batch = checked(db, file_of(rows), own.id)
        assert batch.sums["points"] == 10
        said = [one.split(": ", 1)[-1].split(";")[0] for one in reasons(db, batch)]
    assert said == [
        "Card, car or phone lead to an owner of another name",
        "Please let colleagues bring in and sign your own balance.",
        "Please add the plate, the VIN, or the name with the phone.",
        "What ended on 2026-02-28 is not brought in.",
        "“-5” is not a number that a card can hold here.",
        "Please say until when the points are good.",
        "“白金” is not known here.",
        "There is no package “没有的” yet. Please write it under Packages first.",
        "Please name which thing of “三保一洗” is meant, as it stands there.",
        "Card 10 has this more than once in the file",
        "Card 10 has this more than once in the file",
        "13 created",
    ]


def test_a_file_is_taken_back_whole_while_nothing_was_used(
    sessions: Sessions, staff: tuple[int, int]
) -> None:
    """R1, R13's way: all goes again and the file may come once more; a used point, use or voucher
    keeps it. Red when what was used is not looked at, and when the tier is not worked out."""
    with sessions() as db:
        batch = signed(db, checked(db, file_of(ROWS), staff[0]), staff[1], 1_550)
        item = db.scalars(select(PackageItem).join(Package)).one()
        noted = package_use.use(db, item, request_id="u", today=TODAY, by=None, now=NOW)
        with pytest.raises(UsedSince):
            signing.take_back(db, batch, today=TODAY, by=staff[1], now=NOW)
        package_use.undo(db, noted, reason="点错", by=None, now=NOW)
        assert signing.take_back(db, batch, today=TODAY, by=staff[1], now=NOW) == 6
        db.commit()
        assert [held(db, card)[:3] for card in ("0007", "0008")] == [(0, "general", 0)] * 2
        assert db.scalars(select(Voucher.state).distinct()).all() == ["revoked"]
        assert list(checking.differences(db)) == []
        again = signed(db, checked(db, file_of(ROWS), staff[0]), staff[1], 1_550)
        assert (again.state, held(db, "0007")[:3]) == (BatchState.APPLIED, (1_500, "gold", 2))


def test_one_thing_of_a_card_stands_once(db: Session) -> None:
    """The partial index: red without undone_at in it."""
    who = scene.owner(db)
    row = {
        "batch_id": 1,
        "row_no": 2,
        "owner_id": who.id,
        "card": "1",
        "holding": Holding.POINTS,
        "mark": "",
        "amount": 1,
        "made_at": NOW,
    }
    db.add_all([OpeningBalance(**row, undone_at=NOW), OpeningBalance(**row)])
    db.flush()
    db.add(OpeningBalance(**row))
    with pytest.raises(IntegrityError):
        db.flush()


def test_the_template_is_read_back_as_it_is(sessions: Sessions, staff: tuple[int, int]) -> None:
    """R61: every column of the workbook is known, and its example brings one card."""
    with sessions() as db:
        batch = checked(db, workbook_bytes(HEADERS, sample_rows(TODAY)), staff[0])
        assert (batch.ignored, batch.created) == ([], 2)
        assert (batch.sums["people"], batch.sums["points"]) == (1, 1_500)


def test_a_voucher_kind_that_is_stopped_gives_no_more(
    sessions: Sessions, staff: tuple[int, int]
) -> None:
    """A draft or stopped kind is not given by a file either; the row says so."""
    with sessions() as db:
        vouching.kind(db, name_zh="停发券", name_en=None, state=KindState.STOPPED)
        row = LI | {"优惠券": "停发券", "张数": "1"}
        batch = checked(db, file_of([row]), staff[0])
        assert reasons(db, batch) == ["2 refused: This kind of voucher is not given at present."]
