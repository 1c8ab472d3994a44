"""What a row of an order file says: known columns in both languages, each cell read or refused."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from foundation.half_width import half_width
from foundation.sheets.cells import Cell, read_code, read_day, read_fen, read_text, read_whole
from foundation.sheets.reading import open_sheet
from foundation.words import N_
from members.matching import Sight
from members.models import OrderKind, PaidBy
from portal.row_cells import (
    WHO,
    Cells,
    FileRead,
    RefusedRow,
    TwiceInFile,
    columns_of,
    plain_text,
    read_rows,
    sight_of,
    word,
)

REQUIRED = ("order_no", "order_date", "amount")
_PIECES = re.compile(r"-?(\d{1,5})(?:\.0*)?", re.ASCII)
COLUMNS: dict[str, tuple[str, ...]] = {
    "order_no": ("工单号", "结算单号", "单号", "订单号", "order number", "invoice", "invoice no"),
    "customer_id": ("客户编号", "客户号", "车主编号", "会员编号", "customer", "customer no"),
    "order_date": ("日期", "结算日期", "进厂日期", "服务日期", "开单日期", "date", "service date"),
    "amount": ("金额", "实收金额", "实收", "结算金额", "应收金额", "total", "paid"),
    "line_no": ("行号", "项次", "line", "line number"),
    "order_type": ("工单类型", "维修类型", "业务类型", "类型", "order type", "kind"),
    "paid_by": ("付款方", "付款方式", "结算方", "付费方", "paid by", "payer"),
    "description": ("项目", "维修项目", "内容", "说明", "description", "item"),
    "goods_brand": ("商品品牌", "配件品牌", "轮胎品牌", "goods brand", "part brand"),
    "quantity": ("数量", "件数", "quantity", "qty"),
    "refund_of": ("原单号", "退款原单", "冲销单号", "refund of", "original order"),
    "mileage": ("里程", "进厂里程", "公里数", "行驶里程", "odometer", "km"),
    **WHO,
    "make": ("品牌", "brand"),
    "model": ("车型", "车系", "car model"),
}
KIND_NAMES = {
    **dict.fromkeys(("首保", "first service"), OrderKind.FIRST_SERVICE),
    **dict.fromkeys(("定保", "保养", "定期保养", "scheduled service"), OrderKind.SCHEDULED),
    **dict.fromkeys(("索赔", "保修索赔", "三包", "warranty claim", "warranty"), OrderKind.WARRANTY),
    **dict.fromkeys(("小修", "一般维修", "minor repair"), OrderKind.MINOR_REPAIR),
    **dict.fromkeys(("大修", "major repair"), OrderKind.MAJOR_REPAIR),
    **dict.fromkeys(("事故车", "事故", "出险", "accident repair"), OrderKind.ACCIDENT),
    **dict.fromkeys(("钣喷自费", "钣喷", "body and paint"), OrderKind.BODY_PAINT),
    **dict.fromkeys(("精品", "附件", "accessories"), OrderKind.ACCESSORIES),
    **dict.fromkeys(("道路救援", "救援", "roadside rescue"), OrderKind.RESCUE),
    **dict.fromkeys(("套餐", "保养套餐", "次卡", "maintenance package"), OrderKind.PACKAGE),
    **dict.fromkeys(("交车", "新车", "购车", "整车销售", "car sale"), OrderKind.DELIVERY),
    **{kind.value: kind for kind in OrderKind},
}
PAYER_NAMES = {
    **dict.fromkeys(("自费", "车主", "客户", "客户付费", "owner", "customer"), PaidBy.OWNER),
    **dict.fromkeys(("索赔", "厂家", "保修", "warranty"), PaidBy.WARRANTY),
    **dict.fromkeys(("保险", "保险公司", "insurance"), PaidBy.INSURANCE),
    **dict.fromkeys(("免费", "赠送", "free"), PaidBy.FREE),
    **dict.fromkeys(("积分", "points"), PaidBy.POINTS),
    **dict.fromkeys(("优惠券", "代金券", "voucher"), PaidBy.VOUCHER),
    **dict.fromkeys(("套餐", "次卡", "package"), PaidBy.PACKAGE),
}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A row that could be read. It is not yet known whose order it is."""

    number: int
    order_no: str
    line_no: int
    on: date
    fen: int
    sight: Sight
    kind: OrderKind | None = None
    paid_by: PaidBy | None = None
    description: str | None = None
    mileage_km: int | None = None
    brand: str | None = None
    quantity: int | None = None
    refund_of: tuple[str, int | None] | None = None
    notes: tuple[str, ...] = ()

    @property
    def named(self) -> dict[str, str | int]:
        """What the report says of it: its number, day, customer or car, and amount."""
        sight = self.sight
        who = sight.customer_id or sight.plate or sight.vin or ""
        return {
            "order": self.order_no,
            "on": self.on.isoformat(),
            "customer": who,
            "fen": self.fen,
        }

    @property
    def turn(self) -> tuple[date, bool, str, int, int]:
        """By service date; within a day purchases, then refunds, then external id."""
        return (self.on, self.fen < 0, self.order_no, self.line_no, self.number)


