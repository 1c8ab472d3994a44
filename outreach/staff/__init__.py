"""Pages at the desk."""

from outreach.staff import (
    choosing,
    invitations,
    letters,
    newsletters,
    tasks,
    voucher_rounds,
)

__all__ = ["choosing", "invitations", "letters", "newsletters", "tasks", "voucher_rounds"]
