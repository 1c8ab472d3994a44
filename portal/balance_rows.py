"""What a row of a file of opening balances says: an old card, who has it, what it holds.

A card with several packages or several ends of points takes several rows with one card number.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from club.models import TierCode
from foundation.refusals import Refusal
from foundation.sheets.cells import Cell, read_code, read_day, read_whole
from foundation.sheets.reading import open_sheet
from foundation.words import N_
from members.matching import Sight
from portal.row_cells import (
    WHO,
    CellMissing,
    Cells,
    FileRead,
    Known,
    RefusedRow,
    TwiceInFile,
    columns_of,
    plain_text,
    read_rows,
    sight_of,
    word,
)

MOST_ROWS = 20_000
REQUIRED = ("card",)
COLUMNS: Known = {
    "card": ("旧卡号", "原卡号", "会员卡号", "卡号", "old card", "card number", "card no"),
    **WHO,
    "tier": ("会员等级", "等级", "卡级", "level", "tier"),
    "tier_until": ("等级有效期", "等级保留至", "tier until", "kept until"),
    "points": ("积分", "积分余额", "剩余积分", "points balance"),
    "points_until": ("积分有效期", "积分到期日", "points until", "points expiry"),
    "package": ("套餐", "套餐名称", "次卡", "package name"),
    "package_item": ("套餐项目", "项目", "package item"),
    "package_left": ("剩余次数", "套餐剩余次数", "uses left", "left"),
    "package_until": ("套餐有效期", "套餐到期日", "package until", "package expiry"),
    "voucher": ("优惠券", "优惠券名称", "券名称", "voucher name"),
    "voucher_count": ("优惠券张数", "优惠券数量", "张数", "vouchers"),
    "voucher_until": ("优惠券有效期", "优惠券到期日", "voucher until", "voucher expiry"),
}
TIER_NAMES = {
    **dict.fromkeys(("普卡", "普通卡", "普通会员"), TierCode.GENERAL),
    **dict.fromkeys(("银卡", "银卡会员"), TierCode.SILVER),
    **dict.fromkeys(("金卡", "金卡会员"), TierCode.GOLD),
    **dict.fromkeys(("钻石卡", "钻石", "钻石会员"), TierCode.DIAMOND),
    **{tier.value: tier for tier in TierCode},
}


class NothingHeld(Refusal):
    """The row brings nothing."""


class DayMissing(Refusal):
    """A tier and points are good until a day."""


class NobodyToFind(Refusal):
    """A card number alone says nothing of whose it is."""


@dataclass(frozen=True, slots=True)
class NamedPackage:
    """Uses that are left of a package, and of which thing in it."""

    name: str
    item: str
    left: int
    until_on: date | None


@dataclass(frozen=True, slots=True)
class NamedVouchers:
    """Vouchers of a kind."""

    name: str
    count: int
    until_on: date | None


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A row that could be read. Whose card it is, is not known yet."""

    number: int
    card: str
    sight: Sight
    tier: TierCode | None = None
    tier_until: date | None = None
    points: int | None = None
    points_until: date | None = None
    package: NamedPackage | None = None
    vouchers: NamedVouchers | None = None
    notes: tuple[str, ...] = ()

    @property
    def marks(self) -> list[tuple[object, ...]]:
        """What a card can have once only: one tier, one number of points for each last day."""
        found: list[tuple[object, ...]] = []
        if self.tier is not None:
            found.append(("tier",))
        if self.points is not None:
            found.append(("points", self.points_until))
        if (package := self.package) is not None:
            car = self.sight.plate or self.sight.vin
            found.append(("package", package.name, package.item, car, package.until_on))
        if (vouchers := self.vouchers) is not None:
            found.append(("vouchers", vouchers.name, vouchers.until_on))
        return found


def read_balances(
    data: bytes | Path, filename: str, override: Mapping[str, str] | None = None
) -> FileRead[BalanceRow]:
    """Read a file of opening balances; raises a Refusal when the file as a whole is none."""
    sheet = open_sheet(data, filename, max_rows=MOST_ROWS)
    columns = columns_of(sheet.headers, filename, COLUMNS, REQUIRED, override)
    rows, refused = read_rows(sheet, columns, REQUIRED, _read, _named)
    kept, clashing = _apart(rows)
    in_order = sorted(kept, key=lambda row: (row.card, row.number))
    return FileRead(columns, in_order, refused + clashing)


