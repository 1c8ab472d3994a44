"""Pages at the desk."""

from club.staff import (
    benefits,
    member_benefits,
    partners,
    rule_trials,
    rules,
    voucher_giving,
    voucher_kinds,
    voucher_till,
    voucher_ways,
)

__all__ = [
    "benefits",
    "member_benefits",
    "partners",
    "rule_trials",
    "rules",
    "voucher_giving",
    "voucher_kinds",
    "voucher_till",
    "voucher_ways",
]
