"""Pages for owners, and the addresses that machines ask."""

from portal.views import account, health, home, joining, leaving, navigation, privacy, welcome

__all__ = ["account", "health", "home", "joining", "leaving", "navigation", "privacy", "welcome"]
