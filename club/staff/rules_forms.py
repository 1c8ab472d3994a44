"""The shape of a rule set as typed: percent-like numbers with two decimals become hundredths."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from club.campaign_words import TIER_WORDS
from club.models import BonusKind, RuleCampaign, RuleVersion, TierCode
from club.rule_drafts import CampaignWords, Numbers
from foundation.amounts import parse_fen
from foundation.half_width import half_width
from foundation.refusals import Refusal
from foundation.web.language import say
from members.car_words import ENERGY_WORDS
from members.models import NEVER_EARN, OrderKind

KINDS = [kind for kind in OrderKind if kind not in NEVER_EARN]
MONTHS = ("window_months", "keep_months", "points_live_months")
NAME = [InputRequired(_("Please give it a name.")), Length(max=100)]


class TimesField(StringField):
    """A multiplier as people write it (1.5); `data` is hundredths."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else times(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = hundredths(valuelist[0] if valuelist else "")
        if self.data is None:
            raise ValueError(_("Please enter a number such as 1 or 1.5."))


class CampaignForm(FlaskForm):
    """One campaign of a draft."""

    name_zh = StringField(_("Name in Chinese"), NAME)
    name_en = StringField(_("Name in English"), [Length(max=100)])
    from_on = DateField(_("First day"), [Optional()])
    until_on = DateField(_("Last day"), [Optional()])
    hundredths = TimesField(_("Times"), default=200)
    kinds = SelectMultipleField(_("Only for this work"))
    tiers = SelectMultipleField(_("Only for these tiers"))
    energies = SelectMultipleField(_("Only for these cars"))

    def __init__(self, found: RuleCampaign | None = None) -> None:
        super().__init__(obj=found)
        self.kinds.choices = _choices({kind: kind.label for kind in KINDS})
        self.tiers.choices = _choices(TIER_WORDS)
        self.energies.choices = _choices(ENERGY_WORDS)

    def said(self) -> CampaignWords:
        """What was typed, for the rule."""
        return CampaignWords(
            name_zh=self.name_zh.data or "",
            name_en=self.name_en.data or "",
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            hundredths=self.hundredths.data or 0,
            kinds=tuple(self.kinds.data or ()),
            tiers=tuple(self.tiers.data or ()),
            energies=tuple(self.energies.data or ()),
        )


class NameForm(FlaskForm):
    """A new draft."""

    name = StringField(_("Name of the draft"), NAME)


class PublishForm(FlaskForm):
    """The first day of rules."""

    starts_on = DateField(_("First day"), [InputRequired(_("Please choose the first day."))])


def typed_of(version: RuleVersion) -> dict[str, str]:
    """The cells of the editor as they stand."""
    cells = {name: str(getattr(version, name)) for name in MONTHS}
    cells |= {"name": version.name, "base_rate": times(version.base_rate)}
    for kind in KINDS:
        rate = version.rates.get(kind.value)
        cells[f"rate-{kind.value}"] = "" if rate is None else times(rate)
    for bonus in BonusKind:
        cells[f"bonus-{bonus.value}"] = str(version.bonuses.get(bonus.value, 0))
    for row in version.tiers:
        cells[f"threshold-{row.tier.value}"] = f"{row.threshold_fen / 100:.2f}".removesuffix(".00")
        cells[f"multiplier-{row.tier.value}"] = times(row.multiplier)
    return cells


def numbers_of(cells: Mapping[str, str]) -> Numbers:
    """The editor's cells as numbers; what is no number is out of every range."""
    rates = {kind: cells.get(f"rate-{kind.value}", "") for kind in KINDS}
    return Numbers(
        name=cells.get("name", "")[:100],
        **{name: _whole(cells.get(name, "")) for name in MONTHS},
        base_rate=_hundredths(cells.get("base_rate", "")),
        rates={kind: _hundredths(text) for kind, text in rates.items() if text.strip()},
        bonuses={kind.value: _whole(cells.get(f"bonus-{kind.value}", "")) for kind in BonusKind},
        tiers={tier: _tier(cells, tier) for tier in TierCode},
    )


def times(number: Any) -> str:
    """Hundredths as people write them: 150 → 1.5."""
    return "" if number is None else f"{Decimal(number) / 100:f}".rstrip("0").rstrip(".") or "0"


def hundredths(text: str) -> int | None:
    """1.5 → 150; None where it is no number with at most two decimals."""
    try:
        number = Decimal(half_width(text).strip()) * 100
    except InvalidOperation:
        return None
    return int(number) if number.is_finite() and number == int(number) else None


def _choices(words: Mapping[Any, str]) -> list[SelectChoice]:
    return [SelectChoice(one.value, say(word)) for one, word in words.items()]


def _tier(cells: Mapping[str, str], tier: TierCode) -> tuple[int, int]:
    try:
        fen = parse_fen(cells.get(f"threshold-{tier.value}", ""))
    except Refusal:
        fen = -1
    return fen, _hundredths(cells.get(f"multiplier-{tier.value}", ""))


def _hundredths(text: str) -> int:
    found = hundredths(text)
    return -1 if found is None else found


def _whole(text: str) -> int:
    plain = half_width(text).strip()
    return int(plain) if plain.isdecimal() and len(plain) < 8 else -1
