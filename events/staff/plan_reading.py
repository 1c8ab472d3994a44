"""What was typed into the event editor, as the rules take it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from club.models import TierCode
from events import slots
from events.editing import Sheet
from events.forms_plan import MOST_ROWS, PlanForm
from events.forms_rows import limited_lines, lines_of
from events.lines import (
    AgendaLine,
    ChecklistLine,
    HostLine,
    QuestionLine,
    SessionLine,
    StepLine,
)
from events.models import QuestionKind, Unit
from events.planning import Plan, names
from events.questions import NO, YES
from events.staff.plan_values import KEPT_FOR, MOMENTS
from foundation.refusals import Refusal
from members.phones import normalise_phone

OPTIONAL = ("edition", "attendance_points", "voucher_kind_id")
AS_TYPED = (
    "for_tiers",
    "for_models",
    "for_energies",
    "interests",
    "invited_only",
    "interests_only",
    "hidden",
    "one_per_car",
    "party_limit",
    "fee_fen",
    "asks_papers",
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
        hosts=[
            HostLine(
                _text(row, "name"), _text(row, "role_zh"), _english(row, "role_en"), _phone(row)
            )
            for row in _rows(form, "hosts")
        ],
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
        questions=_questions(form),
        sessions=_sessions(form, first, zone),
        places=form.places.data,
        cars=form.cars.data,
        gifts=form.gifts.data,
        tiers={tier.value: form[f"tier_{tier.value}"].data for tier in TierCode},
    )


def _plan(form: PlanForm, zone: ZoneInfo) -> Plan:
    values: dict[str, Any] = {}
    for name in names():
        if name == "reserved":
            values[name] = _reserved(form)
            continue
        given = form[name].data
        if name in MOMENTS:
            values[name] = given.replace(tzinfo=zone) if given else None
        elif name == "onsite_fee_fen":
            values[name] = given or None
        elif name in AS_TYPED:
            values[name] = given
        elif name.endswith("_en"):
            values[name] = (given or "").strip() or None
        else:
            values[name] = (given or "").strip()
    values["unit"] = Unit(form.unit.data)
    return Plan(**values)


def _reserved(form: PlanForm) -> dict[str, int]:
    """How many places are kept for which tier and those above it."""
    kept = {tier: form[f"reserved_{tier}"].data for tier in KEPT_FOR}
    return {tier: number for tier, number in kept.items() if number}


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


def _questions(form: PlanForm) -> list[QuestionLine]:
    """A condition names a row by its number on the page; the rule wants its place among those
    that stay."""
    stays = [entry.form.counts for entry in form.questions.entries]
    places = {row: sum(stays[: row - 1]) for row, stay in enumerate(stays, 1) if stay}
    return [_question(row, places) for row in _rows(form, "questions")]


def _question(row: dict[str, Any], places: dict[int, int]) -> QuestionLine:
    kind = QuestionKind(row["kind"])
    choices = limited_lines(row["choices_zh"]) if kind == QuestionKind.CHOICE else []
    limits = [limit for _name, limit in choices]
    return QuestionLine(
        kind,
        _text(row, "text_zh"),
        _english(row, "text_en"),
        bool(row["required"]),
        [name for name, _limit in choices],
        lines_of(row["choices_en"]) if choices else [],
        [] if all(limit is None for limit in limits) else limits,
        bool(row["per_person"]) if choices else False,
        _condition(row, places),
        _answer(row) if row["only_if"] is not None else None,
        _id(row),
    )


def _condition(row: dict[str, Any], places: dict[int, int]) -> int | None:
    """The place of the question meant; one that is gone is a place that no question has."""
    return None if row["only_if"] is None else places.get(row["only_if"], MOST_ROWS)


def _answer(row: dict[str, Any]) -> str:
    """The answer as it is kept; yes and no as people write them."""
    typed = _text(row, "only_if_answer")
    return {"是": YES, "否": NO}.get(typed, typed.lower() if typed.lower() in (YES, NO) else typed)


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


def _phone(row: dict[str, Any]) -> str:
    """A number that can be called; one that is none stays as it was typed."""
    typed = _text(row, "phone")
    try:
        return normalise_phone(typed) if typed else ""
    except Refusal:
        return typed


def _id(row: dict[str, Any]) -> int | None:
    return int(row["id"]) if str(row["id"] or "").isdecimal() else None


def days_of(starts_at: datetime | None, ends_at: datetime | None) -> int:
    """How many days an event touches, by its typed moments."""
    if starts_at is None or ends_at is None or ends_at < starts_at:
        return 1
    return (ends_at.date() - starts_at.date()).days + 1
