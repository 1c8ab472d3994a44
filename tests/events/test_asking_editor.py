"""What the editor asks of those who sign up: typed by the organiser and read back."""

from typing import Any

from flask import Flask

from events.models import Event, QuotaKind
from tests.browsing import fresh
from tests.entering import at_desk
from tests.events.at_the_desk import open_form
from tests.events.typing import fields_of, type_rows, typed

GATHERING = "/desk/events/new?kind=gathering"


def test_conditions_limits_and_kept_places_are_typed_and_read_back(app: Flask) -> None:
    """A condition names a row by its number on the page, and follows it when rows change places."""
    client = at_desk(app)
    fields = typed(
        open_form(client, GATHERING),
        place_zh="云湖",
        places="20",
        unit="person",
        reserved_gold="4",
        reserved_until=open_form(client, GATHERING)["register_until"],
        asks_papers="licence_until",
        terms_zh="自负安全",
        do="down-questions-0",
    )
    room = {"kind": "choice", "text_zh": "房型", "choices_zh": "双床房 | 3\n大床房"}
    night = {"kind": "yes-no", "text_zh": "过夜吗？", "required": "y"}
    type_rows(fields, "questions", [{**room, "only_if": "2", "only_if_answer": "是"}, night])
    moved = fields_of(client.post(GATHERING, data=fields).get_data(as_text=True))
    assert (moved["questions-0-text_zh"], moved["questions-1-only_if"]) == ("过夜吗？", "1")
    assert client.post(GATHERING, data=typed(moved, do="save")).status_code == 303
    asked, counted, papers, version = _stored(app)
    assert asked == [("过夜吗？", None, None), ("房型", 0, "yes")]
    assert counted[QuotaKind.BELOW, "gold", None] == 16
    assert counted[QuotaKind.CHOICE, None, "双床房"] == 3
    assert papers == ["licence_until"]
    again = open_form(client, "/desk/events/1/edit")
    assert again["questions-1-choices_zh"] == "双床房 | 3\n大床房"
    saved = client.post("/desk/events/1/edit", data=typed(again, do="save"))
    assert (saved.status_code, _stored(app)[-1]) == (303, version)  # nothing new, nothing changed


def _stored(app: Flask) -> tuple[Any, ...]:
    with fresh(app) as session:
        event = session.get_one(Event, 1)
        asked = [(one.text_zh, one.only_if, one.only_if_answer) for one in event.questions]
        counted = {(row.kind, row.tier, row.choice): row.capacity for row in event.quotas}
        return asked, counted, event.asks_papers, event.version
