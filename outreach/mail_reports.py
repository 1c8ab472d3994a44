"""Reports that mail servers send back: delivery reports (RFC 3464), spam complaints (RFC 5965).

Only a report that quotes a letter of ours, by its Message-ID, is believed, and it speaks of that
letter's address alone: whoever writes to the bounce address cannot silence a member.
"""

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from foundation import outbox
from foundation.database import rows_changed
from foundation.outbox import Letter, LetterState
from outreach import bounces, rerouting
from outreach.checks import reader_owner_id

FOLLOWS_FOR = timedelta(days=2)
"""What came back later is no news any more."""
_QUOTED_ID = re.compile(r"^message-id:\s*(<[^>\s]+>)", re.IGNORECASE | re.MULTILINE)
_SOFT = re.compile(r"^(4\.|5\.2\.[0-4]\b)")
_HARD = re.compile(r"^5\.(1\.(1|2|3|6|10)|0\.0|4\.4)\b")


class Kind(enum.StrEnum):
    """The mailbox is gone, or takes nothing for now, or its reader called it spam (R40)."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Report:
    """What is said of which letter, and the server's own words."""

    kind: Kind
    message_id: str
    words: str


def read(raw: bytes) -> Report | None:
    """The report in a mail; None for a mail that is none, or says nothing that counts."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    said = _said(mail)
    quoted = _quoted_id(mail)
    return Report(said[0], _storable(quoted), _storable(said[1])) if said and quoted else None


def _storable(text: str) -> str:
    """Without what no database keeps as text: NUL, and bytes that were no characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def take(db: Session, hash_key: str, raw: bytes, *, now: datetime) -> Kind | None:
    """Do what a report asks for, once per letter and kind; None when it is no report of ours."""
    report = read(raw)
    sent = select(Letter).where(Letter.message_id == report.message_id) if report else None
    letter = db.scalar(sent) if sent is not None else None
    if report is None or letter is None:
        return None
    if report.kind is Kind.COMPLAINT:
        bounces.complained(db, hash_key, letter.address, now=now)
    elif _came_back(db, letter, report):
        bounce = bounces.hard if report.kind is Kind.HARD else bounces.soft
        bounce(db, hash_key, letter.address, now=now)
        if report.kind is Kind.HARD:
            _let_follow(db, hash_key, letter, now)
    return report.kind


def _came_back(db: Session, letter: Letter, report: Report) -> bool:
    """The letter counts as failed; False when that is known already, or it went by text since."""
    failed = (
        update(Letter)
        .where(
            Letter.id == letter.id,
            Letter.message_id == report.message_id,
            Letter.state.in_([LetterState.SENT, LetterState.UNKNOWN]),
        )
        .values(state=LetterState.FAILED, why=report.words)
    )
    return rows_changed(db, failed) == 1


def _let_follow(db: Session, hash_key: str, letter: Letter, now: datetime) -> None:
    """What was said lately, reached nobody and is true still is said again by text (R40)."""
    left_at = letter.sent_at or letter.claimed_at
    if left_at is None or now - left_at > FOLLOWS_FOR:
        return
    instead = rerouting.by_text(db, hash_key, letter, reader_owner_id(db, letter))
    for name, value in instead.items():
        setattr(letter, name, value)
    db.flush()
    outbox.skip_withdrawn(db, letter.id)


def _said(mail: EmailMessage) -> tuple[Kind, str] | None:
    for part in mail.walk():
        if part.get_content_type() == "message/feedback-report":
            about = _fields(part)
            kind = str(next((one["feedback-type"] for one in about if one["feedback-type"]), ""))
            return (Kind.COMPLAINT, kind) if kind.strip().lower() in ("abuse", "fraud") else None
        if part.get_content_type() == "message/delivery-status":
            found = [_bounce(one) for one in _fields(part)]
            return next((one for one in found if one), None)
    return None


def _fields(part: Message) -> Iterator[Message]:
    """The groups of fields of a report's middle part, however the parser left them."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (one for one in payload if isinstance(one, Message))
    elif isinstance(payload, str):
        yield message_from_bytes(payload.strip().encode("utf-8", "replace"))


def _bounce(about: Message) -> tuple[Kind, str] | None:
    if str(about["action"] or "").strip().lower() != "failed":
        return None
    status = str(about["status"] or "").strip()
    diagnosis = str(about["diagnostic-code"] or "")
    words = " ".join(f"{status} {diagnosis}".split())[:500]
    if _SOFT.match(status):
        return Kind.SOFT, words
    return (Kind.HARD, words) if _HARD.match(status) else None


def _quoted_id(mail: EmailMessage) -> str | None:
    """The Message-ID of the letter that the report quotes, as a whole or by its headers."""
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            found = _QUOTED_ID.search(str(part.get_payload()))
            return found[1] if found else None
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0)
            said = inner["message-id"] if isinstance(inner, Message) else None
            return str(said).strip() if said else None
    return None
