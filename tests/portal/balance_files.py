"""Files of opening balances to bring in, try and sign in tests."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import package_use
from club.models import Voucher
from members.models import MemberFacts, OwnerIdentity
from portal import jobs
from portal.importing import reception, signing, trial
from portal.models import FileKind, ImportBatch, ImportRow
from portal.reference import seeding
from tests import making
from tests.club import packing, vouching
from tests.club.scene import NOW, TODAY
from tests.conftest import Sessions
from tests.making import KEYS
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
APART = {"points_refused": 0, "points_before": 0}
SUMS = {"people": 2, "points": 1_550, "packages": 2, "vouchers": 2, **APART}


def file_of(rows: list[dict[str, str]]) -> bytes:
    return csv_of([dict.fromkeys(COLUMNS, "") | row for row in rows])


def checked(db: Session, content: bytes, by: int) -> ImportBatch:
    """A file that came in and was tried by the worker."""
    arrived = reception.look("balances.csv", content)
    batch = reception.receive(db, "旧会员系统", arrived, kind=FileKind.BALANCES, by=by, now=NOW)
    trial.ask(db, batch)
    db.commit()
    jobs.check_file(db, batch, KEYS.hash, NOW)
    db.refresh(batch)
    return batch


def signed(db: Session, batch: ImportBatch, by: int, points: int) -> ImportBatch:
    """Signed, and then the worker came."""
    signing.sign(db, batch, points, by=by, now=NOW)
    db.commit()
    jobs.apply_balances(db, batch, KEYS.hash, NOW)
    db.refresh(batch)
    return batch


def two_people(sessions: Sessions) -> tuple[int, int]:
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
