"""Markdown of staff as safe HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.rich_text import ALLOWED_TAGS, plain_text, safe_html


def test_ordinary_writing_becomes_html() -> None:
    assert safe_html("**好** 与 *美*\n\n- 茶\n- 酒") == (
        "<p><strong>好</strong> 与 <em>美</em></p>\n<ul>\n<li>茶</li>\n<li>酒</li>\n</ul>\n"
    )


@pytest.mark.parametrize(
    ("levels", "shown"),
    [([1], [2]), ([3], [2]), ([1, 2, 1], [2, 3, 2]), ([1, 3], [2, 3]), ([2, 1], [2, 2])],
)
def test_headings_begin_below_the_pages_own_and_skip_none(
    levels: list[int], shown: list[int]
) -> None:
    """Red when a text that begins with ### does not begin at h2"""
    html = safe_html("\n\n".join(f"{'#' * level} 行程" for level in levels))
    assert [int(found) for found in re.findall(r"<h(\d)>", html)] == shown


def test_a_link_neither_vouches_nor_tells() -> None:
    assert safe_html("[店](https://a.example/)") == (
        '<p><a href="https://a.example/" rel="nofollow noopener noreferrer">店</a></p>\n'
    )


@pytest.mark.parametrize(
    "written",
    [
        "![花](https://spy.example/p.png)",
        "![花](//spy.example/p)",
        "![花](HTTP://spy.example/p)",
        "![花](data:image/png;base64,AAAA)",
        "![花](spy.png)",
    ],
)
def test_a_picture_from_elsewhere_is_only_its_caption(written: str) -> None:
    """Red without `_only_ours`"""
    assert "<img" not in safe_html(written)
    assert "花" in safe_html(written)


def test_a_picture_of_ours_stays() -> None:
    assert '<img src="/pictures/7" alt="花">' in safe_html("![花](/pictures/7)")


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        "<b style='x'>a</b>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        '<a href="javascript:x">a</a>',
        "| a |\n|:-:|\n| b |",
    ],
)
def test_nothing_written_runs(written: str) -> None:
    """R45; red with html on and without nh3"""
    tags = "".join(re.findall(r"<[^>]*>", safe_html(written)))
    assert not re.search(r"script|onerror|style|data:", tags, re.IGNORECASE)


@given(st.text(st.sampled_from("<>![]()#*_`|-\n \"'&;:/\\=ascriptjvx字\0"), max_size=80))
def test_any_text_gives_only_tags_that_we_know(text: str) -> None:
    """R45"""
    names = set(re.findall(r"</?([a-zA-Z0-9]+)", safe_html(text)))
    assert names <= ALLOWED_TAGS


def test_plain_text_says_what_the_markdown_means() -> None:
    """Lists keep their marks, a link its address, an escape its sign; red without the walk."""
    text = "# 出发\n\n**九点**，带\n雨伞 \\*。\n\n- 茶\n- [门票](https://club.example/t)\n\n1. 一"
    assert plain_text(text) == (
        "出发\n\n九点，带\n雨伞 *。\n\n- 茶\n- 门票 https://club.example/t\n\n1. 一"
    )
