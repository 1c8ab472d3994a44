"""Entries for the member's calendar (R29, R30)."""

import re
from datetime import timedelta

import icalendar
from sqlalchemy.orm import Session

from events import booking, calendar
from events.models import Registration
from tests.making import KEYS, NOW, make_event, make_member

TITLE = "春季自驾游，带上家人; 一起\\看\n花海, " * 6


def registration(db: Session, **fields: object) -> Registration:
    event = make_event(db, **fields)  # type: ignore[arg-type]
    return booking.register(db, event, make_member(db), keys=KEYS, by=None, now=NOW)


def test_a_library_reads_back_what_was_written(db: Session) -> None:
    """R30: title escaped and folded, time in the shop's zone with its definition."""
    made = registration(db, title_zh=TITLE)
    read = icalendar.Calendar.from_ical(calendar.of_registration(made, now=NOW))
    (entry,) = read.walk("VEVENT")
    assert str(entry["summary"]) == TITLE
    assert entry["dtstart"].dt == made.event.starts_at
    assert entry["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert [str(zone["tzid"]) for zone in read.walk("VTIMEZONE")] == ["Asia/Shanghai"]


def test_a_reader_of_bare_lines_reads_the_same(db: Session) -> None:
    """R30: CRLF, at most 75 octets a line, no character cut; unfolded and unescaped by hand."""
    raw = calendar.of_registration(registration(db, title_zh=TITLE), now=NOW)
    lines = raw.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert all(line.decode() for line in lines[:-1])
    whole = re.sub("\r\n[ \t]", "", raw.decode())
    (summary,) = re.findall(r"^SUMMARY:(.*)\r$", whole, re.M)
    unescaped = re.sub(r"\\(.)", lambda sign: "\n" if sign[1] in "nN" else sign[1], summary)
    assert unescaped == TITLE


def test_the_entry_keeps_its_uid_and_counts_its_changes(db: Session) -> None:
    """R29: red when the UID is made anew or the sequence stays."""
    made = registration(db)
    before = icalendar.Calendar.from_ical(calendar.of_registration(made, now=NOW))
    booking.cancel(db, made, by=None, now=NOW)
    after = icalendar.Calendar.from_ical(
        calendar.of_registration(made, now=NOW + timedelta(hours=1))
    )
    entries = [one.walk("VEVENT")[0] for one in (before, after)]
    assert entries[0]["uid"] == entries[1]["uid"]
    assert [int(entry["sequence"]) for entry in entries] == [0, 1]
    assert [str(one["method"]) for one in (before, after)] == ["PUBLISH", "CANCEL"]
