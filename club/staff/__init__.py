"""Pages at the desk."""

from club.staff import (
    adjustments,
    benefits,
    member_benefits,
    member_points,
    partner_counter,
    partner_desk,
    partners,
    rule_trials,
    rules,
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
    "rule_trials",
    "rules",
    "voucher_giving",
    "voucher_kinds",
    "voucher_till",
    "voucher_ways",
]
