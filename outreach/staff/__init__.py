"""Pages at the desk."""

from outreach.staff import invitations, letters, newsletters, tasks

__all__ = ["invitations", "letters", "newsletters", "tasks"]
