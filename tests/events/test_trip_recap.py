"""After a trip: pictures without a trace, the recap's readers, the record of what was driven."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from events import booking
from events.models import (
    Event,
    PictureState,
    RecapFor,
    Trip,
    TripDrive,
    TripPicture,
    TripPictureSize,
)
from events.trips import pictures, recap, roll_call
from events.trips.refusals import PictureRefused, TripRefused
from events.trips.roll_call import Tick
from foundation.audit import AuditEntry
from foundation.pictures import LARGEST_FILE, NotAPicture, PictureTooLarge
from members.models import Account
from tests.browsing import fresh, send
from tests.conftest import Sessions
from tests.entering import at_desk, visitor_of
from tests.events import at_the_desk
from tests.events.at_the_desk import act, stored
from tests.events.travelling import make_car, make_trip, rows_of
from tests.making import NOW, make_member

TURNED, GPS, ARTIST = 0x0112, 0x8825, 0x013B


def photo(wide: int = 900, high: int = 600, form: str = "JPEG") -> bytes:
    """As from a phone: lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[TURNED], exif[ARTIST] = 6, "owner of the phone"
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 15.0, 1.0), 3: "E", 4: (120.0, 8.0, 2.0)})
    written = BytesIO()
    sheet = Image.new("RGB", (wide, high), (40, 120, 80))
    sheet.save(written, form, exif=exif, comment=b"secret remark", icc_profile=b"")
    return written.getvalue()


def test_a_picture_loses_all_but_its_pixels(db: Session, sessions: Sessions) -> None:
    """Read back from the database: upright, in both sizes, without place, camera or remark.
    Red when the opened file itself is saved in the place of the new sheet."""
    data = photo(2400, 1600)
    assert Image.open(BytesIO(data)).getexif().get_ifd(GPS)
    trip = make_trip(db, route=False)
    made = [pictures.redraw(data)]
    rules = {"consent": "alle", "by": None, "now": NOW}
    (kept,) = pictures.add(db, trip, made, shown=True, **rules)  # type: ignore[arg-type]
    db.commit()
    with sessions() as found:
        row = found.get_one(TripPicture, kept.id)
        assert (row.width, row.height) == (1067, 1600)
        for size, shape in (("large", (1067, 1600)), ("small", (427, 640))):
            content = pictures.pixels(found, row, size)
            assert content is not None
            read = Image.open(BytesIO(content))
            assert (read.format, read.size, dict(read.getexif())) == ("JPEG", shape, {})
            assert not {"exif", "comment", "xmp", "icc_profile"} & set(read.info)
            assert b"secret" not in content


@pytest.mark.parametrize(
    ("data", "no"),
    [
        (b"<svg onload=alert(1)>", NotAPicture),
        (b"GIF89a" + b"\0" * 40, NotAPicture),
        (photo()[:400], NotAPicture),
        (b"\xff" * (LARGEST_FILE + 1), PictureTooLarge),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes, no: type[Exception]) -> None:
    """By its content, whatever its name says."""
    with pytest.raises(no):
        pictures.redraw(data)


def test_without_consent_nothing_is_kept(db: Session) -> None:
    trip = make_trip(db, route=False)
    for consent, made in (("", [pictures.redraw(photo())]), ("ja", [])):
        with pytest.raises(PictureRefused):
            pictures.add(db, trip, made, consent=consent, shown=True, by=None, now=NOW)


def test_a_recap_is_read_by_whom_staff_chose(db: Session) -> None:
    """Only when the trip is over and a text stands; then by those who had a place, or by all."""
    trip, later = make_trip(db), NOW + timedelta(days=20)
    came, gave_back, other = make_car(db, trip), make_car(db, trip), make_member(db)
    booking.cancel(db, gave_back, by=None, now=NOW)
    with pytest.raises(TripRefused):
        recap.publish(db, trip, by=None, now=later)
    recap.tell(db, trip, "很好", None, RecapFor.JOINED, by=None, now=later)
    with pytest.raises(TripRefused):
        recap.publish(db, trip, by=None, now=NOW)
    owners = (came.owner_id, gave_back.owner_id, other.id)
    assert [recap.may_read(db, trip, one) for one in owners] == [False] * 3
    recap.publish(db, trip, by=None, now=later)
    assert [recap.may_read(db, trip, one) for one in owners] == [True, False, False]
    recap.tell(db, trip, "很好", None, RecapFor.MEMBERS, by=None, now=later)
    assert [recap.may_read(db, trip, one) for one in owners] == [True] * 3
    recap.withdraw(db, trip, by=None, now=later)
    assert not recap.may_read(db, trip, came.owner_id)


def past_trip(session: Session) -> Event:
    """A trip that ended yesterday, with a recap for those who joined: one car, ticked off."""
    now = at_the_desk.now()
    trip = make_trip(session, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2))
    made = make_car(session, trip, "欧阳雪梅")
    trip.event.starts_at, trip.event.ends_at = now - timedelta(days=2), now - timedelta(days=1)
    number = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    ticks = [Tick(number, trip.stops[0].id, made.id, True, now - timedelta(days=2))]
    roll_call.take(session, trip, ticks, by=None, now=now)
    recap.tell(session, trip, "**很好**的一路", "A *good* road", RecapFor.JOINED, by=None, now=now)
    recap.publish(session, trip, by=None, now=now)
    make_member(session, "林晓")
    return trip.event


