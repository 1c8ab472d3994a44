"""Choosing members at the desk: the boxes, the count, the list with its reasons."""

from typing import Any
from urllib.parse import urlencode

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.datastructures import MultiDict

from club.models import Tier
from events import conditions
from events.models import Event
from foundation import clock
from foundation.web.database import db
from foundation.web.language import reader_language
from foundation.words import N_
from members.models import Energy, InterestGroup, MemberFacts, Owner
from members.roster import models_in_use
from outreach import choosing, segments
from outreach.models import Topic
from outreach.reasons import reasons
from outreach.rules import Every, Rule, WrongRule, from_json

SHOWN = 50
VISITS = (
    ("none:3", N_("No visit for 3 months")),
    ("none:6", N_("No visit for 6 months")),
    ("none:12", N_("No visit for 12 months")),
    ("within:3", N_("Visited in the last 3 months")),
    ("within:12", N_("Visited in the last 12 months")),
)
ENERGIES = {
    Energy.FUEL: N_("Fuel"),
    Energy.HYBRID: N_("Hybrid"),
    Energy.PLUG_IN: N_("Plug-in hybrid"),
    Energy.RANGE_EXTENDER: N_("Range extender"),
    Energy.ELECTRIC: N_("Electric"),
}


def choice_values(ticked: MultiDict[str, str]) -> dict[str, Any]:
    """What the page of a choice shows: the boxes as ticked, and whom they choose."""
    try:
        rule: Rule = choosing.rule_of(ticked)
        wrong = None
    except WrongRule as refusal:
        rule, wrong = choosing.rule_of(MultiDict()), _(refusal.message)
    return {
        "ticked": {name: ticked.getlist(name) for name in choosing.NAMES},
        "query": urlencode(
            [(k, v) for k in ("event_id", *choosing.NAMES) for v in ticked.getlist(k)]
        ),
        "refusal": wrong,
        "rule": rule,
        **_boxes(),
        **audience(rule),
    }


def audience(rule: Rule) -> dict[str, Any]:
    """The count, and the first of the list with the reason for each."""
    today = clock.shop_day(clock.now(), current_app.extensions["club_settings"].zone)
    ids = segments.some(db.session, rule, today, limit=SHOWN)
    owners = db.session.scalars(select(Owner).where(Owner.id.in_(ids)).order_by(Owner.id)).all()
    facts = db.session.scalars(select(MemberFacts).where(MemberFacts.owner_id.in_(ids)))
    return {
        "count": segments.count(db.session, rule, today),
        "owners": owners,
        "facts": {row.owner_id: row for row in facts},
        "why": reasons(db.session, rule, ids, today, reader_language()),
        "shown": SHOWN,
    }


def who_cannot_come(
    values: dict[str, Any], event: Event | None, ticked: MultiDict[str, str]
) -> dict[str, Any]:
    """How many of the chosen the event is not meant for, and the query that leaves them out."""
    meant = choosing.may_come_to(event) if event else None
    if event is None or meant is None or not meant.of or not values["count"]:
        return {"cannot_come": 0}
    today = clock.shop_day(clock.now(), current_app.extensions["club_settings"].zone)
    fits = segments.count(db.session, Every((values["rule"], meant)), today)
    boxes = choosing.ticked_of(meant)
    replaced = {name for name, _value in boxes}
    kept = [(k, v) for k in choosing.NAMES if k not in replaced for v in ticked.getlist(k)]
    return {
        "cannot_come": values["count"] - fits,
        "meant_for": event,
        "likes": conditions.likes_of(db.session, event),
        "fitting": urlencode([("event_id", str(event.id)), *boxes, *kept]),
    }


def choosing_query(event_id: int, rule: dict[str, Any]) -> str:
    """The query that opens the choice as it was made; a rule that no boxes make is left out."""
    try:
        boxes = choosing.ticked_of(from_json(rule))
    except WrongRule:
        boxes = []
    return urlencode([("event_id", str(event_id)), *boxes])


def _boxes() -> dict[str, Any]:
    groups = select(InterestGroup).options(selectinload(InterestGroup.items))
    return {
        "groups": db.session.scalars(groups.order_by(InterestGroup.position)).all(),
        "tiers": db.session.scalars(select(Tier)).all(),
        "models": models_in_use(db.session),
        "energies": [(energy.value, _(label)) for energy, label in ENERGIES.items()],
        "topics": [(topic.value, _(topic.label)) for topic in Topic],
        "visits": [(value, _(label)) for value, label in VISITS],
    }