def _read(number: int, cells: Cells) -> BalanceRow:
    sight, notes = sight_of(cells, "card")
    row = BalanceRow(
        number=number,
        card=sight.customer_id or "",
        sight=sight,
        tier=cells.read("tier", lambda cell: word(cell, TIER_NAMES)),
        tier_until=cells.read("tier_until", read_day),
        points=cells.read("points", _some),
        points_until=cells.read("points_until", read_day),
        package=_package(cells),
        vouchers=_vouchers(cells),
        notes=notes,
    )
    if not row.marks:
        raise NothingHeld(N_("The row names no tier, points, package or voucher."))
    if row.tier not in (None, TierCode.GENERAL) and row.tier_until is None:
        raise DayMissing(N_("Please say until when the tier is kept."))
    if row.points is not None and row.points_until is None:
        raise DayMissing(N_("Please say until when the points are good."))
    if not (sight.vin or sight.plate or (sight.phone and sight.name)):
        raise NobodyToFind(N_("Please add the plate, the VIN, or the name with the phone."))
    return row


def _named(cells: Cells) -> dict[str, str | int]:
    """The card and the points of a row that cannot be read otherwise, as far as they can."""
    try:
        card = cells.read("card", read_code) or ""
    except Refusal:
        card = cells.said("card")
    try:
        return {"card": card, "apart": cells.read("points", read_whole) or 0}
    except Refusal:
        return {"card": card}


def _some(cell: Cell) -> int | None:
    """A number; nothing is as good as an empty cell."""
    return read_whole(cell) or None


def _package(cells: Cells) -> NamedPackage | None:
    name, left = cells.read("package", plain_text), cells.read("package_left", _some)
    if name is None or left is None:
        _refuse_half(name, left)
        return None
    item = cells.read("package_item", plain_text) or ""
    return NamedPackage(name, item, left, cells.read("package_until", read_day))


def _vouchers(cells: Cells) -> NamedVouchers | None:
    name, count = cells.read("voucher", plain_text), cells.read("voucher_count", _some)
    if name is None or count is None:
        _refuse_half(name, count)
        return None
    return NamedVouchers(name, count, cells.read("voucher_until", read_day))


def _refuse_half(name: str | None, count: int | None) -> None:
    """A name without a number, or a number without a name, is a slip of somebody."""
    if name is not None:
        raise CellMissing(N_("“%(name)s” has no count beside it."), name=name)
    if count is not None:
        raise CellMissing(N_("The count %(count)s has no name beside it."), count=count)


def _apart(
    rows: Iterable[BalanceRow],
) -> tuple[list[BalanceRow], list[RefusedRow]]:
    """Rows of one card that contradict each other are all refused: their order must not matter."""
    groups: dict[str, list[BalanceRow]] = defaultdict(list)
    for row in rows:
        groups[row.card].append(row)
    kept: list[BalanceRow] = []
    refused: list[RefusedRow] = []
    for card, group in groups.items():
        people = {(row.sight.name, row.sight.phone) for row in group}
        said = Counter(mark for row in group for mark in row.marks)
        twice = {mark for mark, count in said.items() if count > 1}
        if len(people) > 1:
            no: Refusal = TwiceInFile(
                N_("Card %(card)s is in the file under different names or phones."), card=card
            )
            refused += [_clashing(row, no) for row in group]
            continue
        no = TwiceInFile(
            N_("Card %(card)s has this more than once in the file; please make it one row."),
            card=card,
        )
        kept += [row for row in group if not twice.intersection(row.marks)]
        refused += [_clashing(row, no) for row in group if twice.intersection(row.marks)]
    return kept, refused


def _clashing(row: BalanceRow, no: Refusal) -> RefusedRow:
    return RefusedRow(row.number, no, {"card": row.card, "apart": row.points or 0})
