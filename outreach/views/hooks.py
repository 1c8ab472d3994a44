"""What the text gateway and the mail server tell us: answers to texts, letters that came back."""

import hmac

from flask import current_app, request

from foundation import clock
from foundation.refusals import Refusal
from foundation.settings import Settings
from foundation.web.access import machine_post
from foundation.web.database import db
from members.phones import normalise_phone
from outreach import mail_reports, unsubscribing
from outreach.blueprint import bp

Answer = tuple[dict[str, str], int]


@bp.post("/hooks/texts")
@machine_post(reason="the text gateway posts replies here with the gateway's token")
def text_reply() -> Answer:
    """An answer to a text: {from, text}."""
    settings = _settings()
    if not _speaks(settings.text_gateway_token):
        return {"error": "wrong token"}, 401
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        return {"error": "JSON with from and text"}, 400
    try:
        phone = normalise_phone(str(body.get("from", "")))
    except Refusal:
        return {"error": "from is not a phone number"}, 400
    words = str(body.get("text", ""))
    stopped = unsubscribing.reply(db.session, settings.hash_key, phone, words, now=clock.now())
    db.session.commit()
    return {"status": "stopped" if stopped else "ignored"}, 200


@bp.post("/hooks/mail")
@machine_post(reason="the mail server pipes reports here with a token of its own")
def mail_report() -> Answer:
    """A mail to the sender's address as it came in: a delivery report or a spam complaint."""
    settings = _settings()
    if not _speaks(settings.mail_hook_token):
        return {"error": "wrong token"}, 401
    kind = mail_reports.take(
        db.session, settings.hash_key, request.get_data(cache=False), now=clock.now()
    )
    db.session.commit()
    return {"status": kind or "ignored"}, 200


def _settings() -> Settings:
    settings: Settings = current_app.extensions["club_settings"]
    return settings


def _speaks(token: str | None) -> bool:
    """Whether the caller knows the token; where none is set nobody does."""
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
