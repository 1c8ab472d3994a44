"""QR codes: a drawing for pages, a picture that WeChat lets a thumb hold down."""

import io

import segno

QUIET_ZONE = 4


def qr_svg(text: str) -> str:
    """A scalable drawing, dark on white in every theme, with a quiet zone and no inline style."""
    return _code(text).svg_inline(
        omitsize=True, border=QUIET_ZONE, light="#fff", svgclass="qr", lineclass="qr-line"
    )


def qr_png(text: str, *, scale: int = 8) -> bytes:
    """The same code as a picture, `scale` pixels per module."""
    picture = io.BytesIO()
    _code(text).save(picture, kind="png", scale=scale, border=QUIET_ZONE)
    return picture.getvalue()


def _code(text: str) -> segno.QRCode:
    """UTF-8 bytes always: some readers guess wrong at the Kanji mode that Chinese would get."""
    return segno.make_qr(text, error="m", mode="byte", encoding="utf-8")
