"""The tables of this room."""

from events.models.programme import (
    AgendaItem,
    CheckInStep,
    ChecklistItem,
    Event,
    EventKind,
    EventSession,
    EventState,
    Question,
    QuestionKind,
    Quota,
    QuotaKind,
    Unit,
)
from events.models.registrations import (
    ACTIVE,
    Answer,
    CheckIn,
    Companion,
    EventInvitee,
    Registration,
    RegistrationState,
    Ticket,
)

__all__ = [
    "ACTIVE",
    "AgendaItem",
    "Answer",
    "CheckIn",
    "CheckInStep",
    "ChecklistItem",
    "Companion",
    "Event",
    "EventInvitee",
    "EventKind",
    "EventSession",
    "EventState",
    "Question",
    "QuestionKind",
    "Quota",
    "QuotaKind",
    "Registration",
    "RegistrationState",
    "Ticket",
    "Unit",
]
