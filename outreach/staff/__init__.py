"""Pages at the desk."""

from outreach.staff import choosing, invitations, letters, newsletters, tasks

__all__ = ["choosing", "invitations", "letters", "newsletters", "tasks"]
