"""The order of names: by pinyin, kept beside the name, since databases sort Chinese by code."""

import unicodedata

from pypinyin import Style, lazy_pinyin

LONGEST_KEY = 200
_DOUBLE_SURNAMES = {"尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "长孙": "zhang sun"}
_SURNAMES = {
    **{"单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "盖": "ge"},
    **{"任": "ren", "区": "ou", "朴": "piao", "秘": "bi", "尹": "yin", "缪": "miao"},
    **{"华": "hua", "纪": "ji", "翟": "zhai", "乐": "yue", "宁": "ning", "种": "chong"},
    **{"繁": "po", "黑": "he", "折": "she", "召": "shao", "重": "chong", "覃": "qin"},
}
_LONGEST_GIVEN_NAME = 3


def sort_key(name: str) -> str:
    """Tone-free pinyin in lower case, syllables apart: 单雄信 is `shan xiong xin`."""
    plain = unicodedata.normalize("NFKC", name).strip()
    head, rest = _surname(plain)
    syllables = [head, *lazy_pinyin(rest, style=Style.NORMAL)]
    return " ".join(" ".join(syllables).casefold().split())[:LONGEST_KEY]


def _surname(name: str) -> tuple[str, str]:
    """A surname that is read otherwise than the word, and what follows; companies have none."""
    if name[:2] in _DOUBLE_SURNAMES and len(name) <= 2 + _LONGEST_GIVEN_NAME:
        return _DOUBLE_SURNAMES[name[:2]], name[2:]
    if name[:1] in _SURNAMES and len(name) <= 1 + _LONGEST_GIVEN_NAME:
        return _SURNAMES[name[0]], name[1:]
    return "", name
