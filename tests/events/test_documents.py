"""Documents of an event: kept by what they are, opened by those they are for."""

import io

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import copying, documents
from events.models import DocumentFor, DocumentKind, EventDocument
from events.refusals import DocumentRefused
from foundation.pictures import NotAPicture
from foundation.refusals import Refusal
from members.models import Owner
from tests import making
from tests.browsing import TOKEN, fresh
from tests.events.at_the_desk import desk, make_running, stored
from tests.events.filing import PDF, filed, photo
from tests.house.walking import visitor
from tests.making import NOW, make_event

HTML = b"<html><script>alert(1)</script></html>"


def test_a_file_is_what_it_holds(db: Session) -> None:
    """A name says nothing: HTML, a PDF with a script, half a PDF and nothing are refused; red when
    the browser's word for the type is believed."""
    event = make_event(db)
    script = PDF.replace(b"/Type", b"/JavaScript (app.alert) /Type")
    wrong = {HTML: NotAPicture, script: DocumentRefused, PDF[:20]: DocumentRefused}
    for data, refusal in {**wrong, b"": DocumentRefused}.items():
        with pytest.raises(refusal):
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
    client, address = desk(app), f"/desk/events/{event_id}/documents"
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


def member(session: Session) -> Owner:
    return making.make_member(session, login=False)
