"""Documents of an event: kept by what they are, opened by those they are for."""

import io

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import copying, documents
from events.checks import sheets
from events.models import (
    CheckPhoto,
    CheckResult,
    CheckSheet,
    DocumentFor,
    DocumentKind,
    Event,
    EventDocument,
)
from events.refusals import DocumentRefused
from events.staff import checks_sheets
from foundation import database
from foundation.pictures import photo_of
from foundation.refusals import Refusal
from members.models import Owner
from tests import making
from tests.browsing import TOKEN, fresh
from tests.entering import at_desk, visitor
from tests.events.at_the_desk import make_running, stored
from tests.events.filing import PDF, filed, photo
from tests.events.workshop import book, make_check
from tests.making import NOW, make_event

HTML = b"<html><script>alert(1)</script></html>"


def test_a_file_is_what_it_holds(db: Session) -> None:
    """A name says nothing: HTML, a PDF with a script, half a PDF and nothing are refused; red when
    the browser's word for the type is believed."""
    event = make_event(db)
    script = PDF.replace(b"/Type", b"/JavaScript (app.alert) /Type")
    wrong = {HTML: "neither a PDF nor", script: "holds scripts", PDF[:20]: "incomplete"}
    for data, why in {**wrong, b"": "choose a PDF"}.items():
        with pytest.raises(DocumentRefused, match=why):
            filed(db, event, data=data)
    assert filed(db, event).kind == DocumentKind.PDF
    assert db.scalars(select(EventDocument)).one().content == PDF


def test_a_picture_loses_where_it_was_taken(db: Session) -> None:
    made = filed(db, make_event(db), data=photo())
    assert (made.kind, b"119.0" in photo(), b"119.0" in made.content) == ("jpg", True, False)


def test_there_is_an_end_to_documents_and_a_copy_has_them_too(db: Session) -> None:
    event = make_event(db)
    for _ in range(documents.MOST):
        filed(db, event)
    with pytest.raises(Refusal):
        filed(db, event)
    made = copying.copy(db, event, starts_at=event.starts_at, by=None, now=NOW)
    assert len(documents.of_event(db, made)) == documents.MOST


def test_the_desk_adds_and_members_download(app: Flask) -> None:
    """R60: for members and for those with a place apart; as a file to save, never as a page; red
    when every document is for every member."""
    event_id = stored(app, make_running)
    client, address = at_desk(app), f"/desk/events/{event_id}/documents"
    token = TOKEN.search(client.get(address).get_data(as_text=True))
    assert token
    for audience in DocumentFor:
        form = {"csrf_token": token[1], "title_zh": "路书", "audience": audience.value}
        file = (io.BytesIO(PDF), "road.html", "text/html")
        assert client.post(address, data={**form, "file": file}).status_code == 303
    refused = client.post(address, data={**form, "file": (io.BytesIO(HTML), "road.pdf")})
    assert refused.status_code == 422
    other = visitor(app, lambda session: making.make_account(session, member(session)))
    answers = [other.get(f"/events/documents/{number}") for number in (1, 2)]
    assert [answer.status_code for answer in answers] == [200, 404]
    assert answers[0].headers["Content-Type"] == "application/pdf"
    assert answers[0].headers["Content-Disposition"].startswith("attachment")
    assert answers[0].headers["X-Content-Type-Options"] == "nosniff"
    assert app.test_client().get("/events/documents/1").status_code == 303
    client.post(f"{address}/1/remove", data={"csrf_token": token[1]})
    assert other.get("/events/documents/1").status_code == 404
    with fresh(app) as session:
        assert [one.id for one in session.scalars(select(EventDocument))] == [2]


def test_pictures_are_redrawn_before_the_desk_writes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else writes while a picture is read and made smaller: of a document, and of a point
    of a check; red when either page writes from its beginning."""
    monkeypatch.setattr(database, "LOCK_WAIT_MS", 50)
    event_id = stored(app, make_running)
    check_id = stored(app, begun)
    written = []

    def redrawn(data: bytes) -> bytes:
        with fresh(app) as other:
            other.get_one(Event, event_id).place_en = f"Lake {len(written)}"
            other.commit()
        written.append(len(data))
        return photo_of(data)

    for module in (documents, checks_sheets):
        monkeypatch.setattr(module, "photo_of", redrawn)
    client, address = at_desk(app), f"/desk/events/{event_id}/documents"
    token = TOKEN.search(client.get(address).get_data(as_text=True))
    assert token
    form = {"csrf_token": token[1], "title_zh": "路书", "audience": "members"}
    file = (io.BytesIO(photo()), "road.jpg")
    assert client.post(address, data={**form, "file": file}).status_code == 303
    with fresh(app) as session:
        row = session.scalars(
            select(CheckResult.id).where(CheckResult.check_id == check_id)
        ).first()
    point = f"/desk/checks/{check_id}/photos/{row}"
    file = (io.BytesIO(photo()), "pads.jpg")
    assert client.post(point, data={**form, "photo": file}).status_code == 303
    with fresh(app) as session:
        assert session.get_one(Event, event_id).place_en == "Lake 1"
        kept = [
            *session.scalars(select(EventDocument.content)),
            *session.scalars(select(CheckPhoto.jpeg)),
        ]
        assert kept == [photo_of(photo())] * 2


def begun(session: Session) -> CheckSheet:
    return sheets.begin(session, book(session, make_check(session, [])), by=None, now=NOW)


def member(session: Session) -> Owner:
    return making.make_member(session, login=False)
