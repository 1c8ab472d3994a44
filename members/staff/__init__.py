"""Pages at the desk."""

from members.staff import accounts, roster, tyres

__all__ = ["accounts", "roster", "tyres"]
