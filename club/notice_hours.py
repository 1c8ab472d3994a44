"""When notices of the club go out: by day, so that no text wakes anybody."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(9)
EVENING = time(20)


def by_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself between morning and evening in the shop's time, else the next morning."""
    local = moment.astimezone(zone)
    opens = datetime.combine(local, MORNING, zone)
    if opens <= local < datetime.combine(local, EVENING, zone):
        return moment
    return opens if local < opens else opens + timedelta(days=1)
