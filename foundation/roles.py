"""What people may do here, and the roles of the shop as sets of it (domain, section 1)."""

import enum

from foundation.labels import Labelled
from foundation.words import N_


class Permission(Labelled):
    """One thing a person at the desk may do."""

    DESK_ENTER = "desk.enter", N_("Enter the desk")
    MEMBER_VIEW = "member.view", N_("See members and their archive")
    MEMBER_EDIT = "member.edit", N_("Change members and their cars")
    MEMBER_CONTACTS = (
        "member.contacts",
        N_("See phone numbers, e-mail and postal addresses in full"),
    )
    MEMBER_MERGE = "member.merge", N_("Merge archives of one person and part them again")
    MEMBER_EXPORT = "member.export", N_("Export lists of members")
    ARCHIVE_CONFIRM = "archive.confirm", N_("Tie an account to an archive at the counter")
    IMPORT_RUN = "import.run", N_("Import orders")
    BALANCE_RUN = "balance.run", N_("Bring in opening balances")
    BALANCE_SIGN = "balance.sign", N_("Sign opening balances that a colleague brought in")
    POINTS_ADJUST = "points.adjust", N_("Adjust points")
    BENEFIT_USE = "benefit.use", N_("Note and undo uses of yearly benefits and packages")
    PACKAGE_SELL = "package.sell", N_("Sell packages and refund what is left of them")
    PRICE_AGREE = "price.agree", N_("Agree prices with companies")
    VOUCHER_REDEEM = "voucher.redeem", N_("Redeem vouchers and undo it")
    TILL_USE = "till.use", N_("Price orders at the till, use vouchers and points on them")
    PARTNER_CHECK = "partner.check", N_("Check member cards for a partner and confirm offers")
    PARTNER_SETTLE = "partner.settle", N_("Settle with partners and keep their clerks")
    VOUCHER_ISSUE = "voucher.issue", N_("Give vouchers to members and revoke them")
    VOUCHER_RULES = "voucher.rules", N_("Change kinds of vouchers, rewards and voucher rules")
    CLUB_RULES = "club.rules", N_("Change tiers, benefits, packages and partner offers")
    REFERRAL_EDIT = "referral.edit", N_("Note who brought whom and move leads along")
    SOURCE_EDIT = "source.edit", N_("Make sources of members and read their figures")
    RULES_DRAFT = "rules.draft", N_("Draft earning rules and try them over the ledger")
    RULES_PUBLISH = "rules.publish", N_("Publish earning rules")
    EVENT_EDIT = "event.edit", N_("Plan events")
    EVENT_PUBLISH = "event.publish", N_("Publish, change and cancel events")
    EVENT_CHECK_IN = "event.check-in", N_("Check people in")
    INVITATION_SEND = "invitation.send", N_("Choose and invite members")
    NEWSLETTER_PUBLISH = "newsletter.publish", N_("Write and publish the newsletter")
    LETTER_VIEW = "letter.view", N_("Read outgoing letters and texts")
    LETTER_DECIDE = "letter.decide", N_("Decide on letters that are held or unknown")
    TASK_DO = "task.do", N_("Do one-to-one WeChat tasks")
    FIGURES_VIEW = "figures.view", N_("See the club’s figures")
    STAFF_MANAGE = "staff.manage", N_("Manage staff accounts and roles")
    SETTING_CHANGE = "setting.change", N_("Change settings of the club")
    AUDIT_VIEW = "audit.view", N_("Read the audit trail")


