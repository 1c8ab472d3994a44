"""Pages at the desk."""

from portal.staff import (
    archive,
    audit,
    balances,
    claims,
    desk,
    figures,
    imports,
    leaving,
    merging,
    settings,
)

__all__ = [
    "archive",
    "audit",
    "balances",
    "claims",
    "desk",
    "figures",
    "imports",
    "leaving",
    "merging",
    "settings",
]
