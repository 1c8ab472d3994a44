"""Letters as they are written."""

import pytest
from flask import Flask

from foundation.outbox import Channel, Letter, Purpose, Rendered
from foundation.web.database import db, write
from foundation.web.letters import render
from tests.making import NOW, make_shop

HOSTILE = "王\r\nBcc: all@example.com <script>alert(1)</script> {{ 7*7 }} %(event)s \u202e 】"


def written(app: Flask, name: str, language: str = "zh-Hans", **more: str) -> Rendered:
    with app.app_context():
        write()
        make_shop(db.session)
        db.session.commit()
        details = {
            "name": name,
            "event_title": "春季自驾游",
            "starts_at": "2026-03-15T02:00:00+00:00",
            "place": "云湖",
            "link": "/i/token",
        }
        letter = Letter(
            id=1,
            key="k",
            channel=Channel.EMAIL,
            purpose=Purpose.MARKETING,
            topic="invitations",
            recipient_kind="owner",
            recipient_id=1,
            address="a@example.com",
            language=language,
            template="invitation",
            details=details | more,
            cause_kind="campaign",
            cause_id=1,
            created_at=NOW,
            not_before=NOW,
        )
        return render(letter, words="您好", unsubscribe_url="http://localhost/u/x")


def test_a_hostile_name_is_harmless(app: Flask) -> None:
    """R45: red without `_harmless`, and with autoescape off in the HTML."""
    said = written(app, HOSTILE)
    assert "\n" not in said.subject
    assert "Bcc" not in [line.split(":")[0] for line in said.text.splitlines()]
    assert "{{ 7*7 }}" in said.text
    assert "49" not in said.text
    assert "<script" not in said.html
    assert "\u202e" not in said.text + said.html + said.short


def test_a_hostile_title_stays_in_its_line(app: Flask) -> None:
    """R45: `_harmless` and `one_line` each guard it; green without `one_line` alone."""
    said = written(app, "王", event_title=HOSTILE)
    assert "\n" not in said.subject
    assert "\r" not in said.subject


def test_a_letter_speaks_its_readers_language(app: Flask) -> None:
    assert "Your invitation" in written(app, "Wang", "en").subject
    assert "活动邀约" in written(app, "王").subject


def test_moments_come_in_the_shops_time(app: Flask) -> None:
    """R68: red when the ISO text is shown as it is kept."""
    assert "10:00" in written(app, "王").text


def test_styles_are_put_inline(app: Flask) -> None:
    html = written(app, "王").html
    assert 'style="' in html
    assert "prefers-color-scheme: dark" in html
    assert "http://localhost/i/token" in html


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_short_form_holds_the_link(app: Flask, language: str) -> None:
    assert "http://localhost/i/token" in written(app, "王", language).short