def read_orders(
    data: bytes | Path, filename: str, override: Mapping[str, str] | None = None
) -> FileRead[OrderRow]:
    """Read an order file; raises a Refusal when the file as a whole is none."""
    sheet = open_sheet(data, filename)
    columns = columns_of(sheet.headers, filename, COLUMNS, REQUIRED, override)
    rows, refused = read_rows(sheet, columns, REQUIRED, _read, _as_it_stands)
    kept, clashing = _apart(rows)
    return FileRead(columns, sorted(kept, key=lambda row: row.turn), refused + clashing)


def _as_it_stands(row: Cells) -> dict[str, str]:
    """Of a row that cannot be read: number, day, customer and amount as somebody wrote them."""
    said = {
        "order": row.said("order_no"),
        "on": row.said("order_date"),
        "customer": row.said("customer_id"),
        "amount": row.said("amount"),
    }
    return {name: words for name, words in said.items() if words}


def _read(number: int, row: Cells) -> OrderRow:
    day = row.read("order_date", read_day)
    sight, notes = sight_of(row, "customer_id", seen_on=day)
    return OrderRow(
        number=number,
        order_no=row.read("order_no", read_code),
        line_no=row.read("line_no", read_whole) or 1,
        on=day,
        fen=row.read("amount", read_fen),
        kind=row.read("order_type", lambda cell: word(cell, KIND_NAMES)),
        paid_by=row.read("paid_by", lambda cell: word(cell, PAYER_NAMES)),
        description=row.read("description", read_text),
        mileage_km=row.read("mileage", read_whole),
        brand=row.read("goods_brand", plain_text),
        quantity=row.read("quantity", _quantity),
        refund_of=row.read("refund_of", _refund_of),
        notes=notes,
        sight=sight,
    )


def _quantity(cell: Cell) -> int | None:
    """Whole pieces, refunds without their sign; litres and other parts of one are no pieces."""
    pieces = _PIECES.fullmatch(half_width(read_text(cell)))
    return int(pieces[1]) if pieces else None


def _refund_of(cell: Cell) -> tuple[str, int | None]:
    """`W2024-7` or `W2024-7#2`, where 2 is the line."""
    order_no, _, line = read_code(cell).partition("#")
    return (order_no, int(line) if line.isdigit() else None)


def _apart(rows: Iterable[OrderRow]) -> tuple[list[OrderRow], list[RefusedRow]]:
    """Rows that contradict each other are all refused: which comes first must not matter."""
    groups: dict[str, list[OrderRow]] = defaultdict(list)
    for row in rows:
        groups[row.order_no].append(row)
    kept: list[OrderRow] = []
    refused: list[RefusedRow] = []
    for order_no, group in groups.items():
        if _agree(group):
            kept += group
        else:
            reason = TwiceInFile(
                N_("Order %(order)s is in the file more than once, and differently."),
                order=order_no,
            )
            refused += [RefusedRow(row.number, reason, row.named) for row in group]
    return kept, refused


def _agree(group: list[OrderRow]) -> bool:
    """One day and one customer for the order; a line said twice says the same."""
    if len({(row.on, row.sight.customer_id) for row in group}) > 1:
        return False
    lines = {(row.line_no, row.fen, row.kind, row.paid_by, row.refund_of) for row in group}
    return len(lines) == len({row.line_no for row in group})
