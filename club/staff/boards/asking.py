"""What every board is made from: the session, the period, the shop's day, and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import Tier, TierCode
from club.worth import POINTS_PER_YUAN
from foundation import tunables
from foundation.charts import Chart, Kind, Row, Unit
from foundation.periods import Period
from foundation.shop import in_language
from foundation.web.language import reader_language


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: of which period, on which day; `query` is the period in an address."""

    db: Session
    period: Period
    today: date
    zone: ZoneInfo
    query: str

    def address(self, path: str) -> str:
        """A page of figures for the same period."""
        return f"{path}?{self.query}"

    @property
    def is_past(self) -> bool:
        """Whether the period ended before today, so that what stands today is another thing."""
        return self.period.last < self.today

    def fen(self, points: int) -> int:
        """What points are worth, in fen."""
        return points * 100 // tunables.value(self.db, POINTS_PER_YUAN)

    def tier_words(self) -> dict[TierCode, str]:
        """The tiers' names, the lowest first."""
        tiers = {one.code: one for one in self.db.scalars(select(Tier))}
        return {code: word(tiers[code]) for code in TierCode if code in tiers}

    def by_month(
        self, kind: Kind, title: str, months: Mapping[str, int], unit: Unit = "points"
    ) -> Chart:
        """A chart of one figure over the months of the period."""
        rows = [Row(month, [months.get(month, 0)]) for month in self.period.months]
        return Chart(kind, title, rows, _("Month"), unit=unit)


def word(thing: object, field: str = "name") -> str:
    """A staff text in the reader's language."""
    return in_language(thing, field, reader_language())
