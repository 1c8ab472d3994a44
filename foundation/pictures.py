"""Photos: the codes that one shows, and copies drawn anew so that only pixels are left."""

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from foundation.refusals import Refusal
from foundation.words import N_

LARGEST_FILE = 15 * 1024 * 1024
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
SIDE = 2400
KEPT_SIDE, QUALITY = 1280, 82

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
    """More bytes or pixels than a photo has."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A picture upright and in plain colours: its shape, and a JPEG of each asked size by name."""

    width: int
    height: int
    sizes: dict[str, bytes]


def codes_in(data: bytes) -> list[str]:
    """The texts of the QR codes in a JPEG, PNG or WebP picture; none where it shows none.

    The size in the picture's head is checked before a pixel is unpacked.
    """
    grey = _opened(data, "L", SIDE)
    found = zxingcpp.read_barcodes(
        grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return [code.text for code in found if code.valid and code.text]


def photo_of(data: bytes) -> bytes:
    """A photo as a JPEG of a modest size, upright, with nothing that the camera wrote into it:
    place, time and device stay outside."""
    return redrawn(data, {"kept": KEPT_SIDE}).sizes["kept"]


def redrawn(data: bytes, sides: Mapping[str, int]) -> Redrawn:
    """The picture in each size, by the length of its longer side, largest first.

    Place, camera, comments and all else that a file may hold besides are left behind: the pixels
    are put on a new sheet.
    """
    largest = max(sides.values())
    upright = _opened(data, "RGB", largest)
    upright.thumbnail((largest, largest))
    sheet = Image.new("RGB", upright.size, "white")
    sheet.paste(upright)
    return Redrawn(*sheet.size, {name: _jpeg(sheet, side) for name, side in sides.items()})


def _jpeg(sheet: Image.Image, side: int) -> bytes:
    made, written = sheet.copy(), io.BytesIO()
    made.thumbnail((side, side))
    made.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()


def _opened(data: bytes, mode: str, side: int) -> Image.Image:
    """The picture, no side longer than about twice what is needed; upright where it has colours.

    The size in the picture's head is checked before a pixel is unpacked.
    """
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
            found = picture.convert(mode) if mode == "L" else _in_colour(picture)
    except _BROKEN as broken:
        raise NotAPicture(
            N_("This file is not a photo that can be read. Please take a JPEG or PNG picture.")
        ) from broken
    if mode == "L":
        found.thumbnail((side, side))
    return found


def _in_colour(picture: Image.Image) -> Image.Image:
    """Turned as it was taken, what shines through made white, wide colours made plain ones."""
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "P", "PA"):
        clear = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    plain = upright.convert("RGB")
    if profile and picture.mode == "RGB":
        try:
            wide = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(plain, wide, ImageCms.createProfile("sRGB"))
        except (ImageCms.PyCMSError, OSError):
            return plain
        return made or plain
    return plain
