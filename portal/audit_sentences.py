"""What each act of the audit trail is called in words; the holes are filled from its details."""

from collections.abc import Mapping

from club.models import ReferralState
from foundation.tunables import DECLARED
from foundation.words import N_
from outreach.models import Topic
from portal.trail_words import club, events, gatherings, house, members, outreach, vouchers

SENTENCES: Mapping[str, str] = {
    **members.SENTENCES,
    **club.SENTENCES,
    **vouchers.SENTENCES,
    **events.SENTENCES,
    **gatherings.SENTENCES,
    **outreach.SENTENCES,
    **house.SENTENCES,
}
_CODES: Mapping[str, Mapping[str, str]] = {
    "state": {state.value: state.label for state in ReferralState},
    "topic": {topic.value: topic.label for topic in Topic},
}
OTHERWISE = N_("%(who)s: %(act)s, %(kind)s %(thing)s.")


def words_for(details: Mapping[str, object]) -> Mapping[str, str]:
    """The marked words of those details that are codes of ours."""
    known = {**_CODES, "key": {key: number.label for key, number in DECLARED.items()}}
    return {
        hole: known[hole][str(code)]
        for hole, code in details.items()
        if str(code) in known.get(hole, ())
    }
