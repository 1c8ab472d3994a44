"""QR codes, read back by another programme."""

import io

import pytest
import zxingcpp
from PIL import Image

from foundation.qr import qr_png

TEXTS = ["https://club.example/t/abc?x=1&y=2", "粤B·12345 车友会签到", "A1B2C3D4", "0123456"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_picture_is_read_back(text: str) -> None:
    """Red with mode left to the library: Chinese would be Shift JIS to some readers"""
    with Image.open(io.BytesIO(qr_png(text))) as picture:
        (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.text == text


def test_the_picture_has_a_quiet_zone() -> None:
    """Red with border=0: the smallest code is 21 modules, and four on each side"""
    with Image.open(io.BytesIO(qr_png("A1", scale=2))) as picture:
        assert picture.size == (58, 58)
