"""Pages at the desk."""

from outreach.staff import (
    choosing,
    event_letters,
    event_messages,
    invitations,
    letters,
    mailboxes,
    newsletters,
    tasks,
    voucher_rounds,
)

__all__ = [
    "choosing",
    "event_letters",
    "event_messages",
    "invitations",
    "letters",
    "mailboxes",
    "newsletters",
    "tasks",
    "voucher_rounds",
]
