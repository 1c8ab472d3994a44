"""Photos: what a code in one says, and a small clean copy of one that is kept."""

import io
import struct

import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from foundation.refusals import Refusal
from foundation.words import N_

LARGEST_FILE = 15 * 1024 * 1024
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
SIDE = 2400
KEPT_SIDE, KEPT_QUALITY = 1280, 80

_BROKEN = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
)


class NotAPicture(Refusal):
    """The file is no picture, or a broken one."""


class PictureTooLarge(Refusal):
    """More bytes or pixels than a photo of a code has."""


def codes_in(data: bytes) -> list[str]:
    """The texts of the QR codes in a JPEG, PNG or WebP picture; none where it shows none.

    The size in the picture's head is checked before a pixel is unpacked.
    """
    found = zxingcpp.read_barcodes(
        _read(data, "L", SIDE), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return [code.text for code in found if code.valid and code.text]


def photo_of(data: bytes) -> bytes:
    """A photo as a JPEG of a modest size, upright, with nothing that the camera wrote into it:
    place, time and device stay outside."""
    picture = _read(data, "RGB", KEPT_SIDE)
    clean = io.BytesIO()
    Image.frombytes("RGB", picture.size, picture.tobytes()).save(
        clean, "JPEG", quality=KEPT_QUALITY, optimize=True
    )
    return clean.getvalue()


def _read(data: bytes, mode: str, side: int) -> Image.Image:
    """The picture upright in a mode of colours, no side longer than is needed."""
    if len(data) > LARGEST_FILE:
        raise PictureTooLarge(
            N_("This photo is larger than %(size)s MB. Please take a smaller one."),
            size=LARGEST_FILE // 1024**2,
        )
    try:
        with Image.open(io.BytesIO(data), formats=list(MOST_PIXELS)) as picture:
            if picture.width * picture.height > MOST_PIXELS[picture.format or "PNG"]:
                raise PictureTooLarge(
                    N_("This picture has too many pixels. Please take a smaller photo.")
                )
            picture.draft(mode, (side, side))
            made = ImageOps.exif_transpose(picture).convert(mode)
    except _BROKEN as broken:
        raise NotAPicture(
            N_("This file is not a photo that can be read. Please take a JPEG or PNG picture.")
        ) from broken
    made.thumbnail((side, side))
    return made
