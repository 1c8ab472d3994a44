"""Money is integer fen; points are whole."""

from collections.abc import Sequence


def yuan(fen: int) -> str:
    """Fen as yuan with separators: 507100 → "5,071.00"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def floor_points(fen: int, hundredths: int) -> int:
    """Points for an amount: floor(fen × hundredths / 10000)."""
    return fen * hundredths // 10000


def in_proportion(fen: int, of: Sequence[int]) -> list[int]:
    """An amount laid over others in their proportion: whole fen that come to it exactly.

    Over nothing at all nothing is laid.
    """
    whole, passed, done = sum(of), 0, 0
    shares = []
    for one in of:
        passed += one
        shares.append(fen * passed // whole - done if whole else 0)
        done += shares[-1]
    return shares
