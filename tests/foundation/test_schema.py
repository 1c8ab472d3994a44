"""Models and migrations describe the same tables, on both databases, and lead back again."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from app import create_app
from foundation.database import Base, engine_options, prepare
from foundation.settings import Settings
from tests import postgresql

SQLITE = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'"
POSTGRESQL = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,
               column_default, is_identity
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


@pytest.fixture
def migrated(settings: Settings, database_url: str) -> Iterator[Flask]:
    app = create_app(replace(settings, database_url=database_url))
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def created(database_url: str, postgresql_template: str) -> Iterator[Engine]:
    """An empty database of the same kind, its tables made straight from the models."""
    url = "sqlite://"
    if database_url.startswith("postgresql"):
        url = database_url.replace("?", "_created?")
        name = re.search(r"/(\w+)\?", url)[1]  # type: ignore[index]
        postgresql.execute(postgresql_template, f"CREATE DATABASE {name}")
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()
    if database_url.startswith("postgresql"):
        postgresql.execute(postgresql_template, f"DROP DATABASE {name} WITH (FORCE)")


def shape(engine: Engine) -> set[tuple[object, ...]]:
    """All columns, constraints and indexes as the database itself tells them."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found = {
                (name, part)
                for name, sql in connection.execute(text(SQLITE))
                for part in _parts(sql)
            }
        else:
            found = {
                (kind, *row)
                for kind, sql in POSTGRESQL.items()
                for row in connection.execute(text(sql))
            }
    return {row for row in found if "alembic_version" not in str(row)}


def _parts(sql: str) -> Iterator[str]:
    """What stands between the outer commas of a CREATE TABLE; an index as it is."""
    flat = re.sub(r"\s+", " ", sql).replace('"', "")
    if not flat.startswith("CREATE TABLE"):
        yield flat
        return
    depth, part = 0, ""
    for sign in flat[flat.index("(") + 1 : flat.rindex(")")] + ",":
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            yield part.strip()
            part = ""
        else:
            part += sign


def test_models_equal_migrations(migrated: Flask, created: Engine) -> None:
    """Red when a check, a partial index or a column default stands in one of both alone."""
    assert migrated.extensions["alembic"].compare_metadata() == []
    assert shape(migrated.extensions["sqlalchemy"].engine) == shape(created)


def test_migrations_lead_down_and_up_again(migrated: Flask) -> None:
    engine, alembic = migrated.extensions["sqlalchemy"].engine, migrated.extensions["alembic"]
    before = shape(engine)
    alembic.downgrade(target="base")
    assert shape(engine) == set()
    alembic.upgrade()
    assert shape(engine) == before
