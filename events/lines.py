"""Lines of an editor: what the lists of an event are made from."""

from dataclasses import dataclass, field
from datetime import datetime

from events.models import QuestionKind


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A line of the timed agenda."""

    starts_at: datetime
    title_zh: str
    title_en: str | None = None
    about_zh: str = ""
    about_en: str | None = None


@dataclass(frozen=True, slots=True)
class HostLine:
    """Somebody who receives the members."""

    name: str
    role_zh: str = ""
    role_en: str | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of check-in; with the `id` of one that stands, that one is renamed."""

    name_zh: str
    name_en: str | None = None
    note_zh: str = ""
    note_en: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """An item of a seasonal check."""

    name_zh: str
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question to who signs up; with the `id` of one that stands, that one is reworded.

    `limits` are the places of each choice in their order (None = unlimited), empty where nothing
    is counted. `only_if` is the position of the question on whose answer this one depends.
    """

    kind: QuestionKind
    text_zh: str
    text_en: str | None = None
    required: bool = False
    choices_zh: list[str] = field(default_factory=list)
    choices_en: list[str] = field(default_factory=list)
    limits: list[int | None] = field(default_factory=list)
    per_person: bool = False
    only_if: int | None = None
    only_if_answer: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session with its places; with the `id` of one that stands, that one is changed."""

    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    name_zh: str = ""
    name_en: str | None = None
    id: int | None = None
