"""Pages for owners, and the addresses that machines ask."""

from portal.views import health, navigation

__all__ = ["health", "navigation"]
