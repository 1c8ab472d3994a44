"""The tables of this room: ledger and lots, rule versions, tiers, benefits, partners."""

from club.models.benefits import (
    Benefit,
    BenefitUse,
    Partner,
    PartnerOffer,
    ServiceDiscount,
    TierBenefit,
)
from club.models.ledger import (
    Allocation,
    Earning,
    EarningCut,
    EntryKind,
    LedgerEntry,
    Lot,
)
from club.models.tiers import (
    RuleTier,
    RuleVersion,
    Tier,
    TierChange,
    TierCode,
    TierStanding,
)

__all__ = [
    "Allocation",
    "Benefit",
    "BenefitUse",
    "Earning",
    "EarningCut",
    "EntryKind",
    "LedgerEntry",
    "Lot",
    "Partner",
    "PartnerOffer",
    "RuleTier",
    "RuleVersion",
    "ServiceDiscount",
    "Tier",
    "TierBenefit",
    "TierChange",
    "TierCode",
    "TierStanding",
]
