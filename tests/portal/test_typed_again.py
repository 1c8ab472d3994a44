"""Nothing that was typed is lost: a form that is refused comes back as it was sent."""

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from app import create_app
from foundation.settings import Settings
from members import passwords
from tests import forms_on_pages
from tests.entering import visitor_of
from tests.portal.page_walk import ENDS_THE_WALK, everything, owner, route_of, walk

NOT_SHOWN_AGAIN = {"password", "new_password", "old_password", "code"}  # secrets are typed anew
Sent = tuple[str, forms_on_pages.PageForm]


class Club:
    """The demo club, as it was before whatever the last form changed."""

    def __init__(self, settings: Settings, template: Path, path: Path) -> None:
        self._template, self._path = template, path
        shutil.copyfile(template, path)
        self.app = create_app(dataclasses.replace(settings, database_url=f"sqlite:///{path}"))
        self.app.config["PASSWORD_COST"] = passwords.CHEAP

    def back(self) -> None:
        self.close()
        for file in self._path.parent.glob(f"{self._path.name}*"):
            file.unlink()
        shutil.copyfile(self._template, self._path)

    def close(self) -> None:
        with self.app.app_context():
            self.app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def club(settings: Settings, demo_template: Path, tmp_path: Path) -> Iterator[Club]:
    made = Club(settings, demo_template, tmp_path / "club.sqlite")
    yield made
    made.close()


def forms_of(app: Flask, client: FlaskClient, start: str) -> dict[str, Sent]:
    """One form with fields to type in for each route that takes one, as (address, form)."""
    found: dict[str, Sent] = {}
    for path, page in walk(app, client, start):
        for form in forms_on_pages.read(page).forms:
            address = form.action or path
            route = route_of(app, address, "POST")
            if route is not None and route not in ENDS_THE_WALK and form.typed:
                found.setdefault(route, (address, form))
    return found


def test_a_refused_form_comes_back_as_it_was_typed(club: Club) -> None:
    """Each field is given a number below zero of its own, which hardly any field can mean.

    Red when a page forgets what was typed into one of its forms, as when the catalogue's form
    is filled from what is stored alone.
    """
    lost, refused = {}, 0
    for who, start in ((everything, "/desk"), (owner, "/me")):
        client = visitor_of(club.app, who(club.app))
        for route, (address, form) in forms_of(club.app, client, start).items():
            typed = {name: f"-{place}3" for place, name in enumerate(form.typed, 11)}
            answer = client.post(address, data=MultiDict([*form.sends, *typed.items()]))
            if answer.status_code == 422:
                page, refused = answer.get_data(as_text=True), refused + 1
                gone = {name for name, text in typed.items() if text not in page}
                if gone - NOT_SHOWN_AGAIN:
                    lost[route] = sorted(gone - NOT_SHOWN_AGAIN)
            else:
                club.back()
                who(club.app)
    assert lost == {}
    assert refused > 40
