"""What a letter is about, in words, before its own subject is written."""

from foundation.outbox import Letter
from foundation.words import N_

_WORDS = {
    "code": N_("Code to confirm a contact"),
    "staff_welcome": N_("Welcome to a new colleague"),
    "invitation": N_("Invitation to an event"),
    "newsletter": N_("Newsletter"),
    "club/tier-risen": N_("A higher tier"),
    "events/event-cancelled": N_("Event cancelled"),
    "events/event-moved": N_("Event moved"),
    "events/offer": N_("A place offered from the queue"),
    "events/offer-expired": N_("An offer that ran out"),
    "events/registration-cancelled": N_("Registration cancelled"),
    "events/registration-confirmed": N_("Registration confirmed"),
    "events/registration-waiting": N_("Told of their place in the queue"),
}


def about(letter: Letter) -> str:
    """A marked message; a template without one is called a letter."""
    return _WORDS.get(letter.template, N_("A letter"))
