"""The ways in which the rules of the workshop say no."""

from foundation.refusals import Refusal


class PlanUnclear(Refusal):
    """The workshop plan of an event cannot be kept as it was typed."""


class BayUnclear(Refusal):
    """A bay needs a name, and one that is in use stays."""


class NotThere(Refusal):
    """The bay does not serve the event, or there is no slot at that time."""


class Taken(Refusal):
    """The bay, the advisor or the car is busy at that time (R25)."""


class NotPlaced(Refusal):
    """The registration has no place, so its car needs no bay and no sheet."""


class PointsUnclear(Refusal):
    """The list of points cannot be kept as it was typed."""


class SheetClosed(Refusal):
    """The sheet is signed; it is opened again before anything changes."""


class NotFinished(Refusal):
    """Something is missing before the sheet can be signed."""


class NoAdvice(Refusal):
    """There is nothing to answer, or it was dealt with."""
