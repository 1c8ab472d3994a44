"""The personal addresses in letters: the way out, and the way to an event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from foundation import tokens
from foundation.outbox import Letter, Purpose
from foundation.tokens import LinkAltered
from foundation.words import N_
from outreach.models import Topic

UNSUBSCRIBE, INVITATION = "unsubscribe", "invitation"
NOT_WHOLE = N_("This link is not complete. Please copy the whole of it.")
A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class WayOut:
    """Who an unsubscribe address belongs to, and which topic it came with."""

    owner_id: int
    topic: Topic | None


def unsubscribe_path(keys: Sequence[str], owner_id: int, topic: str | None) -> str:
    """Where the reader of a marketing letter ends it: /u/<token>."""
    return f"/u/{tokens.sign(keys, UNSUBSCRIBE, [owner_id, topic])}"


def way_out(keys: Sequence[str], base_url: str, letter: Letter) -> str | None:
    """The unsubscribe address of a letter; service letters have none (R37)."""
    if letter.purpose is not Purpose.MARKETING or letter.recipient_kind != "owner":
        return None
    return base_url + unsubscribe_path(keys, letter.recipient_id, letter.topic)


def read_way_out(keys: Sequence[str], token: str) -> WayOut:
    """The owner and topic of an unsubscribe token; it works for a year (R36)."""
    payload = tokens.read_signed(keys, UNSUBSCRIBE, token, valid_for=A_YEAR)
    match payload:
        case [int(owner_id), str() | None as topic]:
            return WayOut(owner_id, Topic.of(topic))
    raise LinkAltered(NOT_WHOLE)


def invitation_path(keys: Sequence[str], recipient_id: int) -> str:
    """The personal address of an invitation: /i/<token>."""
    return f"/i/{tokens.sign(keys, INVITATION, recipient_id)}"


def read_invitation(keys: Sequence[str], token: str) -> int:
    """The campaign recipient of an invitation's token."""
    payload = tokens.read_signed(keys, INVITATION, token, valid_for=A_YEAR)
    if not isinstance(payload, int):
        raise LinkAltered(NOT_WHOLE)
    return payload
