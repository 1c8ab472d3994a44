"""Models and migrations describe the same tables, on both databases."""

from dataclasses import replace

from app import create_app
from foundation.settings import Settings


def test_models_equal_migrations(settings: Settings, database_url: str) -> None:
    app = create_app(replace(settings, database_url=database_url))
    with app.app_context():
        assert app.extensions["alembic"].compare_metadata() == []
        app.extensions["sqlalchemy"].engine.dispose()
