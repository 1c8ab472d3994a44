"""A form of a draft knows what it was opened with, so that no tab undoes the other's saving,
and none falls over what the other took away."""

import hashlib
import json

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from club.models import RuleCampaign, RuleVersion
from foundation.refusals import Refusal
from foundation.words import N_


class StaleDraft(Refusal):
    """Somebody saved the same form in another tab meanwhile."""


class DraftGone(Refusal):
    """Somebody threw the draft away in another tab."""


class CampaignGone(Refusal):
    """Somebody took the campaign out of the draft in another tab."""


def hold(db: Session, draft: RuleVersion) -> None:
    """The draft and its parts as they are stored now; of two who save it at once the second
    waits here."""
    stored = select(RuleVersion).where(RuleVersion.id == draft.id).with_for_update()
    if db.scalar(stored.execution_options(populate_existing=True)) is None:
        raise DraftGone(N_("Somebody threw this draft away meanwhile."))
    for part in (*draft.tiers, *draft.campaigns):
        db.refresh(part)


def check_stands(draft: RuleVersion, found: RuleCampaign | None) -> None:
    """Refuse what was typed for a campaign that is out of the draft."""
    if found not in draft.campaigns:
        raise CampaignGone(
            N_(
                "Somebody took this campaign out of the draft meanwhile. What you typed is still"
                " here; saving adds it anew."
            )
        )


def stamp_of(thing: RuleVersion | RuleCampaign) -> str:
    """What a form keeps of a draft's numbers, or of a campaign, as they stood when it was opened.

    A campaign that is added or changed leaves the stamp of the numbers as it is.
    """
    rows = [thing, *thing.tiers] if isinstance(thing, RuleVersion) else [thing]
    values = [
        {one.key: getattr(row, one.key) for one in inspect(row).mapper.column_attrs}
        | {"changed_at": None}
        for row in rows
    ]
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def check_seen(thing: RuleVersion | RuleCampaign, seen: str | None) -> None:
    """Refuse what was typed over an earlier state; who was not asked for a stamp has none."""
    if seen is not None and seen != stamp_of(thing):
        raise StaleDraft(
            N_(
                "Somebody saved this meanwhile. What you typed is still here, and what is saved"
                " now stands beside it. Save again to replace that."
            )
        )