def readers(app: Flask) -> tuple[FlaskClient, FlaskClient]:
    """Who came along, and a member who did not."""
    with fresh(app) as session:
        accounts = {one.name: one.id for one in session.scalars(select(Account))}
    return visitor_of(app, accounts["欧阳雪梅"]), visitor_of(app, accounts["林晓"])


def bring(client: FlaskClient, url: str, page: str, number: int = 1, **fields: str) -> TestResponse:
    files = [(BytesIO(photo()), f"{n}.jpg") for n in range(number)]
    return send(client, url, page=page, photo=files, **fields)


def test_a_picture_goes_from_the_phone_to_those_who_may_see_it(app: Flask) -> None:
    """R60 for its address: a member's picture waits, is shown by staff, and then seen by those who
    joined alone; red when the address asks for no right."""
    event_id = stored(app, past_trip)
    mine, other = readers(app)
    url = f"/events/{event_id}/recap"
    assert bring(mine, f"{url}/pictures", url).status_code == 422
    assert bring(mine, f"{url}/pictures", url, number=2, consent="1").status_code == 303
    first, second = rows_of(app, select(TripPicture).order_by(TripPicture.id))
    assert "能认出的每一位都同意" in first.consent
    address = f"/events/{event_id}/pictures/{first.token}/small.jpg"
    staff, decide = at_desk(app), f"/desk/events/{event_id}/trip/recap/pictures/{first.id}"
    assert [one.get(address).status_code for one in (mine, other, staff)] == [404, 404, 200]
    act(staff, decide, do="show")
    seen = mine.get(address)
    assert (seen.mimetype, seen.headers["Cache-Control"]) == ("image/jpeg", "private, no-cache")
    known = {"If-None-Match": seen.headers["ETag"]}
    assert mine.get(address, headers=known).status_code == 304
    assert other.get(address, headers=known).status_code == 404
    stranger = app.test_client()
    answers = [one.get(address).status_code for one in (other, stranger)]
    assert answers == [404, 303]
    assert second.token not in mine.get(url).text
    assert [one.get(url).status_code for one in (mine, other, stranger)] == [200, 404, 303]


def test_one_tap_hides_a_picture_and_staff_decide(app: Flask) -> None:
    """Hidden at once, its pixels too; staff see who asked; removed it is gone from the tables."""
    event_id, staff = stored(app, past_trip), at_desk(app)
    mine, other = readers(app)
    url, back = f"/events/{event_id}/recap", f"/desk/events/{event_id}/trip/recap"
    bring(staff, f"{back}/pictures", back, consent="1")
    (picture,) = rows_of(app, select(TripPicture))
    hide = f"/events/{event_id}/pictures/{picture.token}/hide"
    assert send(other, hide, page="/me").status_code == 404
    assert send(mine, hide, page=url).status_code == 303
    assert picture.token not in mine.get(url).text
    assert mine.get(f"/events/{event_id}/pictures/{picture.token}/large.jpg").status_code == 404
    assert "有人不愿展示" in staff.get(back).text
    assert [one.state for one in rows_of(app, select(TripPicture))] == [PictureState.HIDDEN]
    act(staff, f"{back}/pictures/{picture.id}", do="remove")
    assert rows_of(app, select(TripPictureSize)) == []
    acts = rows_of(app, select(AuditEntry.act).where(AuditEntry.act.startswith("picture")))
    assert acts == ["picture.add", "picture.hide", "picture.remove"]


def test_the_way_stands_in_the_cars_history_and_on_the_home_page(app: Flask) -> None:
    """As soon as the recap is out, in both languages from one row."""
    event_id = stored(app, past_trip)
    mine, other = readers(app)
    (trip,) = rows_of(app, select(Trip))
    assert trip.recap_at is not None
    (drive,) = rows_of(app, select(TripDrive))
    assert "春季自驾游：与俱乐部同行 50 公里" in mine.get(f"/me/vehicles/{drive.vehicle_id}").text
    home = mine.get("/me").text
    assert ("共 50 公里" in home, f"/events/{event_id}/recap" in home) == (True, True)
    assert "共 50 公里" not in other.get("/me").text
    assert "行程回顾已发布" in mine.get(f"/events/{event_id}").text


def test_the_text_is_written_at_the_desk(app: Flask) -> None:
    """Without a text nothing is published, and what was typed comes back."""
    event_id, staff = stored(app, past_trip), at_desk(app)
    url = f"/desk/events/{event_id}/trip/recap"
    words = {"text_en": "Lovely", "readers": "members", "do": "publish"}
    wrong = send(staff, url, text_zh=" ", **words)
    assert (wrong.status_code, "Lovely" in wrong.text) == (422, True)
    assert send(staff, url, text_zh="## 第一天", **words).status_code == 303
    (trip,) = rows_of(app, select(Trip))
    assert (trip.recap_zh, trip.recap_for) == ("## 第一天", RecapFor.MEMBERS)
    assert "<h2>第一天</h2>" in readers(app)[1].get(f"/events/{event_id}/recap").text
