"""Dates, numbers and money as readers of each language write them (R66)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask, render_template_string

from foundation.web import language

SUNDAY = datetime(2026, 11, 8, 2, tzinfo=UTC)  # 10:00 in the shop
CARD = '{% from "macros/things.html" import date_block %}{{ date_block(on) }}'


def kept(text: str) -> str:
    """The text with no-break spaces where it shows a line."""
    return text.replace("_", "\u00a0")


@pytest.mark.parametrize(
    ("tongue", "day", "moment", "month"),
    [
        ("zh-Hans", kept("2026_年 11_月_8_日 周日"), kept("周日 11_月_8_日 10:00"), kept("11_月")),
        ("en", kept("Sun 8_Nov 2026"), kept("Sun 8_Nov 10:00"), "November"),
    ],
)
def test_dates_are_said_as_the_reader_says_them(
    app: Flask, tongue: str, day: str, moment: str, month: str
) -> None:
    """R66: in the shop's time too, and no line ends within a day; red with one shape for
    both languages, and with plain spaces."""
    spring = time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False)
    with spring, app.test_request_context(), language.speaking(tongue):
        said = language.day_text(date(2026, 11, 8))
        assert (said, language.moment_text(SUNDAY)) == (day, moment)
        assert language.month_text(date(2026, 11, 8)) == month
        assert language.say("%(at)s", {"at": SUNDAY}) == moment


@pytest.mark.parametrize(
    ("tongue", "day", "span", "month"),
    [
        (
            "zh-Hans",
            kept("2027_年 1_月_2_日 周六"),
            kept("周四 12_月_31_日 23:59–2027_年 1_月_1_日 周五 00:00"),
            kept("2027_年 1_月"),
        ),
        (
            "en",
            kept("Sat 2_Jan 2027"),
            kept("Thu 31_Dec 23:59–Fri 1_Jan 2027 00:00"),
            "January 2027",
        ),
    ],
)
def test_another_year_is_said(app: Flask, tongue: str, day: str, span: str, month: str) -> None:
    """R68: by the shop's clock; red without `another_year`, and with the year of UTC."""
    midnight = datetime(2026, 12, 31, 16, tzinfo=UTC)
    one = timedelta(minutes=1)
    new_years_eve = time_machine.travel(midnight - one, tick=False)
    with new_years_eve, app.test_request_context(), language.speaking(tongue):
        assert language.day_text(date(2027, 1, 2), year=False) == day
        assert language.span_text(midnight - one, midnight) == span
        assert language.month_text(date(2027, 1, 2)) == month
    with time_machine.travel(midnight, tick=False), app.test_request_context():
        assert "2027" not in language.day_text(date(2027, 1, 2), year=False)


def test_a_card_says_the_year_where_it_is_another(app: Flask) -> None:
    """R68: next January does not look like the past; red without the year in the block."""
    december = time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC), tick=False)
    with december, app.test_request_context():
        cards = [render_template_string(CARD, on=date(year, 1, 9)) for year in (2026, 2027)]
    assert ["2027</span>" in card for card in cards] == [False, True]
    assert "2026</span>" not in cards[0]


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
