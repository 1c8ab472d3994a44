"""Pages at the desk."""

from members.staff import accounts, measured, roster, tyres

__all__ = ["accounts", "measured", "roster", "tyres"]
