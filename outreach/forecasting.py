"""Before a round is sent: whom it reaches by which channel, and who is left out and why."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.outbox import Channel
from foundation.settings import Settings
from members.models import Owner
from outreach import campaigns, cap, segments
from outreach.models import Topic
from outreach.rules import Rule

NAMED = 30


@dataclass(slots=True)
class Forecast:
    """How many are reached by each channel and in which language; `left_out` are the first of
    those skipped, each with the reason. `later` had enough this week, so that theirs waits (R39).
    """

    reached: Counter[Channel] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    left_out: list[tuple[Owner, str]] = field(default_factory=list)
    later: int = 0

    @property
    def members(self) -> int:
        """How many get it at all."""
        return self.reached.total()

    def messages(self, per_text: dict[str, int]) -> int:
        """As how many messages the texts count, by the length of one in each language."""
        return sum(number * per_text[language] for language, number in self.texts.items())


def forecast(
    db: Session,
    rule: Rule,
    topic: Topic,
    more_reasons: Callable[[Sequence[int]], dict[int, str]],
    settings: Settings,
    *,
    now: datetime,
) -> Forecast:
    """What sending would do now; `more_reasons` are those of this round alone to skip somebody."""
    day, after, found = clock.shop_day(now, settings.zone), 0, Forecast()
    while ids := segments.some(db, rule, day, after=after, limit=campaigns.BATCH):
        owners = list(db.scalars(select(Owner).where(Owner.id.in_(ids)).order_by(Owner.id)))
        drawn = campaigns.prepare(db, owners, topic, settings.hash_key)
        drawn.skip.update(more_reasons(ids))
        _count(found, drawn)
        reached = [one for one in ids if one not in drawn.skip]
        found.later += len(cap.had_enough(db, reached, now))
        after = ids[-1]
    return found


def _count(found: Forecast, drawn: campaigns.Drawn) -> None:
    for owner in drawn.owners:
        why, reader = drawn.skip.get(owner.id), drawn.readers[owner.id]
        if why is None:
            found.reached[reader.channel] += 1
            found.texts[reader.language] += reader.channel is Channel.TEXT
        else:
            found.skipped[why] += 1
            if len(found.left_out) < NAMED:
                found.left_out.append((owner, why))
