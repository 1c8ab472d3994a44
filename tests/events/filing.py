"""Documents for tests: small files that are what they say."""

import io

from PIL import Image
from sqlalchemy.orm import Session

from events import documents
from events.models import DocumentFor, Event, EventDocument
from tests.making import NOW

PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def photo() -> bytes:
    """A photo that says where it was taken."""
    picture, written = Image.new("RGB", (40, 30), "green"), io.BytesIO()
    exif = picture.getexif()
    exif[0x010E] = "30.6 N, 119.0 E"
    picture.save(written, "JPEG", exif=exif)
    return written.getvalue()


def filed(
    db: Session,
    event: Event,
    *,
    data: bytes = PDF,
    audience: DocumentFor = DocumentFor.REGISTERED,
) -> EventDocument:
    """A document of an event."""
    sheet = documents.Sheet("路书", "Road book", audience, *documents.read(data))
    return documents.add(db, event, sheet, by=None, now=NOW)
