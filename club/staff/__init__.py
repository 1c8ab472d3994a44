"""Pages at the desk."""

from club.staff import (
    adjustments,
    benefits,
    member_benefits,
    member_points,
    partner_counter,
    partner_desk,
    partners,
    referrals,
    rule_trials,
    rules,
    sources,
    voucher_giving,
    voucher_kinds,
    voucher_till,
    voucher_ways,
)

__all__ = [
    "adjustments",
    "benefits",
    "member_benefits",
    "member_points",
    "partner_counter",
    "partner_desk",
    "partners",
    "referrals",
    "rule_trials",
    "rules",
    "sources",
    "voucher_giving",
    "voucher_kinds",
    "voucher_till",
    "voucher_ways",
]
