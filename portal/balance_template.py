"""The workbook that staff fill in with what the old system knew: columns in both languages."""

from collections.abc import Iterator, Sequence
from datetime import date

from foundation import clock
from foundation.sheets.writing import Value
from portal.balance_rows import COLUMNS

ENGLISH = {
    "card": "Old card",
    "name": "Name",
    "phone": "Phone",
    "plate": "Plate",
    "vin": "VIN",
    "tier": "Tier",
    "tier_until": "Tier until",
    "points": "Points",
    "points_until": "Points until",
    "package": "Package name",
    "package_item": "Package item",
    "package_left": "Uses left",
    "package_until": "Package until",
    "voucher": "Voucher name",
    "voucher_count": "Vouchers",
    "voucher_until": "Voucher until",
}
HEADERS = [f"{COLUMNS[field][0]}（{english}）" for field, english in ENGLISH.items()]


def sample_rows(today: date) -> Iterator[Sequence[Value]]:
    """Two rows of one card, to be typed over: a card with two ends of points takes two."""
    end, later = clock.add_months(today, 6), clock.add_months(today, 12)
    who: list[Value] = ["示例-0001", "张示例", "13800000000", "浙A00001", None]
    empty: list[Value] = [None] * 7
    yield [*who, "银卡", later, 1200, end, *empty]
    yield [*who, None, None, 300, later, *empty]
