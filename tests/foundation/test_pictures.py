"""Photos of codes, and files that are none: what is read, what is refused before it is unpacked."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageFilter

from foundation.pictures import LARGEST_FILE, NotAPicture, PictureTooLarge, codes_in
from foundation.qr import qr_png


def photo(*texts: str, form: str = "JPEG") -> bytes:
    """A table photographed from above, a little blurred, with codes lying askew on it."""
    table = Image.new("RGB", (2400, 1800), (122, 128, 110))
    for number, text in enumerate(texts):
        with Image.open(io.BytesIO(qr_png(text, scale=10))) as code:
            askew = code.convert("RGB").rotate(17, expand=True, fillcolor=(122, 128, 110))
        table.paste(askew, (300 + 900 * number, 500))
    taken = io.BytesIO()
    table.filter(ImageFilter.GaussianBlur(1.5)).save(taken, form)
    return taken.getvalue()


def png_that_says(width: int, height: int) -> bytes:
    """A picture of some hundred bytes whose head promises so many pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rows + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_code_is_read_from_a_photo(form: str) -> None:
    assert codes_in(photo("https://club.example/t/7KQ2", form=form)) == [
        "https://club.example/t/7KQ2"
    ]


def test_every_code_in_the_photo_is_read() -> None:
    assert sorted(codes_in(photo("one ticket", "another"))) == ["another", "one ticket"]


def test_a_photo_of_nothing_holds_no_code() -> None:
    assert codes_in(photo()) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"%PDF-1.7", b"<svg/>", photo("cut")[:4000], png_that_says(40, 40)],
    ids=["empty", "gif", "pdf", "svg", "cut off", "rows missing"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        codes_in(data)


@pytest.mark.parametrize(("width", "height"), [(5000, 5000), (60_000, 60_000), (1, 2**31 - 1)])
def test_more_pixels_than_a_photo_has_are_refused_unseen(width: int, height: int) -> None:
    """A decompression bomb; red without the look at the head: memory for 25 million pixels."""
    with pytest.raises((PictureTooLarge, NotAPicture)):
        codes_in(png_that_says(width, height))


def test_a_file_of_many_bytes_is_refused() -> None:
    with pytest.raises(PictureTooLarge):
        codes_in(bytes(LARGEST_FILE + 1))
