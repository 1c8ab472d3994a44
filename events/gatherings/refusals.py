"""The ways in which the rules of gatherings say no."""

from foundation.refusals import Refusal


class BallotUnclear(Refusal):
    """A ballot needs a title, two options and a time to close."""


class NoVote(Refusal):
    """The ballot is not open, the option is not on it, or the car is not here."""


class VotesAreIn(Refusal):
    """Somebody has voted, so the options stay as they are."""


class NoDraw(Refusal):
    """There is nothing to draw yet, or it was drawn."""


class RunUnclear(Refusal):
    """No car drives so far, or uses so much or so little."""


class SaleRefused(Refusal):
    """Nothing of that kind is left, or it is not sold here."""
