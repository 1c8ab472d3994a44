"""A sheet of paper as a small PDF: a heading and lines, in faces that every reader has."""

from collections.abc import Sequence

_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
    "/DescendantFonts [6 0 R] >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
    "/FontDescriptor 7 0 R >>",
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
    "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
)
_TOP, _LEFT, _HEADING, _SIZE, _STEP = 780, 60, 20, 12, 24


def sheet(title: str, lines: Sequence[str]) -> bytes:
    """One page A4 with the title and up to thirty lines."""
    words = [_line(title, _HEADING, _TOP)]
    words += [_line(text, _SIZE, _TOP - 44 - _STEP * place) for place, text in enumerate(lines)]
    drawn = "\n".join(words)
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R /F2 8 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        *_FONT,
    ]
    return _bound(parts)


def _line(text: str, size: int, height: int) -> str:
    face, code = ("F2", "ascii") if text.isascii() else ("F1", "utf-16-be")
    written = text.encode(code).hex().upper()
    return f"BT /{face} {size} Tf {_LEFT} {height} Td <{written}> Tj ET"


def _bound(parts: Sequence[str]) -> bytes:
    """The objects with the table that says where each begins."""
    file, begins = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        begins.append(len(file))
        file += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in begins)
    head = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(file)}\n%%EOF\n"
    return (file + head + tail).encode("ascii")