P = Permission
_DESK = frozenset({P.DESK_ENTER, P.MEMBER_VIEW, P.TASK_DO})
_COUNTER = frozenset({P.BENEFIT_USE, P.PACKAGE_SELL, P.VOUCHER_REDEEM, P.TILL_USE})
_SALES = _DESK | {P.MEMBER_CONTACTS, P.REFERRAL_EDIT}
_CARE = (
    _DESK
    | _COUNTER
    | {P.MEMBER_EDIT, P.MEMBER_CONTACTS, P.EVENT_CHECK_IN, P.ARCHIVE_CONFIRM, P.VOUCHER_ISSUE}
    | {P.REFERRAL_EDIT}
)
_CLUB = _CARE | {
    P.MEMBER_MERGE,
    P.MEMBER_EXPORT,
    P.IMPORT_RUN,
    P.BALANCE_RUN,
    P.BALANCE_SIGN,
    P.PRICE_AGREE,
    P.POINTS_ADJUST,
    P.CLUB_RULES,
    P.PARTNER_SETTLE,
    P.VOUCHER_RULES,
    P.SOURCE_EDIT,
    P.RULES_DRAFT,
    P.RULES_PUBLISH,
    P.EVENT_EDIT,
    P.EVENT_PUBLISH,
    P.INVITATION_SEND,
    P.NEWSLETTER_PUBLISH,
    P.LETTER_VIEW,
    P.LETTER_DECIDE,
    P.FIGURES_VIEW,
}


class Role(enum.StrEnum):
    """A post at the shop; a person may hold several."""

    label: str
    permissions: frozenset[Permission]

    def __new__(cls, value: str, label: str, permissions: frozenset[Permission]) -> "Role":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.permissions = permissions
        return member

    SERVICE_ADVISOR = "service-advisor", N_("Service advisor"), _CARE
    SERVICE_MANAGER = (
        "service-manager",
        N_("Service manager"),
        _CARE | {P.FIGURES_VIEW, P.PRICE_AGREE},
    )
    SALES_ADVISOR = "sales-advisor", N_("Sales advisor"), _SALES
    SALES_MANAGER = (
        "sales-manager",
        N_("Sales manager"),
        _SALES | {P.FIGURES_VIEW, P.SOURCE_EDIT},
    )
    SALES_CLERK = "sales-information-clerk", N_("Sales information clerk"), _DESK | {P.MEMBER_EDIT}
    CARE_SPECIALIST = "care-specialist", N_("Care specialist"), _CARE
    CARE_ASSISTANT = "care-assistant", N_("Care assistant"), _DESK
    APPOINTMENT_SPECIALIST = "appointment-specialist", N_("Appointment specialist"), _CARE
    QUALITY_FOLLOWER = "quality-follower", N_("Quality follower"), _DESK
    SURVEY_INTERVIEWER = "survey-interviewer", N_("Survey interviewer"), _DESK
    CARE_MANAGER = (
        "care-manager",
        N_("Care manager"),
        _CARE | {P.FIGURES_VIEW, P.MEMBER_MERGE, P.MEMBER_EXPORT, P.LETTER_VIEW},
    )
    RENEWAL_SPECIALIST = "renewal-specialist", N_("Renewal specialist"), _DESK | {P.MEMBER_CONTACTS}
    WARRANTY_CLERK = "warranty-clerk", N_("Warranty clerk"), _DESK
    CASHIER = "cashier", N_("Cashier"), _DESK | _COUNTER
    MARKETING = (
        "marketing-specialist",
        N_("Marketing specialist"),
        _DESK
        | {
            P.EVENT_EDIT,
            P.EVENT_CHECK_IN,
            P.INVITATION_SEND,
            P.NEWSLETTER_PUBLISH,
            P.VOUCHER_ISSUE,
            P.VOUCHER_RULES,
            P.SOURCE_EDIT,
        },
    )
    CLUB_MANAGER = "club-manager", N_("Club manager"), _CLUB
    GENERAL_MANAGER = (
        "general-manager",
        N_("General manager"),
        _DESK
        | {
            P.FIGURES_VIEW,
            P.SOURCE_EDIT,
            P.AUDIT_VIEW,
            P.LETTER_VIEW,
            P.RULES_DRAFT,
            P.RULES_PUBLISH,
            P.BALANCE_RUN,
            P.BALANCE_SIGN,
            P.POINTS_ADJUST,
            P.REFERRAL_EDIT,
            P.PRICE_AGREE,
        },
    )
    PARTNER_CLERK = "partner-clerk", N_("Partner clerk"), frozenset({P.PARTNER_CHECK})
    ADMINISTRATOR = "administrator", N_("Administrator"), frozenset(Permission)


def permissions_of(roles: "frozenset[Role] | set[Role]") -> frozenset[Permission]:
    """All that a person with these roles may do."""
    return frozenset().union(*(role.permissions for role in roles))
