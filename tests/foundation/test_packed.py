"""Pages travel packed for browsers that can unpack them."""

import gzip

from flask.testing import FlaskClient


def test_a_page_is_packed_as_the_browser_asks(client: FlaskClient) -> None:
    plain = client.get("/sign-in")
    packed = client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "</html>" in gzip.decompress(packed.data).decode()
    assert len(packed.data) < len(plain.data) / 2


def test_a_browser_that_asks_for_nothing_gets_it_plain(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/sign-in").headers
