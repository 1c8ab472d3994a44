"""Pages at the desk."""

from members.staff import accounts, roster

__all__ = ["accounts", "roster"]
