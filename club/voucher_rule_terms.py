"""Staff write the rules by which orders bring vouchers, put them to work and let them rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import KindState, Voucher, VoucherRule
from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_

MOST_WORDS, MOST_UNITS = 20, 50


class RuleNotReady(Refusal):
    """A rule names its brands, its days and a kind of voucher in force."""


class RuleHasGiven(Refusal):
    """What a rule gave is compared with its terms for ever, so they stay as they were."""


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule as typed; see VoucherRule."""

    name: str
    kind_id: int
    brands: Sequence[str]
    words: Sequence[str]
    at_least: int
    each_unit: bool
    from_on: date
    until_on: date | None


def keep(
    db: Session, rule: VoucherRule | None, said: RuleWords, *, by: int, now: datetime
) -> VoucherRule:
    """Store a new rule, or what changed of one that has given no voucher yet."""
    if rule is not None and has_given(db, rule):
        raise RuleHasGiven(
            N_("This rule has given vouchers, so its terms stay. Let it rest and write a new one.")
        )
    if not said.name.strip():
        raise RuleNotReady(N_("Please give the rule a name."))
    brands, words = _plain(said.brands), _plain(said.words)
    if not brands:
        raise RuleNotReady(N_("Please name at least one brand."))
    if not 0 < said.at_least <= MOST_UNITS:
        raise RuleNotReady(N_("From how many on: a number from 1 to %(most)s."), most=MOST_UNITS)
    if said.until_on is not None and said.until_on < said.from_on:
        raise RuleNotReady(N_("The last day lies before the first."))
    kept = rule or VoucherRule(created_at=now, account_id=by)
    kept.name, kept.kind_id = " ".join(said.name.split()), said.kind_id
    kept.brands, kept.words = brands, words
    kept.at_least, kept.each_unit = said.at_least, said.each_unit
    kept.from_on, kept.until_on = said.from_on, said.until_on
    db.add(kept)
    db.flush()
    act = "voucher-rule.change" if rule else "voucher-rule.add"
    audit.record(db, act, "voucher-rule", kept.id, by=by, now=now)
    db.flush()
    return kept


def has_given(db: Session, rule: VoucherRule) -> bool:
    """Whether the rule has brought a voucher, whatever became of it."""
    query = select(Voucher.id).where(Voucher.rule_id == rule.id).limit(1)
    return db.scalar(query) is not None


def switch(db: Session, rule: VoucherRule, on: bool, *, by: int, now: datetime) -> None:
    """Put a rule to work, or let it rest: at rest it gives nothing and still takes back."""
    if on and rule.kind.state is not KindState.LIVE:
        raise RuleNotReady(N_("Its kind of voucher is not in force. Put that in force first."))
    rule.active = on
    act = "voucher-rule.start" if on else "voucher-rule.rest"
    audit.record(db, act, "voucher-rule", rule.id, by=by, now=now)
    db.flush()


def _plain(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))[
        :MOST_WORDS
    ]
