"""Pages at the desk."""

from portal.staff import archive, audit, claims, desk, figures, imports, merging, settings

__all__ = ["archive", "audit", "claims", "desk", "figures", "imports", "merging", "settings"]
