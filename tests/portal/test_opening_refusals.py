"""What a file of opening balances may not bring, and how its workbook is read back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from club import ledger
from club.models import (
    Holding,
    KindState,
    OpeningBalance,
)
from foundation.sheets.writing import workbook_bytes
from members.models import Owner, OwnerIdentity, Vehicle
from portal import leaving
from portal.balance_template import HEADERS, sample_rows
from portal.models import BatchState
from tests import making
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY
from tests.conftest import Sessions
from tests.making import KEYS
from tests.portal.balance_files import (
    END,
    LI,
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
        apart = (batch.sums["points"], batch.sums["points_refused"], batch.sums["points_before"])
        assert apart == (10, 66, 0)
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


def test_a_refused_row_leaves_nothing(sessions: Sessions, staff: tuple[int, int]) -> None:
    """R46, R49: neither owner nor car nor the number of the card stays of a row that is refused
    after its owner was found, and the next row with that phone comes in under another number.
    Red when the part is not rolled back before the others come in."""
    good = {"姓名": "李梅", "手机": "13800000008", "积分有效期": END}
    rows = [
        good | {"旧卡号": "1", "积分": "-50"},
        good | {"旧卡号": "2", "积分": "70"},
        good | {"旧卡号": "3", "姓名": "周五", "手机": "", "车牌": "浙A00003", "积分": "-1"},
    ]
    with sessions() as db:
        batch = signed(db, checked(db, file_of(rows), staff[0]), staff[1], 70)
        assert (batch.created, batch.refused) == (1, 2)
        assert batch.sums["points_refused"] == -51
        assert db.scalars(select(OwnerIdentity.external_id)).all() == ["2"]
        assert db.scalars(select(Vehicle)).all() == []
        assert db.scalars(select(Owner.name).where(Owner.name != "")).all() == ["李梅"]
        assert held(db, "2")[0] == 70


def test_a_later_file_brings_nobody_back(sessions: Sessions, staff: tuple[int, int]) -> None:
    """R63: the card of somebody erased is refused and its points stand apart, when it is tried and
    when it is applied; not even who joined anew gets them twice. Another's card comes in. Red
    without the look at either, and where the archive is asked before the hash."""
    held_by = {"积分": "70", "积分有效期": END}
    rows = [LI | held_by, {"旧卡号": "9", "姓名": "周五", "手机": "13800000009"} | held_by]
    with sessions() as db:
        signed(db, checked(db, file_of(rows[:1]), staff[0]), staff[1], 70)
        early = checked(db, file_of(rows), staff[0])
        her = db.scalars(select(Owner).where(Owner.name == "李梅")).one()
        wish = leaving.ask(db, her, by=None, now=NOW - timedelta(days=30))
        leaving.erase(db, wish, hash_key=KEYS.hash, now=NOW)
        db.commit()
        assert signed(db, early, staff[1], 70).state is BatchState.UPLOADED
        for file in (rows, [row | {"积分有效期": "2027-01-31"} for row in rows]):
            batch = signed(db, checked(db, file_of(file), staff[0]), staff[1], 70)
            assert reasons(db, batch)[0] == (
                "2 refused: The owner of this card left the club and was erased."
            )
            assert (batch.created, batch.refused, batch.sums["points_refused"]) == (1, 1, 70)
            assert db.scalars(select(Owner).where(Owner.name == "李梅")).all() == []
        again = making.make_member(db, "李梅", phone="+8613800000008")
        db.commit()
        assert checked(db, file_of(rows), staff[0]).created == 0
        assert ledger.balance(db, again.id) == 0
        assert held(db, "9")[0] == 140
