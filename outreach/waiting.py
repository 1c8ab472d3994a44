"""Why a letter stands where it stands, and when it goes on: said to whoever looks at the desk."""

from datetime import datetime

from foundation.outbox import Letter, LetterState
from foundation.words import N_
from outreach.checks import NIGHT
from outreach.hours import Hours, keeps_hours
from outreach.reasons import Reason


def outlook(letter: Letter, hours: Hours, now: datetime) -> list[Reason]:
    """What is to be said of a letter; nothing of one that simply went out.

    Moments stand in the values as they are; the page writes them.
    """
    if letter.state is LetterState.CLAIMED:
        return [Reason(N_("It is being sent."))]
    if letter.state is LetterState.FAILED and letter.why:
        return [Reason(N_("It was not taken: %(said)s"), {"said": letter.why})]
    if letter.state is not LetterState.QUEUED:
        return [Reason(letter.why)] if letter.why else []
    return _when_it_goes(letter, hours, now)


def _when_it_goes(letter: Letter, hours: Hours, now: datetime) -> list[Reason]:
    due = max(letter.not_before, now)
    if keeps_hours(letter) and (hours.next_open(due) > due or _waits_for_day(letter, now)):
        morning = {"time": hours.next_open(due)}
        return [Reason(N_("Will be sent after %(time)s: marketing texts go by day."), morning)]
    if letter.not_before > now:
        return [*([Reason(letter.why)] if letter.why else []), _at(letter.not_before)]
    return [Reason(N_("It goes out with the next round."))]


def _waits_for_day(letter: Letter, now: datetime) -> bool:
    return letter.why == NIGHT and letter.not_before > now


def _at(moment: datetime) -> Reason:
    return Reason(N_("Will be sent after %(time)s."), {"time": moment})
