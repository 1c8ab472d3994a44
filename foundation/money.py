"""Money is integer fen; points are whole."""


def yuan(fen: int) -> str:
    """Fen as yuan with separators: 507100 → "5,071.00"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def floor_points(fen: int, hundredths: int) -> int:
    """Points for an amount: floor(fen × hundredths / 10000)."""
    return fen * hundredths // 10000
