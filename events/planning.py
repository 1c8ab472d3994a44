"""A plan of an event as it was typed, and what speaks against it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from events.models import Event, Unit
from events.refusals import PlanRefused
from foundation.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything of an event that is written, not counted; names are those of the table."""

    title_zh: str
    title_en: str | None = None
    summary_zh: str = ""
    summary_en: str | None = None
    about_zh: str = ""
    about_en: str | None = None
    bring_zh: str = ""
    bring_en: str | None = None
    offer_zh: str = ""
    offer_en: str | None = None
    place_zh: str
    place_en: str | None = None
    address: str = ""
    edition: int | None = None
    starts_at: datetime
    ends_at: datetime
    unit: Unit = Unit.PERSON
    one_per_car: bool = False
    party_limit: int = 4
    register_from: datetime | None = None
    register_until: datetime | None = None
    change_until: datetime | None = None
    cancel_until: datetime | None = None
    fee_fen: int = 0
    onsite_fee_fen: int | None = None
    fee_zh: str = ""
    fee_en: str | None = None
    gift_zh: str = ""
    gift_en: str | None = None
    gift_rule_zh: str = ""
    gift_rule_en: str | None = None
    attendance_points: int | None = None
    voucher_kind_id: int | None = None
    for_tiers: list[str] = field(default_factory=list)
    for_models: list[str] = field(default_factory=list)
    for_energies: list[str] = field(default_factory=list)
    interests: list[str] = field(default_factory=list)
    invited_only: bool = False
    interests_only: bool = False
    hidden: bool = False
    reserved: dict[str, Any] = field(default_factory=dict)
    reserved_until: datetime | None = None
    asks_papers: list[str] = field(default_factory=list)
    agency: str = ""
    agency_licence: str = ""
    insurer: str = ""
    terms_zh: str = ""
    terms_en: str | None = None

    @classmethod
    def of(cls, event: Event) -> "Plan":
        """The plan that an event follows now."""
        return cls(**{name: getattr(event, name) for name in names()})

    def values(self) -> dict[str, Any]:
        """Column by column."""
        return {name: getattr(self, name) for name in names()}


def names() -> Iterable[str]:
    """The columns that a plan fills."""
    return [one.name for one in fields(Plan)]


def check(plan: Plan) -> None:
    """Raise PlanRefused with the first thing that cannot be so."""
    if not plan.title_zh.strip() or not plan.place_zh.strip():
        raise PlanRefused(N_("An event needs a title and a place in Chinese."))
    if plan.ends_at <= plan.starts_at:
        raise PlanRefused(N_("The event must end after it starts."))
    if not 1 <= plan.party_limit <= 99:
        raise PlanRefused(N_("A party may have from 1 to 99 people."))
    if plan.interests_only and not plan.interests:
        raise PlanRefused(N_("Please say which interests the event is for."))
    if plan.fee_fen < 0 or (plan.onsite_fee_fen or 0) < 0 or (plan.attendance_points or 0) < 0:
        raise PlanRefused(N_("Fee and points cannot be below zero."))
    if plan.edition is not None and plan.edition < 1:
        raise PlanRefused(N_("An edition is counted from 1."))
    _check_deadlines(plan)


def _check_deadlines(plan: Plan) -> None:
    until = plan.register_until or plan.starts_at
    if until > plan.ends_at:
        raise PlanRefused(N_("Sign-up must close before the event is over."))
    if plan.register_from is not None and plan.register_from >= until:
        raise PlanRefused(N_("Sign-up must open before it closes."))
    for deadline in (plan.change_until, plan.cancel_until):
        if deadline is not None and deadline > plan.ends_at:
            raise PlanRefused(N_("Changing and cancelling must close before the event is over."))
    if plan.reserved_until is not None and plan.reserved_until > until:
        raise PlanRefused(N_("Places are kept for tiers until sign-up closes at the latest."))
