"""Two pictures of the demo trip, drawn by code: bends in bamboo hills, and the convoy."""

import io
import math

from PIL import Image, ImageDraw

_WIDE, _HIGH = 1500, 1000
_HILLS = ((0.46, "#9db9ab"), (0.56, "#6f9a85"), (0.66, "#3f7459"), (0.78, "#1f5740"))
_CARS = ("#9e2b2f", "#f4f3ef", "#2c5487", "#c9b283", "#2a2c2f")


def sights() -> list[bytes]:
    """Both pictures as photos from a phone."""
    return [_photo(_bends()), _photo(_convoy())]


def _photo(sheet: Image.Image) -> bytes:
    written = io.BytesIO()
    sheet.resize((_WIDE // 2, _HIGH // 2)).save(written, "JPEG", quality=85)
    return written.getvalue()


def _landscape(top: str, foot: str, turn: float) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """The sky by the hour, the sun, and hills one behind the other."""
    sky = Image.linear_gradient("L").resize((_WIDE, _HIGH))
    high, low = (Image.new("RGB", (_WIDE, _HIGH), colour) for colour in (top, foot))
    sheet = Image.composite(low, high, sky)
    pen = ImageDraw.Draw(sheet)
    pen.ellipse((1080, 150, 1220, 290), fill="#f7ead0")
    for number, (height, colour) in enumerate(_HILLS):
        ridge = [
            (x, _HIGH * height - 70 * math.sin(x / (260 + 70 * number) + turn + 2.1 * number))
            for x in range(0, _WIDE + 20, 20)
        ]
        pen.polygon([(0, _HIGH), *ridge, (_WIDE, _HIGH)], fill=colour)
    return sheet, pen


def _bends() -> Image.Image:
    sheet, pen = _landscape("#86b3c9", "#f6efe0", 0.4)
    for step in range(240):
        share = step / 239
        x = 760 + 430 * (1 - share) * math.sin(share * 11) - 160 * share
        y = 980 - 400 * share
        wide = 46 * (1 - share) + 5
        pen.ellipse((x - wide, y - wide * 0.4, x + wide, y + wide * 0.4), fill="#d9d2c2")
    for number in range(70):
        x, y = (number * 97) % _WIDE, 800 + (number * 53) % 200
        pen.line((x, y, x + 9, y - 90), fill="#7fae63", width=6)
        pen.line((x + 9, y - 90, x + 26, y - 104), fill="#a9c97f", width=5)
    return sheet


def _convoy() -> Image.Image:
    sheet, pen = _landscape("#f2c9a0", "#fbeedb", 1.7)
    pen.polygon([(0, 860), (_WIDE, 780), (_WIDE, _HIGH), (0, _HIGH)], fill="#5c6066")
    for place in range(9):
        x = place * 180
        pen.line((x, 935 - x * 0.04, x + 90, 931 - x * 0.04), fill="#f4f3ef", width=8)
    for place, paint in enumerate(_CARS):
        _car(pen, 90 + 275 * place, 885 - 15 * place, paint)
    return sheet


def _car(pen: ImageDraw.ImageDraw, x: int, y: int, paint: str) -> None:
    cabin = [(x + 40, y - 44), (x + 66, y - 84), (x + 142, y - 84), (x + 176, y - 44)]
    pen.polygon(cabin, fill=paint)
    pen.polygon([(px, py + 8) for px, py in cabin[1:3]] + [(x + 164, y - 46), (x + 54, y - 46)])
    pen.rounded_rectangle((x, y - 46, x + 214, y), 18, fill=paint)
    for wheel in (x + 48, x + 166):
        pen.ellipse((wheel - 24, y - 24, wheel + 24, y + 24), fill="#1b1d1f")
        pen.ellipse((wheel - 11, y - 11, wheel + 11, y + 11), fill="#c3c8cc")
