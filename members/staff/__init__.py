"""Pages at the desk."""

from members.staff import roster

__all__ = ["roster"]
