"""Draw the icons that phones want as pictures: `static/img/NAME.svg` in 180, 192 and 512 pixels.

Run after a drawing changed: .venv/bin/python bin/draw_icons.py door card
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

SIZES, COLOURS = (180, 192, 512), 32
CHROMIUM = "/usr/bin/chromium"
FOLDER = Path(__file__).parents[1] / "static" / "img"


def main() -> None:
    """Draw each name given."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name in sys.argv[1:]:
            drawing = (FOLDER / f"{name}.svg").read_text()
            for size in SIZES:
                page = browser.new_page(viewport={"width": size, "height": size})
                page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{drawing}")
                drawn = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
                drawn.save(FOLDER / f"{name}-{size}.png", optimize=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
