"""The people of a campaign on its page: each with channel, state, reason and time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, request

from foundation import clock
from foundation.outbox import Letter, LetterState
from foundation.roles import Permission
from foundation.web.access import may
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.language import reader_language, say
from outreach import recipients
from outreach.models import Campaign, CampaignRecipient
from outreach.reasons import Reason, reasons
from outreach.recipients import Standing
from outreach.rules import from_json
from outreach.staff.letter_words import Outlooks, masked_address

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list."""

    recipient: CampaignRecipient
    address: str
    standing: Standing
    why: str
    chosen: str
    at: datetime | None
    letter_id: int | None


def people_of(campaign: Campaign) -> dict[str, Any]:
    """What the list shows: a page of people, the numbers above it, the way to the next page."""
    standing = Standing.of(request.args.get("state"))
    after = request.args.get("after", 0, type=whole) or 0
    rows = recipients.people(db.session, campaign.id, standing, after=after, limit=PER_PAGE + 1)
    shown = rows[:PER_PAGE]
    return {
        "people": _lines(campaign, shown),
        "people_counts": recipients.how_many(db.session, campaign.id),
        "standings": list(Standing),
        "standing": standing,
        "people_from": after,
        "people_after": shown[-1][0].id if len(rows) > PER_PAGE else None,
        "may_see_members": may(Permission.MEMBER_VIEW),
        "may_see_letters": may(Permission.LETTER_VIEW),
    }


def _lines(
    campaign: Campaign, rows: Sequence[tuple[CampaignRecipient, Letter | None]]
) -> list[Person]:
    zone = current_app.extensions["club_settings"].zone
    outlooks = Outlooks(db.session, zone)
    day = clock.shop_day(campaign.started_at or clock.now(), zone)
    ids = [recipient.owner_id for recipient, _letter in rows]
    why = reasons(db.session, from_json(campaign.rule), ids, day, reader_language())
    return [_line(recipient, letter, outlooks, why) for recipient, letter in rows]


def _line(
    recipient: CampaignRecipient,
    letter: Letter | None,
    outlooks: Outlooks,
    why: Mapping[int, list[Reason]],
) -> Person:
    said = why[recipient.owner_id]
    return Person(
        recipient,
        masked_address(letter) if letter else "",
        recipients.standing_of(recipient, letter),
        outlooks.of(letter) if letter else say(recipient.why or ""),
        " · ".join(say(one.message, one.values) for one in said),
        _at(letter),
        letter.id if letter else None,
    )


def _at(letter: Letter | None) -> datetime | None:
    """When it went, or was last tried; none for what still waits."""
    if letter is None:
        return None
    return letter.sent_at or (letter.claimed_at if letter.state is not LetterState.QUEUED else None)
