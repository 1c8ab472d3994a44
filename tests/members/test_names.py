"""Names in the order in which Chinese readers look for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.names import LONGEST_KEY, sort_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("张伟", "zhang wei"),
        ("单雄信", "shan xiong xin"),
        ("曾国藩", "zeng guo fan"),
        ("欧阳修", "ou yang xiu"),
        ("尉迟恭", "yu chi gong"),
        ("吕布", "lv bu"),
        ("重庆长安汽车", "chong qing chang an qi che"),
        ("曾经的好朋友汽车公司", "ceng jing de hao peng you qi che gong si"),
        ("O'Neil Ann", "o'neil ann"),
        (" 王 Wei ", "wang wei"),
        ("ＡＢＣ公司", "abc gong si"),
        ("", ""),
    ],
)
def test_the_key_of_a_name(name: str, key: str) -> None:
    """Red without the surnames: 单 would be dan, 曾 would be ceng"""
    assert sort_key(name) == key


def test_names_are_ordered_by_sound_and_syllable() -> None:
    """Red without the space between syllables: 习安 (xi an) belongs before 先 (xian)"""
    assert sorted(["张伟", "先行", "习安", "安娜"], key=sort_key) == [
        "安娜",
        "习安",
        "先行",
        "张伟",
    ]


@given(st.text())
def test_any_name_has_a_key_that_fits_its_column(name: str) -> None:
    key = sort_key(name)
    assert len(key) <= LONGEST_KEY
    assert key == key.strip()
