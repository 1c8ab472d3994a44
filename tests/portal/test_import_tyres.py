"""Tyres in an order file: vouchers once, and gone when the tyres come back (R15, R46)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import checking
from club.models import Voucher, VoucherState
from members.models import OrderLine
from tests.club import vouching
from tests.conftest import Sessions
from tests.portal.order_files import bring_in, counts, csv_of, order


def tyres(number: str, pieces: str, amount: str = "2600.00", **more: str) -> dict[str, str]:
    goods = {"商品品牌": "北原", "数量": pieces, "description": "静音轮胎", "refund_of": ""}
    return order(number, amount=amount, **goods | more)


def good(db: Session) -> int:
    query = select(func.count()).where(Voucher.state == VoucherState.ACTIVE)
    return db.scalar(query) or 0


def test_a_file_with_tyres_gives_vouchers_once(sessions: Sessions) -> None:
    """R15, R46: red when the import does not settle the rules."""
    content = csv_of([tyres("W1", "4"), tyres("W2", "1", "650.00")])
    with sessions() as db:
        vouching.tyre_rule(db)
        bring_in(db, content)
        assert good(db) == 4
    with sessions() as db:
        assert counts(bring_in(db, content)) == (0, 0, 2, 0)
        assert good(db) == 4
        assert list(checking.differences(db)) == []


def test_a_later_file_with_the_return_takes_them_back(sessions: Sessions) -> None:
    """R15: red when the refund's order is not looked at."""
    with sessions() as db:
        vouching.tyre_rule(db)
        bring_in(db, csv_of([tyres("W1", "4")]))
    with sessions() as db:
        back = tyres("T1", "", "-2600.00", refund_of="W1", 商品品牌="")
        bring_in(db, csv_of([back]))
        assert good(db) == 0


def test_a_brand_told_later_brings_the_vouchers_then(sessions: Sessions) -> None:
    with sessions() as db:
        vouching.tyre_rule(db)
        bring_in(db, csv_of([order("W1", amount="2600.00")]))
        assert counts(bring_in(db, csv_of([tyres("W1", "4")]))) == (0, 1, 0, 0)
        assert good(db) == 4


def test_litres_are_no_pieces_and_no_reason_to_refuse(sessions: Sessions) -> None:
    with sessions() as db:
        rows = [tyres("W1", "4.5"), tyres("W2", "-2.0"), tyres("W3", "４.00"), tyres("W4", "4.05")]
        assert counts(bring_in(db, csv_of(rows)))[3] == 0
        assert sorted(db.scalars(select(OrderLine.quantity)), key=str) == [2, 4, None, None]
