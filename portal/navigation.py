"""Where the bars lead: the member's five places and the desk's rooms, by permission."""

from dataclasses import dataclass

from foundation.roles import Permission
from foundation.words import N_


@dataclass(frozen=True, slots=True)
class Place:
    """A named address with its icon; `permission` None is for whoever sees the bar, where it is
    not `members_only`, and pages under one of `also` belong to it."""

    label: str
    href: str
    icon: str
    permission: Permission | None = None
    also: tuple[str, ...] = ()
    members_only: bool = False


MEMBER = (
    Place(N_("Home"), "/me", "home"),
    Place(N_("Events"), "/events", "calendar", also=("/me/registrations", "/me/calendar")),
    Place(
        N_("Benefits"),
        "/me/benefits",
        "gift",
        also=("/me/points", "/me/vouchers", "/me/rewards", "/me/card", "/me/refer", "/me/packages"),
        members_only=True,
    ),
    Place(N_("Garage"), "/me/vehicles", "car", members_only=True),
    Place(N_("Me"), "/me/account", "person", also=("/me/interests",)),
)

DESK: tuple[tuple[str, tuple[Place, ...]], ...] = (
    ("", (Place(N_("Today"), "/desk", "desk", Permission.DESK_ENTER),)),
    (
        N_("Members"),
        (
            Place(N_("Members"), "/desk/members", "people", Permission.MEMBER_VIEW),
            Place(N_("Archive claims"), "/desk/claims", "key", Permission.ARCHIVE_CONFIRM),
            Place(N_("Imports"), "/desk/imports", "upload", Permission.IMPORT_RUN),
            Place(N_("Opening balances"), "/desk/balances", "points", Permission.BALANCE_RUN),
        ),
    ),
    (
        N_("Events"),
        (
            Place(N_("Programme"), "/desk/events", "calendar", Permission.DESK_ENTER),
            Place(N_("Check-in"), "/desk/check-in", "qr", Permission.EVENT_CHECK_IN),
            Place(N_("Missed events"), "/desk/no-shows", "flag", Permission.EVENT_CHECK_IN),
            Place(
                N_("Workshop"),
                "/desk/workshop",
                "wrench",
                Permission.EVENT_CHECK_IN,
                also=("/desk/checks", "/desk/tyres"),
            ),
        ),
    ),
    (
        N_("Outreach"),
        (
            Place(N_("Invitations"), "/desk/invitations", "mail", Permission.INVITATION_SEND),
            Place(N_("Newsletter"), "/desk/newsletters", "book", Permission.NEWSLETTER_PUBLISH),
            Place(N_("WeChat tasks"), "/desk/tasks", "chat", Permission.TASK_DO),
            Place(N_("Letters and texts"), "/desk/letters", "bell", Permission.LETTER_VIEW),
        ),
    ),
    (
        N_("Club"),
        (
            Place(N_("Tiers and benefits"), "/desk/benefits", "star", Permission.CLUB_RULES),
            Place(N_("Earning rules"), "/desk/rules", "road", Permission.RULES_DRAFT),
            Place(N_("Points to confirm"), "/desk/points", "check", Permission.POINTS_ADJUST),
            Place(N_("Till"), "/desk/till", "coin", Permission.TILL_USE),
            Place(N_("Redeem a voucher"), "/desk/vouchers/redeem", "qr", Permission.VOUCHER_REDEEM),
            Place(N_("Vouchers"), "/desk/vouchers", "gift", Permission.VOUCHER_ISSUE),
            Place(N_("Packages"), "/desk/packages", "car", Permission.CLUB_RULES),
            Place(N_("Partners"), "/desk/partners", "tag", Permission.CLUB_RULES),
            Place(N_("Referrals"), "/desk/referrals", "people", Permission.REFERRAL_EDIT),
            Place(N_("Sources"), "/desk/sources", "qr", Permission.SOURCE_EDIT),
            Place(N_("Figures"), "/desk/figures", "chart", Permission.FIGURES_VIEW),
        ),
    ),
    (
        N_("House"),
        (
            Place(N_("Staff"), "/desk/staff", "shield", Permission.STAFF_MANAGE),
            Place(N_("Settings"), "/desk/settings", "wrench", Permission.SETTING_CHANGE),
            Place(N_("Audit trail"), "/desk/audit", "clock", Permission.AUDIT_VIEW),
        ),
    ),
)
