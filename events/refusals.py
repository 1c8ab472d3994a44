"""The ways in which the rules of events say no."""

from foundation.refusals import Refusal


class NotForSignUp(Refusal):
    """The event is a draft, was cancelled, or is over."""


class NotYetOpen(Refusal):
    """Sign-up, or the door, opens later."""


class TooLate(Refusal):
    """A deadline has passed (R26)."""


class NotEligible(Refusal):
    """The event is for others: not a member, another tier, another model, not invited."""


class CarNeeded(Refusal):
    """The car is missing, or is not theirs."""


class CarAlreadyComes(Refusal):
    """Somebody else has signed this car up."""


class SessionNeeded(Refusal):
    """No session was chosen, or one of another event."""


class PartyRefused(Refusal):
    """The party is too large, or too large to change now."""


class GuardianNeeded(PartyRefused):
    """A minor comes without an adult of the party who looks after them."""


class PaperMissing(Refusal):
    """A paper that the event asks for has run out by then, or nobody knows until when it runs."""


class TermsNotAccepted(Refusal):
    """The event's terms were not accepted, or have changed since they were read."""


class ChoiceFull(Refusal):
    """As many as can have chosen this."""


class Closed(Refusal):
    """A capacity of zero takes neither registrations nor waiting (R17)."""


class AnswerMissing(Refusal):
    """A question of the organiser has no answer, or one that does not fit."""


class NotActive(Refusal):
    """The registration has ended."""


class OthersWait(Refusal):
    """The place or the room to grow goes to those who wait first (R20)."""


class DocumentRefused(Refusal):
    """A file that cannot be kept with an event."""


class FeeRefused(Refusal):
    """Money cannot be noted so."""


class CostRefused(Refusal):
    """A cost cannot be noted so."""


class OfferEnded(Refusal):
    """The offer has run out, or was answered."""


class NothingFree(Refusal):
    """There is no place to offer."""


class PlanRefused(Refusal):
    """What was planned cannot be so."""


class SessionInUse(PlanRefused):
    """People have signed up for the session."""


class WordsRefused(Refusal):
    """A letter cannot be said in these words."""


class TimeRefused(Refusal):
    """A letter cannot go out at this moment."""


class MessageRefused(Refusal):
    """A message cannot be sent, or not any more."""


class SurveyRefused(Refusal):
    """An answer to the questions after an event does not count."""


class DoorRefusal(Refusal):
    """Somebody cannot be checked in; the message names the reason (R28)."""


class UnknownTicket(DoorRefusal):
    """No ticket of this club."""


class WrongEvent(DoorRefusal):
    """A ticket for another event."""


class TicketRevoked(DoorRefusal):
    """The ticket was withdrawn."""


class RegistrationCancelled(DoorRefusal):
    """The registration has ended."""


class StillWaiting(DoorRefusal):
    """On the waitlist, or an offer that nobody accepted."""


class DoorClosed(DoorRefusal):
    """Check-in is not open yet, or the event does not take place."""
