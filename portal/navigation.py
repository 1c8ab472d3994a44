"""Where the bars lead: the member's five places and the desk's rooms, by permission."""

from dataclasses import dataclass

from foundation.roles import Permission as P  # noqa: N817 - the table below stays readable
from foundation.words import N_


@dataclass(frozen=True, slots=True)
class Place:
    """A named address with its icon; `permission` None is for whoever sees the bar."""

    label: str
    href: str
    icon: str
    permission: P | None = None


MEMBER = (
    Place(N_("Home"), "/me", "home"),
    Place(N_("Events"), "/events", "calendar"),
    Place(N_("Benefits"), "/me/benefits", "gift"),
    Place(N_("Garage"), "/me/vehicles", "car"),
    Place(N_("Me"), "/me/account", "person"),
)

DESK: tuple[tuple[str, tuple[Place, ...]], ...] = (
    ("", (Place(N_("Today"), "/desk", "desk", P.DESK_ENTER),)),
    (
        N_("Members"),
        (
            Place(N_("Members"), "/desk/members", "people", P.MEMBER_VIEW),
            Place(N_("Archive claims"), "/desk/claims", "key", P.ARCHIVE_CONFIRM),
            Place(N_("Imports"), "/desk/imports", "upload", P.IMPORT_RUN),
        ),
    ),
    (
        N_("Events"),
        (
            Place(N_("Programme"), "/desk/events", "calendar", P.DESK_ENTER),
            Place(N_("Check-in"), "/desk/check-in", "qr", P.EVENT_CHECK_IN),
        ),
    ),
    (
        N_("Outreach"),
        (
            Place(N_("Invitations"), "/desk/invitations", "mail", P.INVITATION_SEND),
            Place(N_("Newsletter"), "/desk/newsletters", "book", P.NEWSLETTER_PUBLISH),
            Place(N_("WeChat tasks"), "/desk/tasks", "chat", P.TASK_DO),
            Place(N_("Letters and texts"), "/desk/letters", "bell", P.LETTER_VIEW),
        ),
    ),
    (
        N_("Club"),
        (
            Place(N_("Tiers and benefits"), "/desk/benefits", "star", P.CLUB_RULES),
            Place(N_("Partners"), "/desk/partners", "tag", P.CLUB_RULES),
            Place(N_("Figures"), "/desk/figures", "chart", P.FIGURES_VIEW),
        ),
    ),
    (
        N_("House"),
        (
            Place(N_("Staff"), "/desk/staff", "shield", P.STAFF_MANAGE),
            Place(N_("Settings"), "/desk/settings", "wrench", P.SETTING_CHANGE),
            Place(N_("Audit trail"), "/desk/audit", "clock", P.AUDIT_VIEW),
        ),
    ),
)
