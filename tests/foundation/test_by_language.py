"""Dates, numbers and money as readers of each language write them (R66)."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string

from foundation.web import language

SUNDAY = datetime(2026, 11, 8, 2, tzinfo=UTC)  # 10:00 in the shop


@pytest.mark.parametrize(
    ("tongue", "day", "moment", "month"),
    [
        ("zh-Hans", "2026 年 11 月 8 日 周日", "周日 11 月 8 日 10:00", "11 月"),
        ("en", "Sun 8 Nov 2026", "Sun 8 Nov 10:00", "November"),
    ],
)
def test_dates_are_said_as_the_reader_says_them(
    app: Flask, tongue: str, day: str, moment: str, month: str
) -> None:
    """R66: in the shop's time too; red with one shape for both languages."""
    with app.test_request_context(), language.speaking(tongue):
        said = language.day_text(date(2026, 11, 8))
        assert (said, language.moment_text(SUNDAY)) == (day, moment)
        assert language.month_text(date(2026, 11, 8)) == month


@pytest.mark.parametrize(
    ("tongue", "one", "many"),
    [("zh-Hans", "1 人", "3 人"), ("en", "1 person", "3 people")],
)
def test_plurals_follow_the_language(app: Flask, tongue: str, one: str, many: str) -> None:
    """R66: red when the template joins a number and a word."""
    shape = '{{ ngettext("%(num)s person", "%(num)s people", number) }}'
    with app.test_request_context(), language.speaking(tongue):
        said = [render_template_string(shape, number=number) for number in (1, 3)]
    assert said == [one, many]


def test_money_and_points_are_grouped(app: Flask) -> None:
    """R66: red without the separators, and with a float."""
    with app.test_request_context():
        said = render_template_string("{{ 507100|money }} {{ -7|money }} {{ 590315|points }}")
    assert said == "¥5,071.00 -¥0.07 590,315"
