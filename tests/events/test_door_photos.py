"""The door where the browser reads no codes: a photo of the ticket goes to the club."""

import io

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from events import tickets
from events.models import Registration
from events.tickets import TicketKeys
from foundation.qr import qr_png
from foundation.roles import Role
from tests.browsing import send
from tests.entering import at_desk
from tests.events.at_the_desk import sign_up
from tests.events.test_door_pages import arrivals, door_of


def ticket_picture(app: Flask, made: Registration) -> bytes:
    """The QR picture as the member's ticket shows it."""
    assert made.ticket is not None
    keys = TicketKeys.of(app.extensions["club_settings"])
    return qr_png(tickets.secret_of(made.ticket, keys))


def blank() -> bytes:
    """A photo of nothing."""
    taken = io.BytesIO()
    Image.new("RGB", (640, 480), (122, 128, 110)).save(taken, "JPEG")
    return taken.getvalue()


def show(app: Flask, door: str, picture: bytes, role: Role = Role.CARE_SPECIALIST) -> TestResponse:
    photo = (io.BytesIO(picture), "photo.jpg")
    return send(at_desk(app, role), f"{door}/photo", page="/me", photo=photo)


def test_a_photo_of_the_ticket_lets_somebody_in(app: Flask) -> None:
    """R28: the code in the picture is the ticket's secret, read on the server."""
    event_id, door = door_of(app)
    made, _other = sign_up(app, event_id, "欧阳雪梅"), sign_up(app, event_id, "林晓")
    assert show(app, door, ticket_picture(app, made)).status_code == 303
    assert [one.registration_id for one in arrivals(app)] == [made.id]


def test_a_ticket_of_another_event_is_named(app: Flask) -> None:
    """R28: red when a code that was read opens any door."""
    _event_id, door = door_of(app)
    other_id, _other_door = door_of(app, title_zh="年终晚会")
    answer = show(app, door, ticket_picture(app, sign_up(app, other_id, "林晓")))
    assert (answer.status_code, arrivals(app)) == (422, [])
    assert "年终晚会" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (b"", "不是可以读取的照片"),
        (blank(), "照片里没有找到二维码"),
        (qr_png("https://example.com/menu"), "无法识别此票"),
        (b"\xff\xd8\xff\xe0 no picture", "不是可以读取的照片"),
    ],
    ids=["no file", "no code", "another code", "not a picture"],
)
def test_what_is_no_ticket_is_said(app: Flask, picture: bytes, words: str) -> None:
    _event_id, door = door_of(app)
    answer = show(app, door, picture)
    assert (answer.status_code, arrivals(app)) == (422, [])
    assert words in answer.get_data(as_text=True)


def test_who_has_no_business_at_the_door_shows_no_photos(app: Flask) -> None:
    event_id, door = door_of(app)
    made = sign_up(app, event_id, "林晓")
    assert show(app, door, ticket_picture(app, made), Role.CASHIER).status_code == 403
    assert arrivals(app) == []
