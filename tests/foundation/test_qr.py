"""QR codes, read back by another programme."""

import io
import re

import pytest
import zxingcpp
from PIL import Image

from foundation.qr import qr_png, qr_svg

TEXTS = ["https://club.example/t/abc?x=1&y=2", "粤B·12345 车友会签到", "A1B2C3D4", "0123456"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_picture_is_read_back(text: str) -> None:
    """Red with mode left to the library: Chinese would be Shift JIS to some readers"""
    with Image.open(io.BytesIO(qr_png(text))) as picture:
        (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.text == text


def test_the_drawing_scales_and_obeys_a_strict_policy() -> None:
    svg = qr_svg(TEXTS[1])
    assert "style" not in svg
    assert "<script" not in svg
    assert re.search(r'<svg[^>]* viewBox="0 0 (\d+) \1"', svg)
    assert not re.search(r"<svg[^>]* (width|height)=", svg)
    assert 'class="qr"' in svg


def test_the_drawing_has_a_quiet_zone() -> None:
    """Red with border=0: the smallest code is 21 modules, and four on each side"""
    assert 'viewBox="0 0 29 29"' in qr_svg("A1")
