"""How a letter will look before anybody gets it."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _

from foundation import clock
from foundation.outbox import Channel, Letter, Purpose, Rendered
from foundation.settings import Settings
from foundation.web.database import db
from foundation.web.letters import render
from outreach import texts, wording
from outreach.models import Topic


def settings() -> Settings:
    found: Settings = current_app.extensions["club_settings"]
    return found


def written(letter: Letter) -> Rendered:
    """The words of a letter, also of one that is not posted."""
    return render(letter, **wording.values_for(db.session, letter, settings()))


def sample(
    template: str, cause_id: int, details: dict[str, Any], topic: Topic, language: str
) -> Rendered:
    """A letter to nobody, as its readers will see theirs."""
    now = clock.now()
    letter = Letter(
        id=0,
        key="",
        channel=Channel.EMAIL,
        purpose=Purpose.MARKETING,
        topic=topic.value,
        recipient_kind="owner",
        recipient_id=0,
        address="",
        language=language,
        template=template,
        details=details,
        cause_kind="campaign",
        cause_id=cause_id,
        created_at=now,
        not_before=now,
    )
    return written(letter)


def channel_words() -> dict[Channel, str]:
    """What each channel is called on a count of members."""
    return {
        Channel.EMAIL: _("Letters"),
        Channel.TEXT: _("Texts"),
        Channel.WECHAT: _("WeChat by advisor"),
    }


def as_text(words: Rendered) -> tuple[str, int]:
    """What a phone shows, and as how many messages it counts."""
    text = texts.compose(settings().text_gateway_signature, words.short, marketing=True)
    return text, texts.segments(text)
