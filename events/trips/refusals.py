"""The ways in which the rules of trips say no."""

from foundation.refusals import Refusal


class RouteRefused(Refusal):
    """The file is no route that can be drawn."""


class TripRefused(Refusal):
    """What was planned for the trip cannot be so."""


class StopInUse(TripRefused):
    """Cars were ticked off at the stop."""


class NotInConvoy(TripRefused):
    """The car is not of this trip."""


class PictureRefused(Refusal):
    """The file cannot become a picture of the recap."""
