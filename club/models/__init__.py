"""The tables of this room: ledger, rules, tiers, benefits, vouchers, partners, referrals."""

from club.models.adjustments import AdjustmentState, PointsAdjustment
from club.models.agreements import AgreedPrice
from club.models.benefits import (
    Benefit,
    BenefitUse,
    BenefitYear,
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
from club.models.notices import EndingKind, EndingNotice
from club.models.openings import Holding, OpeningBalance
from club.models.packages import (
    Package,
    PackageItem,
    PackageKind,
    PackageKindItem,
    PackageState,
    PackageUse,
)
from club.models.partners import (
    CardCode,
    MapSystem,
    OfferUse,
    Partner,
    PartnerClerk,
    PartnerOffer,
)
from club.models.quotes import QuoteState, TillQuote
from club.models.referrals import (
    Block,
    Referral,
    ReferralClearing,
    ReferralDay,
    ReferralKind,
    ReferralLink,
    ReferralState,
    ReferralStep,
)
from club.models.rules import (
    BonusKind,
    PublishedNeverChanges,
    RuleCampaign,
    RuleNotice,
    RuleTier,
    RuleVersion,
)
from club.models.simulations import RuleSimulation, SimulationState
from club.models.sources import Arrival, JoinSource, SourceDay, SourceKind
from club.models.tiers import GrantWhy, Tier, TierChange, TierCode, TierGrant, TierStanding
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
    "AdjustmentState",
    "AgreedPrice",
    "Allocation",
    "Arrival",
    "Benefit",
    "BenefitUse",
    "BenefitYear",
    "Block",
    "BonusKind",
    "CardCode",
    "Earning",
    "EarningCut",
    "EndingKind",
    "EndingNotice",
    "EntryKind",
    "GrantWhy",
    "Holding",
    "JoinSource",
    "KindState",
    "LedgerEntry",
    "Lot",
    "MapSystem",
    "OfferUse",
    "OpeningBalance",
    "Package",
    "PackageItem",
    "PackageKind",
    "PackageKindItem",
    "PackageState",
    "PackageUse",
    "Partner",
    "PartnerClerk",
    "PartnerOffer",
    "PointsAdjustment",
    "PublishedNeverChanges",
    "QuoteState",
    "Referral",
    "ReferralClearing",
    "ReferralDay",
    "ReferralKind",
    "ReferralLink",
    "ReferralState",
    "ReferralStep",
    "Reward",
    "RoundState",
    "RuleCampaign",
    "RuleNotice",
    "RuleSimulation",
    "RuleTier",
    "RuleVersion",
    "ServiceDiscount",
    "Shape",
    "SimulationState",
    "Source",
    "SourceDay",
    "SourceKind",
    "Tier",
    "TierBenefit",
    "TierChange",
    "TierCode",
    "TierGrant",
    "TierStanding",
    "TillQuote",
    "Voucher",
    "VoucherKind",
    "VoucherRound",
    "VoucherRule",
    "VoucherState",
    "VoucherTransfer",
    "VoucherUse",
]
