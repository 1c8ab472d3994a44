"""E-mail addresses: optional, and found however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.emails import EmailAddress, NotAnEmail, masked, normalise_email
from tests.foundation.answers import answered


@pytest.mark.parametrize(
    "written", ["Wang.Li@Example.com", " wang.li@EXAMPLE.COM ", "ｗａｎｇ．ｌｉ＠example。com"]
)
def test_every_way_to_write_an_address_has_one_key(written: str) -> None:
    """Red without lower(), the half width or the Chinese full stop"""
    assert normalise_email(written).key == "wang.li@example.com"


def test_the_address_written_to_keeps_its_letters() -> None:
    expected = EmailAddress("Wang.Li@example.com", "wang.li@example.com")
    assert normalise_email("Wang.Li@Example.COM") == expected


def test_a_chinese_address_is_an_address() -> None:
    assert normalise_email("张三@例子.中国").text == "张三@例子.中国"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "wang",
        "wang@",
        "@example.com",
        "a b@example.com",
        "a@localhost",
        "a@[127.0.0.1]",
        "Wang <wang@example.com>",
        "a@example.com\nBcc: b@example.com",
        "a@b@example.com",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    """R45"""
    with pytest.raises(NotAnEmail, match="is not an e-mail address"):
        normalise_email(written)


@pytest.mark.parametrize(
    ("address", "shown"),
    [("wang@example.com", "w***g@example.com"), ("li@example.com", "***@example.com")],
)
def test_a_masked_address_hides_the_name(address: str, shown: str) -> None:
    """Red when a name of two letters is shown whole"""
    assert masked(address) == shown


@given(st.text() | st.emails())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    email = answered(normalise_email, text)
    assert email is None or normalise_email(email.text).key == email.key
