"""How the schema changes: alembic's context for both databases."""

from typing import Any

import sqlalchemy as sa

from foundation.database import Moment


def render_item(kind: str, item: object, _context: Any) -> str | bool:
    """Write our column kinds into migrations as plain ones, so that old migrations stay true."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def compare_type(
    _context: Any, _column: Any, _metadata_column: Any, found: Any, wanted: Any
) -> bool | None:
    """Enums are stored as text; everything else is compared as usual."""
    return False if isinstance(wanted, sa.Enum) and isinstance(found, sa.String) else None


def compare_server_default(
    _context: Any,
    _column: Any,
    metadata_column: Any,
    found: str | None,
    _wanted: Any,
    rendered: str | None,
) -> bool | None:
    """PostgreSQL cannot compare two JSON values: their texts are, without the cast it adds."""
    if not isinstance(metadata_column.type, sa.JSON):
        return None
    return (found or "").split("::")[0].strip("'") != (rendered or "").strip("'")


CONTEXT: dict[str, Any] = {
    "render_as_batch": True,
    "render_item": render_item,
    "compare_type": compare_type,
    "compare_server_default": compare_server_default,
}
