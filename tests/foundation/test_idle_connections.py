"""What becomes of connections whose server went away meanwhile."""

from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import text

from app import create_app
from foundation import database
from foundation.settings import Settings
from foundation.web.database import db


def end_connections(url: str) -> None:
    """As a restart of the server does to whoever is connected to this database."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_connection_that_died_while_idle_is_replaced(
    settings: Settings, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R69: no page breaks after the server restarted; red without the question at checkout."""
    monkeypatch.setattr(database, "IDLE_SECONDS", 0)
    app = create_app(replace(settings, database_url=postgresql_url))
    with app.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1
        db.session.close()
        end_connections(postgresql_url)
        assert db.session.scalar(text("SELECT 2")) == 2
        db.session.close()
        db.engine.dispose()
