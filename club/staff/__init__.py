"""Pages at the desk."""

from club.staff import benefits, partners

__all__ = ["benefits", "partners"]
