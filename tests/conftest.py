"""Databases, the application and clients for all tests."""

import base64
import dataclasses
import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app import create_app
from foundation import clock, database
from foundation.settings import Settings
from members import passwords
from portal.demo import building
from portal.reference.seeding import seed
from tests import postgresql, scratch

# Before the run makes its folder of folders.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", scratch.folder())

KEYS = {
    "CLUB_SECRET_KEY": "test-secret-key-" * 3,
    "CLUB_LINK_KEYS": "test-link-key-" * 3,
    # the same for all workers of a run, who share one demo club
    "CLUB_DATA_KEYS": base64.urlsafe_b64encode(b"test-data-key-" * 2 + b"test").decode(),
    "CLUB_HASH_KEY": "test-hash-key-" * 3,
}

DEMO_DAY = datetime(2026, 11, 21, 4, tzinfo=UTC)  # a Saturday noon in the shop


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(run_folder: Path) -> None:
    """Each template is compiled once for all applications of the run, not once for each."""
    folder = run_folder / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


class CompiledOnce(Rule):
    """A route whose addresses are compiled once for all applications of a worker.

    The same few hundred routes are compiled anew for each application otherwise: nine tenths of
    the time that it takes to make one.
    """

    _made: ClassVar[dict[tuple[str, str, bool], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, repr(self.defaults), append_unknown)
        if key not in self._made:
            self._made[key] = super()._compile_builder(append_unknown)
        return self._made[key]


@pytest.fixture(scope="session", autouse=True)
def compiled_routes() -> None:
    Flask.url_rule_class = CompiledOnce


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a test club, before its database is named."""
    state = tmp_path_factory.mktemp("state")
    return Settings.read({"CLUB_STATE_DIR": str(state), "CLUB_BASE_URL": "http://localhost"}, KEYS)


def once(run: Path, name: str, make: object) -> None:
    """Do something once for all workers of a run; the others wait for it."""
    with open(run / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run / f"{name}.done").exists():
            make()  # type: ignore[operator]
            (run / f"{name}.done").touch()


def _migrate(settings: Settings, url: str) -> None:
    app = create_app(dataclasses.replace(settings, database_url=url))
    with app.app_context():
        app.extensions["alembic"].upgrade()
        with Session(app.extensions["sqlalchemy"].engine) as db:
            seed(db, now=clock.now())
            db.commit()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path, settings: Settings) -> Path:
    """A migrated and seeded SQLite file to copy."""
    path = run_folder / "template.sqlite"
    once(run_folder, "sqlite", lambda: _migrate(settings, f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def demo_template(run_folder: Path, sqlite_template: Path, settings: Settings) -> Path:
    """A SQLite file with the demo club of DEMO_DAY, built once per run; copy it before writing."""
    path = run_folder / "demo.sqlite"

    def make() -> None:
        shutil.copyfile(sqlite_template, path)
        sessions = Sessions(f"sqlite:///{path}")
        with sessions() as db:
            building.build(db, settings=settings, now=DEMO_DAY)
            db.commit()
        sessions.engine.dispose()

    once(run_folder, "demo", make)
    return path


@pytest.fixture(scope="session")
def postgresql_template(run_folder: Path, settings: Settings) -> Iterator[str]:
    """The address of a server with a migrated and seeded database named template_club."""
    address = postgresql.shared(run_folder)
    url = address.replace("/postgres?", "/template_club?")

    def make() -> None:
        postgresql.execute(address, "CREATE DATABASE template_club")
        _migrate(settings, url)

    once(run_folder, "postgresql-template", make)
    return address


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "club.sqlite"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_template: str) -> Iterator[str]:
    name = f"club_{uuid.uuid4().hex[:12]}"
    postgresql.execute(
        postgresql_template, f"CREATE DATABASE {name} TEMPLATE template_club STRATEGY FILE_COPY"
    )
    yield postgresql_template.replace("/postgres?", f"/{name}?")
    postgresql.execute(postgresql_template, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A seeded club without people on each database in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def sessions(database_url: str) -> Iterator["Sessions"]:
    """Fresh sessions on one database: write in one, read back in another."""
    made = Sessions(database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def db(sessions: "Sessions") -> Iterator[Session]:
    """A writing session on each database in turn, for rules."""
    with sessions() as session:
        yield session


class Sessions:
    """Opens writing sessions on one database."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, **database.engine_options(url))
        database.prepare(self.engine)

    def __call__(self) -> Session:
        return Session(database.writing(self.engine), expire_on_commit=False)


@pytest.fixture
def app(settings: Settings, sqlite_url: str) -> Iterator[Flask]:
    """The whole application on SQLite."""
    made = create_app(dataclasses.replace(settings, database_url=sqlite_url))
    made.config["TESTING"] = True
    made.config["PROPAGATE_EXCEPTIONS"] = False
    made.config["PASSWORD_COST"] = passwords.CHEAP
    yield made
    with made.app_context():
        made.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The last process of the run stops the database server."""
    if hasattr(session.config, "workerinput"):
        return
    factory = getattr(session.config, "_tmp_path_factory", None)
    mark = factory.getbasetemp() / "postgresql.address" if factory else None
    if mark and mark.exists():
        folder = Path(mark.read_text().split("\n")[0])
        postgresql.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
