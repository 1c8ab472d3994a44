"""Pages for owners, and the addresses that machines ask."""

from portal.views import health, joining, navigation, welcome

__all__ = ["health", "joining", "navigation", "welcome"]
