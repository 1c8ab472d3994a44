"""What staff write in Markdown, as HTML that cannot hurt a reader."""

import re
from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_OUR_PICTURE = re.compile(r"^/(?![/\\])[^\s\\]*$")
ALLOWED_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "blockquote"),
    *("ul", "ol", "li", "a", "img", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)


def safe_html(markdown: str) -> str:
    """HTML of the text: headings start at h2, links are nofollow, only our own pictures stay."""
    tokens = _MARKDOWN.parse(markdown.replace("\0", ""))
    _lower_headings(tokens)
    for token in tokens:
        token.children = [_only_ours(child) for child in token.children or ()]
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="nofollow noopener noreferrer",
    )


def _lower_headings(tokens: Sequence[Token]) -> None:
    """The highest starts at h2, and none is more than one below the heading before it."""
    deepest = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    above, level = min(deepest, default=1) - 2, 1
    for token in tokens:
        if token.type == "heading_open":
            level = min(int(token.tag[1]) - above, level + 1)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(level, 6)}"


def _only_ours(token: Token) -> Token:
    """A picture from elsewhere tells its host who reads, so its caption stands in for it."""
    if token.type != "image" or _OUR_PICTURE.match(str(token.attrGet("src") or "")):
        return token
    return Token("text", "", 0, content=token.content)


def plain_text(markdown: str) -> str:
    """What the text says where there are no fonts: in letters as text and on phones."""
    lines: list[str] = []
    item, cell = "", False
    for token in _MARKDOWN.parse(markdown.replace("\0", "")):
        if token.type == "list_item_open":
            item = f"{token.info}. " if token.info else "- "
        elif token.type in {"inline", "fence", "code_block"}:
            said = item + (_said(token.children) if token.children else token.content)
            lines[-1:] = [f"{lines[-1]} | {said}"] if cell else [*lines[-1:], said]
            item = ""
        elif token.type in {"td_close", "th_close", "tr_close"}:
            cell = token.type != "tr_close"
        elif token.type in _ENDS and not token.hidden:
            lines.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


_ENDS = {
    "paragraph_close",
    "heading_close",
    "bullet_list_close",
    "ordered_list_close",
    "table_close",
}


def _said(tokens: Sequence[Token]) -> str:
    """The words of one line; a link tells its address behind its words."""
    said, href, begun = "", "", 0
    for token in tokens:
        if token.type == "link_open":
            href, begun = str(token.attrGet("href") or ""), len(said)
        elif token.type == "link_close":
            said += "" if said[begun:] == href else f" {href} "
        elif token.type in {"softbreak", "hardbreak"}:
            said += "\n"
        else:
            said += token.content
    return re.sub(" {2,}", " ", said).strip()
