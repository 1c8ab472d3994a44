"""Full-width letters, digits and signs as people type them in Chinese, made ordinary."""

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0x3000, 0x00A0, 0x2007, 0x202F), " ")
_UNSEEN = dict.fromkeys(
    (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
)
_SIGNS = {0xFFE5: "¥", 0x2212: "-", 0x2010: "-", 0x2011: "-", 0x2013: "-", 0x2014: "-"}
_TABLE: dict[int, int | str | None] = {**_WIDE, **_SPACES, **_UNSEEN, **_SIGNS}


def half_width(text: str) -> str:
    """The text with full-width signs and odd dashes made ASCII, unseen marks gone, ends trimmed."""
    return text.translate(_TABLE).strip()
