"""The people of one campaign: who got it, who waits, who was left out, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from foundation.labels import Labelled
from foundation.outbox import Letter, LetterState
from foundation.words import N_
from outreach.models import CampaignRecipient, RecipientState


class Standing(Labelled):
    """How it stands with one recipient, in the words of the desk."""

    SENT = "sent", N_("Sent")
    WAITING = "waiting", N_("Still to go")
    SKIPPED = "skipped", N_("Skipped")
    FAILED = "failed", N_("Failed")
    UNKNOWN = "unknown", N_("Unknown")

    @classmethod
    def of(cls, value: str | None) -> "Standing | None":
        """The standing of that name, None where there is none."""
        return next((one for one in cls if one.value == value), None)


_BY_LETTER: Mapping[LetterState, Standing] = {
    LetterState.QUEUED: Standing.WAITING,
    LetterState.HELD: Standing.WAITING,
    LetterState.CLAIMED: Standing.WAITING,
    LetterState.SENT: Standing.SENT,
    LetterState.SKIPPED: Standing.SKIPPED,
    LetterState.FAILED: Standing.FAILED,
    LetterState.UNKNOWN: Standing.UNKNOWN,
}
_BY_ROW: Mapping[RecipientState, Standing] = {
    RecipientState.QUEUED: Standing.WAITING,
    RecipientState.SENT: Standing.SENT,
    RecipientState.SKIPPED: Standing.SKIPPED,
    RecipientState.FAILED: Standing.FAILED,
    RecipientState.UNKNOWN: Standing.UNKNOWN,
}


def standing_of(recipient: CampaignRecipient, letter: Letter | None) -> Standing:
    """The letter tells, as long as there is one; who was left out has none."""
    return _BY_LETTER[letter.state] if letter else _BY_ROW[recipient.state]


def people(
    db: Session, campaign_id: int, standing: Standing | None, *, after: int = 0, limit: int = 50
) -> Sequence[tuple[CampaignRecipient, Letter | None]]:
    """The next recipients after one of them, with their letters, in the order they were drawn."""
    wanted = (
        select(CampaignRecipient, Letter)
        .outerjoin(Letter, Letter.id == CampaignRecipient.letter_id)
        .options(joinedload(CampaignRecipient.owner))
        .where(CampaignRecipient.campaign_id == campaign_id, CampaignRecipient.id > after)
        .order_by(CampaignRecipient.id)
        .limit(limit)
    )
    if standing is not None:
        wanted = wanted.where(_stands(standing))
    return [(recipient, letter) for recipient, letter in db.execute(wanted)]


def how_many(db: Session, campaign_id: int) -> Counter[Standing]:
    """How many recipients stand how."""
    grouped = (
        select(Letter.state, CampaignRecipient.state, func.count())
        .select_from(CampaignRecipient)
        .outerjoin(Letter, Letter.id == CampaignRecipient.letter_id)
        .where(CampaignRecipient.campaign_id == campaign_id)
        .group_by(Letter.state, CampaignRecipient.state)
    )
    found = Counter[Standing]()
    for by_letter, by_row, number in db.execute(grouped):
        found[_BY_LETTER[by_letter] if by_letter else _BY_ROW[by_row]] += number
    return found


def _stands(standing: Standing) -> ColumnElement[bool]:
    letters = [state for state, one in _BY_LETTER.items() if one is standing]
    rows = [state for state, one in _BY_ROW.items() if one is standing]
    return or_(
        Letter.state.in_(letters),
        and_(CampaignRecipient.letter_id.is_(None), CampaignRecipient.state.in_(rows)),
    )
