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
from events.models.subscriptions import CalendarSubscription

__all__ = [
    "ACTIVE",
    "AgendaItem",
    "Answer",
    "CalendarSubscription",
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
