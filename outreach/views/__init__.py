"""Pages for owners, and the addresses in their letters."""

from outreach.views import invited, newsletter, way_out

__all__ = ["invited", "newsletter", "way_out"]
