"""What a campaign is limited to, in marked words: kinds of work, tiers, what drives the car."""

from club.models import RuleCampaign, TierCode
from club.rules import Campaign
from foundation.words import N_
from members.car_words import ENERGY_WORDS
from members.models import OrderKind

TIER_WORDS = {
    TierCode.GENERAL: N_("General"),
    TierCode.SILVER: N_("Silver"),
    TierCode.GOLD: N_("Gold"),
    TierCode.DIAMOND: N_("Diamond"),
}


def limits_of(campaign: Campaign | RuleCampaign) -> list[list[str]]:
    """The words of each limit, in their usual order; none where everything takes part."""
    found = (
        [kind.label for kind in OrderKind if kind.value in campaign.kinds],
        [word for tier, word in TIER_WORDS.items() if tier.value in campaign.tiers],
        [word for energy, word in ENERGY_WORDS.items() if energy.value in campaign.energies],
    )
    return [words for words in found if words]
