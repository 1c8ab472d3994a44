"""The command that makes members for load from outside."""

from dataclasses import replace

from foundation.settings import Mode, Settings
from foundation.web.database import db, write
from tests.making import make_member
from tests.portal.test_import_commands import club_on

MAKE = ["bench-club", "--members", "2", "--places", "1", "--json"]


def test_a_real_club_gets_no_cheap_passwords(settings: Settings, sqlite_url: str) -> None:
    """Red without the guard, or when what the command itself made stands in its way"""
    app = club_on(replace(settings, mode=Mode.PRODUCTION), sqlite_url)
    runner = app.test_cli_runner()
    assert [runner.invoke(args=MAKE).exit_code for _twice in range(2)] == [0, 0]
    with app.app_context():
        write()
        make_member(db.session, "李雷")
        db.session.commit()
    assert runner.invoke(args=MAKE).exit_code == 1
    assert runner.invoke(args=[*MAKE, "--among-real-members"]).exit_code == 0


def test_a_demo_club_may_be_measured(settings: Settings, sqlite_url: str) -> None:
    """Red when the guard asks in demo mode too"""
    app = club_on(settings, sqlite_url)
    with app.app_context():
        write()
        make_member(db.session, "李雷")
        db.session.commit()
    result = app.test_cli_runner().invoke(args=MAKE)
    assert result.exit_code == 0, (result.output, result.exception)
