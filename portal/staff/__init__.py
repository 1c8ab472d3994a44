"""Pages at the desk."""

from portal.staff import audit, claims, settings

__all__ = ["audit", "claims", "settings"]
