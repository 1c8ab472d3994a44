"""Who comes along: a party within the limit, and an adult for each minor."""

from collections.abc import Sequence

from events.answers import Guest
from events.models import Event
from events.refusals import GuardianNeeded, PartyRefused
from foundation.words import N_


def check_party(event: Event, party_size: int, guests: Sequence[Guest]) -> None:
    """A party within the limit, large enough for those who are named, with nobody unguarded."""
    if not 1 <= party_size <= event.party_limit:
        raise PartyRefused(
            N_("A party may have from 1 to %(limit)s people."), limit=event.party_limit
        )
    if len(guests) >= party_size:
        raise PartyRefused(N_("You named more companions than your party has places."))
    for guest in guests:
        if guest.is_minor and not _is_guarded(guest, guests):
            raise GuardianNeeded(
                N_("Everybody under 18 needs an adult of your party who looks after them.")
            )


def _is_guarded(minor: Guest, guests: Sequence[Guest]) -> bool:
    """By the member, who is 0, or by an adult among the companions, counted from 1."""
    if minor.guardian is None or not 0 <= minor.guardian <= len(guests):
        return False
    return minor.guardian == 0 or not guests[minor.guardian - 1].is_minor
