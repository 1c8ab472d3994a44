"""What is kept of whom we wrote to once they leave: that they said yes and no, and a keyed hash
that keeps us silent (R38, R63)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.orm import Session

from foundation.belongings import Treated, goes, stays
from foundation.outbox import WAITING, Letter, LetterState
from foundation.words import N_
from outreach import consents, suppression
from outreach.suppression import Reach, Why

LEFT = N_("The reader left the club.")
QUIET = {"synchronize_session": False}
BLANK: Mapping[str, Any] = {
    "address": "",
    "details": {},
    "sent_subject": None,
    "sent_text": None,
    "message_id": None,
}

LEAVING: Mapping[str, Treated] = {
    "advisor_task": goes("owner_id", beside=("letter_id",)),
    "campaign_recipient": stays("owner_id", keeps="why", beside="letter_id"),
    "consent": stays("owner_id", keeps="wording source"),
    "consent_now": goes("owner_id"),
}


def fall_silent(
    db: Session,
    owner_ids: Collection[int],
    addresses: Collection[str],
    *,
    hash_key: str,
    by: int | None,
    now: datetime,
) -> None:
    """Every yes is taken back as an answer of its own, and no address gets marketing again."""
    for owner_id in owner_ids:
        said = {"source": "leaving", "by": by, "hash_key": hash_key, "now": now}
        consents.answer_all(db, owner_id, (), **said)  # type: ignore[arg-type]
    for address in sorted(addresses):
        suppression.suppress(db, hash_key, address, Reach.MARKETING, Why.LEFT, now=now)


def written_to(owner_ids: Collection[int], account_ids: Collection[int]) -> ColumnElement[bool]:
    """The letters to them, whatever the address."""
    return or_(
        (Letter.recipient_kind == "owner") & Letter.recipient_id.in_(owner_ids),
        (Letter.recipient_kind == "account") & Letter.recipient_id.in_(account_ids),
    )


def forget_letters(
    db: Session,
    owner_ids: Collection[int],
    account_ids: Collection[int],
    addresses: Collection[str],
) -> None:
    """No letter names them or holds its words any more; what waits is not sent."""
    theirs = or_(written_to(owner_ids, account_ids), Letter.address.in_(addresses))
    unsent = update(Letter).where(theirs, Letter.state.in_(WAITING))
    skipped = {"state": LetterState.SKIPPED, "why": LEFT}
    db.execute(unsent.values(skipped), execution_options=QUIET)
    blank = update(Letter).where(theirs).values(BLANK)
    db.execute(blank, execution_options=QUIET)
