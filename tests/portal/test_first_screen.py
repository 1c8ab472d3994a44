"""What a phone gets when the card or the door is put on its first screen."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.entering import visitor
from tests.making import make_account, make_member


def size_of(client: FlaskClient, address: str) -> tuple[int, int]:
    with client.get(address) as answer:
        return Image.open(BytesIO(answer.data)).size


@pytest.mark.parametrize(
    ("manifest", "start"),
    [("/card.webmanifest", "/me/card"), ("/check-in/app.webmanifest", "/desk/check-in")],
)
def test_each_icon_is_as_large_as_the_manifest_says(
    client: FlaskClient, manifest: str, start: str
) -> None:
    """A picture for every size that is named; red when one is not in static/img."""
    said = client.get(manifest).get_json()
    drawn = [one for one in said["icons"] if one["type"] == "image/png"]
    sizes = [size_of(client, one["src"]) for one in drawn]
    assert (said["id"], said["start_url"], said["display"]) == (start, start, "standalone")
    assert sizes == [(192, 192), (512, 512)]
    assert [one["sizes"] for one in drawn] == ["192x192", "512x512"]
    assert "maskable" in drawn[-1]["purpose"]


def test_the_card_names_a_picture_for_phones_that_read_no_manifest(app: Flask) -> None:
    member = visitor(app, lambda session: make_account(session, make_member(session, login=False)))
    page = member.get("/me/card").text
    found = re.search(r'rel="apple-touch-icon" href="([^"]+)"', page)
    assert found
    assert size_of(member, found[1]) == (180, 180)
