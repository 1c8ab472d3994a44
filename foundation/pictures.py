"""Photos of codes: what a picture says, read in memory and kept nowhere."""

import io
import struct

import zxingcpp
from PIL import Image, UnidentifiedImageError

from foundation.refusals import Refusal
from foundation.words import N_

LARGEST_FILE = 15 * 1024 * 1024
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
SIDE = 2400

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
    if len(data) > LARGEST_FILE:
        raise PictureTooLarge(
            N_("This photo is larger than %(size)s MB. Please take a smaller one."),
            size=LARGEST_FILE // 1024**2,
        )
    grey = _grey(data)
    found = zxingcpp.read_barcodes(
        grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return [code.text for code in found if code.valid and code.text]


def _grey(data: bytes) -> Image.Image:
    """The picture in shades of grey, no side longer than a code needs."""
    try:
        with Image.open(io.BytesIO(data), formats=list(MOST_PIXELS)) as picture:
            if picture.width * picture.height > MOST_PIXELS[picture.format or "PNG"]:
                raise PictureTooLarge(
                    N_("This picture has too many pixels. Please take a smaller photo.")
                )
            picture.draft("L", (SIDE, SIDE))
            grey = picture.convert("L")
    except _BROKEN as broken:
        raise NotAPicture(
            N_("This file is not a photo that can be read. Please take a JPEG or PNG picture.")
        ) from broken
    grey.thumbnail((SIDE, SIDE))
    return grey
