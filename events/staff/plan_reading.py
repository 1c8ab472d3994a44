"""What was typed into the event editor, as the rules take it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from club.models import TierCode
from events import slots
from events.editing import Sheet
from events.forms_plan import PlanForm
from events.forms_rows import lines_of
from events.lines import AgendaLine, ChecklistLine, QuestionLine, SessionLine, StepLine
from events.models import QuestionKind, Unit
from events.planning import Plan, names
from events.staff.plan_values import MOMENTS

OPTIONAL = ("edition", "attendance_points", "voucher_kind_id")
AS_TYPED = (
    "for_tiers",
    "for_models",
    "interests",
    "invited_only",
    "one_per_car",
    "party_limit",
    "fee_fen",
    *OPTIONAL,
)


def sheet_of(form: PlanForm, zone: ZoneInfo) -> Sheet:
    """The whole editor; its form is valid."""
    starts_at = form.starts_at.data
    assert starts_at is not None
    first = starts_at.date()
    return Sheet(
        plan=_plan(form, zone),
        agenda=_agenda(form, first, zone),
        steps=[
            StepLine(
                _text(row, "name_zh"),
                _english(row, "name_en"),
                _text(row, "note_zh"),
                _english(row, "note_en"),
                _id(row),
            )
            for row in _rows(form, "steps")
        ],
        checklist=checklist_lines(form.checklist.data),
        questions=[_question(row) for row in _rows(form, "questions")],
        sessions=_sessions(form, first, zone),
        places=form.places.data,
        cars=form.cars.data,
        gifts=form.gifts.data,
        tiers={tier.value: form[f"tier_{tier.value}"].data for tier in TierCode},
    )


def _plan(form: PlanForm, zone: ZoneInfo) -> Plan:
    values: dict[str, Any] = {}
    for name in names():
        given = form[name].data
        if name in MOMENTS:
            values[name] = given.replace(tzinfo=zone) if given else None
        elif name in AS_TYPED:
            values[name] = given
        elif name.endswith("_en"):
            values[name] = (given or "").strip() or None
        else:
            values[name] = (given or "").strip()
    values["unit"] = Unit(form.unit.data)
    return Plan(**values)


def _agenda(form: PlanForm, first: date, zone: ZoneInfo) -> list[AgendaLine]:
    lines = [
        AgendaLine(
            slots.moment_on(first, row["day"] or 1, row["at"], zone),
            _text(row, "title_zh"),
            _english(row, "title_en"),
            _text(row, "about_zh"),
            _english(row, "about_en"),
        )
        for row in _rows(form, "agenda")
    ]
    return sorted(lines, key=lambda line: line.starts_at)


def _sessions(form: PlanForm, first: date, zone: ZoneInfo) -> list[SessionLine]:
    lines = []
    for row in _rows(form, "sessions"):
        begins, ends = slots.span_on(first, row["day"] or 1, row["starts"], row["ends"], zone)
        lines.append(
            SessionLine(
                begins,
                ends,
                row["places"],
                _text(row, "name_zh"),
                _english(row, "name_en"),
                _id(row),
            )
        )
    return sorted(lines, key=lambda line: line.starts_at)


def _question(row: dict[str, Any]) -> QuestionLine:
    kind = QuestionKind(row["kind"])
    chosen = kind == QuestionKind.CHOICE
    return QuestionLine(
        kind,
        _text(row, "text_zh"),
        _english(row, "text_en"),
        bool(row["required"]),
        lines_of(row["choices_zh"]) if chosen else [],
        lines_of(row["choices_en"]) if chosen else [],
        _id(row),
    )


def checklist_lines(text: str | None) -> list[ChecklistLine]:
    """One item per line, `中文 | English`; the English may be missing."""
    lines = []
    for line in lines_of(text):
        chinese, _bar, english = line.replace("｜", "|").partition("|")
        lines.append(ChecklistLine(chinese.strip() or english.strip(), english.strip() or None))
    return lines


def _rows(form: PlanForm, name: str) -> list[dict[str, Any]]:
    return [entry.form.data for entry in form[name].entries if entry.form.counts]


def _text(row: dict[str, Any], name: str) -> str:
    return (row[name] or "").strip()


def _english(row: dict[str, Any], name: str) -> str | None:
    return _text(row, name) or None


def _id(row: dict[str, Any]) -> int | None:
    return int(row["id"]) if str(row["id"] or "").isdecimal() else None


def days_of(starts_at: datetime | None, ends_at: datetime | None) -> int:
    """How many days an event touches, by its typed moments."""
    if starts_at is None or ends_at is None or ends_at < starts_at:
        return 1
    return (ends_at.date() - starts_at.date()).days + 1
