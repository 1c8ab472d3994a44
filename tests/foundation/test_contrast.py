"""The palette: every pair of text and ground in tokens.css, worked out by day and by night."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).resolve().parents[2] / "static" / "css"
TOKENS = (STYLES / "tokens.css").read_text()
COLOUR = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{3,8})\b")
MODES = ("light", "dark")


def _block(start: str) -> dict[str, str]:
    """The colours between the brace after `start` and its closing one."""
    rest = TOKENS[TOKENS.index(start) :]
    return dict(COLOUR.findall(rest[rest.index("{") : rest.index("}")]))


DAY = _block("\n:root {")
NIGHT = _block('[data-bs-theme="dark"] {')
FIXED = _block("/* Things that look the same")
PALETTE = {"light": FIXED | DAY, "dark": FIXED | DAY | NIGHT}
DECLARED = re.findall(r"contrast ([\d.]+) +(.+?) on (.+)", TOKENS)
PAIRS = [
    (float(least), text.strip(), ground.strip())
    for least, texts, grounds in DECLARED
    for text in texts.split(",")
    for ground in grounds.split(",")
]


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 to 1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("least", "text", "ground"), PAIRS)
def test_a_declared_pair_can_be_read(mode: str, least: float, text: str, ground: str) -> None:
    """R66: red when soft ink becomes #8b9096, or the dark amber #92610a."""
    found = _contrast(PALETTE[mode][text], PALETTE[mode][ground])
    assert found >= least, f"{text} on {ground}, {mode}: {found:.2f}, wanted {least}"


def test_every_colour_is_declared_in_a_pair_or_as_decoration() -> None:
    """Red when a colour is added to tokens.css without saying what it stands on."""
    decoration = re.search(r"decoration +(.+?) \*/", TOKENS)
    assert decoration
    known = {name for _least, text, ground in PAIRS for name in (text, ground)}
    known |= {name.strip() for name in decoration.group(1).split(",")}
    assert set(PALETTE["dark"]) == known


def test_body_text_is_declared_to_reach_seven() -> None:
    """Red when the first line of the table asks less of ink on paper."""
    assert (7.0, "ink", "paper") in PAIRS
    assert (7.0, "ink", "card") in PAIRS


def test_night_is_the_same_by_choice_and_by_the_device() -> None:
    """Red when one of the two dark blocks is changed alone."""
    assert _block("@media (prefers-color-scheme: dark) {\n  :root:not") != {}
    device = TOKENS[TOKENS.index("@media (prefers-color-scheme: dark)") :]
    assert dict(COLOUR.findall(device[: device.index("\n}\n")])) == NIGHT
    assert set(NIGHT) == set(DAY)


@pytest.mark.parametrize("name", sorted(p.name for p in STYLES.glob("*.css")))
def test_colours_are_named_in_the_palette_only(name: str) -> None:
    """Red when a style sheet writes a colour of its own; paint, paper and QR grounds are things."""
    if name in {"tokens.css", "print.css"}:
        return
    written = re.findall(r"#[0-9a-f]{3,8}\b", re.sub(r"/\*.*?\*/", "", (STYLES / name).read_text()))
    assert written == []
