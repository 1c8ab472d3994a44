"""How a letter will look before anybody gets it."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _

from foundation import clock
from foundation.outbox import Channel, Letter, Purpose, Rendered
from foundation.own_words import OwnWords
from foundation.settings import Settings
from foundation.web.database import db
from foundation.web.letters import render
from outreach import texts, wording
from outreach.models import Newsletter, Topic


def settings() -> Settings:
    """The settings of this club."""
    found: Settings = current_app.extensions["club_settings"]
    return found


def written(letter: Letter, own: OwnWords | None = None) -> Rendered:
    """The words of a letter, also of one that is not posted; `own` are words not saved yet."""
    values = wording.values_for(db.session, letter, settings())
    return render(letter, **(values | {"own": own} if own else values))


def sample(
    template: str, cause_id: int, details: dict[str, Any], topic: Topic, language: str
) -> Rendered:
    """A letter to nobody, as its readers will see theirs."""
    letter = unposted(template, details, language)
    letter.purpose, letter.topic, letter.cause_id = Purpose.MARKETING, topic.value, cause_id
    return written(letter)


def newsletter(issue: Newsletter, language: str) -> Rendered:
    """An issue as its readers of this language get it."""
    details = {"newsletter_id": issue.id}
    return sample("newsletter", 0, details, Topic.NEWSLETTER, language)


def unposted(template: str, details: dict[str, Any], language: str) -> Letter:
    """A service letter that only this page ever sees."""
    now = clock.now()
    return Letter(
        id=0,
        key="",
        channel=Channel.EMAIL,
        purpose=Purpose.SERVICE,
        recipient_kind="owner",
        recipient_id=0,
        address="",
        language=language,
        template=template,
        details=details,
        cause_kind="campaign",
        cause_id=0,
        created_at=now,
        not_before=now,
    )


def channel_words() -> dict[Channel, str]:
    """What each channel is called on a count of members."""
    return {
        Channel.EMAIL: _("Letters"),
        Channel.TEXT: _("Texts"),
        Channel.WECHAT: _("WeChat by advisor"),
    }


def as_text(words: Rendered, *, marketing: bool = True) -> tuple[str, int]:
    """What a phone shows, and as how many messages it counts."""
    text = texts.compose(settings().text_gateway_signature, words.short, marketing=marketing)
    return text, texts.segments(text)
