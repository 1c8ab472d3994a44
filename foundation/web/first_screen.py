"""What a phone asks for when a page is put on its first screen: names, and our drawing in sizes.

Each drawing is `static/img/NAME.svg`, square and without round corners, its sign within the middle
four fifths, so that a phone may cut any shape out of it. bin/draw_icons.py makes the pictures.
"""

from flask import current_app, jsonify
from werkzeug.wrappers.response import Response

PAPER, GREEN = "#f6f4ef", "#0e4d3c"
SVG, PNG = "image/svg+xml", "image/png"


def manifest(*, name: str, short_name: str, start: str, scope: str, drawing: str) -> Response:
    """The manifest of a page that opens by itself, as at `start`."""
    answer = jsonify(
        name=name,
        short_name=short_name,
        id=start,
        start_url=start,
        scope=scope,
        display="standalone",
        background_color=PAPER,
        theme_color=GREEN,
        icons=[
            _icon(f"{drawing}.svg", "any", SVG, "any"),
            _icon(f"{drawing}-192.png", "192x192", PNG, "any"),
            _icon(f"{drawing}-512.png", "512x512", PNG, "any maskable"),
        ],
    )
    answer.headers["Content-Type"] = "application/manifest+json"
    return answer


def _icon(file: str, sizes: str, kind: str, purpose: str) -> dict[str, str]:
    address = current_app.jinja_env.globals["static_url"](f"img/{file}")  # type: ignore[operator]
    return {"src": address, "sizes": sizes, "type": kind, "purpose": purpose}
