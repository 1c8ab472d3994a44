"""A form of a draft knows what it was opened with, so that no tab undoes the other's saving."""

import hashlib
import json

from sqlalchemy import inspect

from club.models import RuleCampaign, RuleVersion
from foundation.refusals import Refusal
from foundation.words import N_


class StaleDraft(Refusal):
    """Somebody saved the same form in another tab meanwhile."""


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
