"""Limited choices: meals, rooms, shirts. Nobody waits for one at sign-up, they choose another."""

from collections.abc import Iterable

from events import quotas
from events.models import Event, Quota, QuotaKind, Registration
from events.refusals import ChoiceFull
from foundation.words import N_, InBoth


def check(event: Event, rows: Iterable[Quota], needs: quotas.Needs) -> None:
    """What was chosen is still to be had: nobody waits for a meal, they choose another."""
    for quota in rows:
        if quota.kind == QuotaKind.CHOICE and quota.id in needs and not is_open(quota, needs):
            left = 0 if quota.waiting else quotas.left(quota)
            raise ChoiceFull(
                N_("“%(choice)s”: only %(left)s left. Please choose something else.")
                if left
                else N_("“%(choice)s” is all taken. Please choose something else."),
                choice=words(event, quota),
                left=left,
            )


def is_open(quota: Quota, needs: quotas.Needs) -> bool:
    """Whether a newcomer can have these places, by the row as it was read."""
    return quota.waiting == 0 and quotas.has_room(quota, needs[quota.id])


def words(event: Event, quota: Quota) -> InBoth:
    """A limited choice as members read it."""
    choice = quota.choice or ""
    for question in event.questions:
        if question.id == quota.question_id and choice in question.choices_zh:
            place = question.choices_zh.index(choice)
            return InBoth(choice, (question.choices_en or question.choices_zh)[place])
    return InBoth(choice, None)


def gone(registration: Registration) -> InBoth | None:
    """What one who waits chose and cannot have any more; another choice is served in turn."""
    if not registration.waits_for:
        return None
    event = registration.event
    kept = (row for row in event.quotas if row.id in registration.waits_for)
    lost = next((row for row in kept if row.kind == QuotaKind.CHOICE), None)
    return words(event, lost) if lost else None
