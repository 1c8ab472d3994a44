"""Pages for owners, and the addresses that machines ask."""

from portal.views import health, home, joining, navigation, welcome

__all__ = ["health", "home", "joining", "navigation", "welcome"]
