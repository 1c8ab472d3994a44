"""Pages for owners."""
