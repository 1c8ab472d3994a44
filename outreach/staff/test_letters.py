"""A letter of an event to the person at the desk who wants to see it."""

import uuid
from typing import Any

from flask_login import current_user

from events import letter_holes
from events.models import Event
from foundation import clock, outbox
from foundation.outbox import Channel, Draft, Letter, Reader
from foundation.web.database import db


def post(event: Event, template: str, **more: Any) -> Letter:
    """The letter with a sample's particulars, under the reader's own name."""
    account, now = current_user._get_current_object(), clock.now()
    channel = Channel.EMAIL if account.email else Channel.TEXT
    address = account.email or account.phone or ""
    reader = Reader("account", account.id, channel, address, account.language)
    details = letter_holes.sample_details(event, account.name, account.language, now=now)
    draft = Draft(template, "event-test", event.id, details | more)
    return outbox.post(db.session, f"event-test:{uuid.uuid4().hex}", reader, draft, now=now)
