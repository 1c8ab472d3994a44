"""QR codes as pictures, which WeChat lets a thumb hold down."""

import io

import segno

QUIET_ZONE = 4


def qr_png(text: str, *, scale: int = 8) -> bytes:
    """A picture of `scale` pixels per module, dark on white, with its quiet zone."""
    picture = io.BytesIO()
    _code(text).save(picture, kind="png", scale=scale, border=QUIET_ZONE)
    return picture.getvalue()


def _code(text: str) -> segno.QRCode:
    """UTF-8 bytes always: some readers guess wrong at the Kanji mode that Chinese would get."""
    return segno.make_qr(text, error="m", mode="byte", encoding="utf-8")
