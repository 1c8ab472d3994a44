"""Staff write a rule set: begun as a copy of the newest, changed freely until it is published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import delete
from sqlalchemy.orm import Session

from club.models import RuleCampaign, RuleSimulation, RuleTier, RuleVersion, TierCode
from club.rule_stamps import check_seen, check_stands, hold
from club.rules import ONCE
from club.rules_in_force import rule_book
from foundation import audit, clock
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import OrderKind

MOST_HUNDREDTHS = 10_000
MOST_MONTHS = 120
MOST_POINTS = 100_000
MOST_FEN = 1_000_000_000


class NotADraft(Refusal):
    """Published rules are never edited (R11)."""


class NameMissing(Refusal):
    """A rule set, a campaign: without a name nobody can speak of it."""


class NumberOutOfRange(Refusal):
    """A number that no rule can have."""


class TiersOutOfOrder(Refusal):
    """Each tier asks for more than the one below it, and never earns less."""


class NameTaken(Refusal):
    """Two campaigns of one name cannot be told apart, by members or by a comparison."""


class DaysOutOfOrder(Refusal):
    """A campaign ends on or after its first day."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A rule set as typed: thresholds in fen, rates and multipliers in hundredths."""

    name: str
    window_months: int
    keep_months: int
    points_live_months: int
    base_rate: int
    rates: Mapping[OrderKind, int]
    bonuses: Mapping[str, int]
    tiers: Mapping[TierCode, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class CampaignWords:
    """A campaign as typed; an empty list limits nothing."""

    name_zh: str
    name_en: str
    from_on: date | None
    until_on: date | None
    hundredths: int
    kinds: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    energies: tuple[str, ...] = ()


def begin(db: Session, name: str, *, by: int | None, now: datetime) -> RuleVersion:
    """A new draft with the numbers of the newest published rules."""
    newest = rule_book(db).versions[-1]
    draft = RuleVersion(
        name=_named(name),
        changed_at=now,
        window_months=newest.window_months,
        keep_months=newest.keep_months,
        points_live_months=newest.points_live_months,
        base_rate=newest.base_rate,
        rates=dict(newest.rates),
        bonuses=dict(newest.bonuses),
        tiers=[
            RuleTier(tier=row.tier, threshold_fen=row.threshold_fen, multiplier=row.multiplier)
            for row in newest.tiers
        ],
        campaigns=[
            RuleCampaign(
                name_zh=one.name_zh,
                name_en=one.name_en,
                from_on=one.from_on,
                until_on=one.until_on,
                hundredths=one.hundredths,
                kinds=sorted(one.kinds),
                tiers=sorted(one.tiers),
                energies=sorted(one.energies),
            )
            for one in newest.campaigns
        ],
    )
    db.add(draft)
    db.flush()
    audit.record(db, "rules.begin", "rules", draft.id, by=by, now=now, name=draft.name)
    return draft


def change(
    db: Session,
    draft: RuleVersion,
    numbers: Numbers,
    *,
    by: int | None,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Write other numbers into a draft; `seen` is its stamp where a form was opened with it."""
    _hold(db, draft)
    check_seen(draft, seen)
    name = _named(numbers.name)
    _check(numbers)
    draft.name, draft.changed_at = name, now
    draft.window_months, draft.keep_months = numbers.window_months, numbers.keep_months
    draft.points_live_months, draft.base_rate = numbers.points_live_months, numbers.base_rate
    draft.rates = {kind.value: rate for kind, rate in numbers.rates.items()}
    draft.bonuses = dict(numbers.bonuses)
    rows = {row.tier: row for row in draft.tiers}
    for tier, (threshold, multiplier) in numbers.tiers.items():
        rows[tier].threshold_fen, rows[tier].multiplier = threshold, multiplier
    audit.record(db, "rules.change", "rules", draft.id, by=by, now=now, name=name)
    db.flush()


def keep_campaign(
    db: Session,
    draft: RuleVersion,
    found: RuleCampaign | None,
    words: CampaignWords,
    *,
    by: int | None,
    now: datetime,
    seen: str | None = None,
) -> RuleCampaign:
    """Add a campaign to a draft, or change one of its own, which had the stamp `seen`."""
    _hold(db, draft)
    if found is not None:
        check_stands(draft, found)
        check_seen(found, seen)
    name = _named(words.name_zh)
    if words.hundredths < ONCE:
        raise NumberOutOfRange(N_("A campaign never takes points away: please enter 1 or more."))
    _check_range([words.hundredths], ONCE, MOST_HUNDREDTHS)
    if words.from_on is None or words.until_on is None or words.until_on < words.from_on:
        raise DaysOutOfOrder(N_("A campaign has a first and a last day, in this order."))
    if not all(map(clock.is_meant, (words.from_on, words.until_on))):
        raise DaysOutOfOrder(N_("A campaign has a first and a last day, in this order."))
    if any(one is not found and one.name_zh == name for one in draft.campaigns):
        raise NameTaken(N_("This draft has a campaign of this name already. Please name it anew."))
    kept = found or RuleCampaign()
    kept.name_zh, kept.name_en = name, words.name_en.strip() or None
    kept.from_on, kept.until_on, kept.hundredths = words.from_on, words.until_on, words.hundredths
    kept.kinds, kept.tiers = list(words.kinds), list(words.tiers)
    kept.energies = list(words.energies)
    if found is None:
        draft.campaigns.append(kept)
    draft.changed_at = now
    audit.record(db, "rules.campaign", "rules", draft.id, by=by, now=now, name=name)
    db.flush()
    return kept


def drop_campaign(
    db: Session, draft: RuleVersion, found: RuleCampaign, *, by: int | None, now: datetime
) -> None:
    """Take a campaign out of a draft; one that is out already changes nothing."""
    _hold(db, draft)
    if found not in draft.campaigns:
        return
    draft.campaigns.remove(found)
    draft.changed_at = now
    audit.record(db, "rules.campaign-drop", "rules", draft.id, by=by, now=now, name=found.name_zh)
    db.flush()


def discard(db: Session, draft: RuleVersion, *, by: int | None, now: datetime) -> None:
    """Throw a draft away with its trials; the audit trail keeps that it was there."""
    _hold(db, draft)
    audit.record(db, "rules.discard", "rules", draft.id, by=by, now=now, name=draft.name)
    db.execute(delete(RuleSimulation).where(RuleSimulation.version_id == draft.id))
    db.delete(draft)
    db.flush()


def _hold(db: Session, draft: RuleVersion) -> None:
    """The draft as it is stored now; of two who save it at once the second waits here."""
    db.flush()
    hold(db, draft)
    _check_draft(draft)


def _check_draft(version: RuleVersion) -> None:
    if not version.is_draft:
        raise NotADraft(N_("Published rules are never edited. Begin a draft from them."))


def _named(name: str) -> str:
    if not name.strip():
        raise NameMissing(N_("Please give it a name."))
    return name.strip()


def _check(numbers: Numbers) -> None:
    months = (numbers.window_months, numbers.keep_months, numbers.points_live_months)
    _check_range(months, 1, MOST_MONTHS)
    _check_range([numbers.base_rate, *numbers.rates.values()], 0, MOST_HUNDREDTHS)
    _check_range(numbers.bonuses.values(), 0, MOST_POINTS)
    rows = [numbers.tiers[tier] for tier in TierCode]
    _check_range([threshold for threshold, _ in rows], 0, MOST_FEN)
    _check_range([multiplier for _, multiplier in rows], 1, MOST_HUNDREDTHS)
    steps = pairwise(rows)
    if rows[0][0] != 0 or any(low[0] >= high[0] or low[1] > high[1] for low, high in steps):
        raise TiersOutOfOrder(
            N_("The lowest tier begins at 0; each further one asks for more and earns no less.")
        )


def _check_range(numbers: Iterable[int], low: int, high: int) -> None:
    for number in numbers:
        if not low <= number <= high:
            raise NumberOutOfRange(
                N_("Please enter numbers from %(low)s to %(high)s here."), low=low, high=high
            )
