"""What a letter tells beside its own details: its ways in and out, the text of its campaign."""

from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from events import letter_words
from foundation.outbox import Letter
from foundation.rich_text import plain_text, safe_html
from foundation.settings import Settings
from foundation.shop import in_language
from outreach import links
from outreach.models import Campaign, Newsletter


def values_for(db: Session, letter: Letter, settings: Settings) -> dict[str, Any]:
    """Values that a letter's template gets when it is written, in the letter's language."""
    values: dict[str, Any] = {
        "unsubscribe_url": links.way_out(settings.link_keys, settings.base_url, letter)
    }
    if letter.template == "newsletter":
        values |= _issue(db, letter, settings)
    elif letter.template.startswith("events/"):
        values |= _of_event(db, letter, settings)
    elif letter.template == "invitation":
        campaign = db.get(Campaign, letter.cause_id)
        values["words"] = in_language(campaign, "words", letter.language) if campaign else ""
    return values


def _of_event(db: Session, letter: Letter, settings: Settings) -> dict[str, Any]:
    """The event's own words where staff wrote some, and the way to its three questions."""
    values: dict[str, Any] = {
        "own": letter_words.own_words(db, letter, link_keys=settings.link_keys)
    }
    if letter.template == "events/thanks":
        values["survey_path"] = letter_words.survey_path(letter, settings.link_keys)
    return values


def _issue(db: Session, letter: Letter, settings: Settings) -> dict[str, Any]:
    """The issue once per letter and not in each letter's row; our pictures get whole addresses."""
    issue = db.get_one(Newsletter, letter.details["newsletter_id"])
    body, base = in_language(issue, "body", letter.language), settings.base_url
    html = safe_html(body)
    for mark in ('src="/', 'href="/'):
        html = html.replace(mark, f"{mark[:-1]}{base}/")
    return {
        "number": issue.number,
        "title": in_language(issue, "title", letter.language),
        "summary": in_language(issue, "summary", letter.language),
        "body": plain_text(body.replace("](/", f"]({base}/")),
        "body_html": Markup(html),  # noqa: S704 - cleaned by safe_html
        "link": f"{base}/newsletter/{issue.id}",
    }
