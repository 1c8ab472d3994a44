"""Whose address counts at the door: behind proxies that are named, and without any."""

import dataclasses

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from foundation.settings import SettingRefused, Settings
from foundation.web import limits
from members import passwords
from members.models import SignInAttempt
from tests.browsing import TOKEN, fresh
from tests.conftest import KEYS

VISITOR, FORGED, PROXY = "203.0.113.9", "198.51.100.7", "127.0.0.1"


def behind(settings: Settings, url: str, proxies: int) -> Flask:
    """The club on this database with so many proxies before it."""
    made = create_app(dataclasses.replace(settings, database_url=url, trusted_proxies=proxies))
    made.config["PASSWORD_COST"] = passwords.CHEAP
    return made


def wrong_password(client: FlaskClient, forwarded: str) -> int:
    """The answer to a wrong try whose request carries this chain of addresses."""
    found = TOKEN.search(client.get("/sign-in").get_data(as_text=True))
    assert found
    fields = {"csrf_token": found[1], "email": "13812345678", "password": "wrong"}
    headers = {"X-Forwarded-For": forwarded}
    return client.post("/sign-in", data=fields, headers=headers).status_code


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, VISITOR, PROXY),
        (1, VISITOR, VISITOR),
        (1, f"{FORGED}, {VISITOR}", VISITOR),
        (2, f"{FORGED}, {VISITOR}, 10.0.0.2", VISITOR),
        (2, FORGED, PROXY),
    ],
)
def test_a_wrong_try_counts_for_whom_the_proxies_name(
    settings: Settings, sqlite_url: str, proxies: int, forwarded: str, counted: str
) -> None:
    """Red when the header is believed without the setting, and when the first address is taken"""
    app = behind(settings, sqlite_url, proxies)
    wrong_password(app.test_client(), forwarded)
    with fresh(app) as db:
        assert db.scalars(select(SignInAttempt.address)).all() == [counted]


def test_one_neighbour_behind_the_proxy_does_not_shut_out_the_other(
    settings: Settings, sqlite_url: str
) -> None:
    """Red without the setting: thirty wrong tries of one visitor would stop everybody's"""
    client = behind(settings, sqlite_url, 1).test_client()
    tries = [wrong_password(client, FORGED) for _try in range(31)]
    assert (tries[-1], wrong_password(client, VISITOR)) == (429, 422)


def test_https_at_the_proxy_is_https_here(settings: Settings, sqlite_url: str) -> None:
    """Red when the scheme is not taken over, and when a host name is believed"""
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    seen = []
    for proxies in (0, 1):
        app = behind(settings, sqlite_url, proxies)

        @app.before_request
        def look() -> None:
            seen.append((request.host_url, limits.client_address()))

        app.test_client().get("/sign-in", headers=headers)
    assert seen == [("http://localhost/", PROXY), ("https://localhost/", PROXY)]


@pytest.mark.parametrize("text", ["-1", "10", "yes", "1.5", "127.0.0.1"])
def test_a_wrong_number_of_proxies_is_refused_by_name(text: str) -> None:
    """Red when what is no number is read as none"""
    with pytest.raises(SettingRefused, match="CLUB_TRUSTED_PROXIES"):
        Settings.read({"CLUB_TRUSTED_PROXIES": text}, KEYS)
