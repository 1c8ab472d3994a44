"""Pages for owners, and the addresses in their letters."""

from outreach.views import hooks, invited, newsletter, way_out

__all__ = ["hooks", "invited", "newsletter", "way_out"]
