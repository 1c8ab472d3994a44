"""Pages at the desk."""

from events.staff import acts, editor, programme

__all__ = ["acts", "editor", "programme"]
