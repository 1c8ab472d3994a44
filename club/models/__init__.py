"""The tables of this room: ledger and lots, rule versions, tiers, benefits, vouchers, partners."""

from club.models.benefits import (
    Benefit,
    BenefitUse,
    BenefitYear,
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
from club.models.voucher_ways import Reward, RoundState, VoucherRound, VoucherRule
from club.models.vouchers import (
    KindState,
    Shape,
    Source,
    Voucher,
    VoucherKind,
    VoucherState,
    VoucherTransfer,
    VoucherUse,
)

__all__ = [
    "Allocation",
    "Benefit",
    "BenefitUse",
    "BenefitYear",
    "Earning",
    "EarningCut",
    "EntryKind",
    "KindState",
    "LedgerEntry",
    "Lot",
    "Partner",
    "PartnerOffer",
    "Reward",
    "RoundState",
    "RuleTier",
    "RuleVersion",
    "ServiceDiscount",
    "Shape",
    "Source",
    "Tier",
    "TierBenefit",
    "TierChange",
    "TierCode",
    "TierStanding",
    "Voucher",
    "VoucherKind",
    "VoucherRound",
    "VoucherRule",
    "VoucherState",
    "VoucherTransfer",
    "VoucherUse",
]
