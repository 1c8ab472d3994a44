"""Rule trees against a plain reading of them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from foundation.clock import add_months
from members.models import Energy, Interest, InterestGroup, MemberFacts, Membership, OwnerInterest
from outreach import rules, segments
from outreach.models import Topic
from outreach.reasons import reasons
from outreach.rules import (
    Agrees,
    Attended,
    Drives,
    Either,
    Every,
    InTier,
    Likes,
    Not,
    Orders,
    Points,
    Powered,
    Rule,
    Visited,
)
from tests.making import NOW, make_member, make_vehicle
from tests.outreach.makers import say

TODAY = date(2026, 3, 2)
CODES = ("t-tea", "t-golf", "t-yoga")
TIERS = ("general", "silver", "gold")
MODELS = ("M5", "E3", "x' OR 1=1 --")


@dataclass
class One:
    """A member as the plain reading sees them."""

    likes: set[str] = field(default_factory=set)
    tier: str = "general"
    cars: list[tuple[str, Energy]] = field(default_factory=list)
    last: date | None = None
    numbers: tuple[int, int, int] = (0, 0, 0)
    agrees: set[str] = field(default_factory=set)
    id: int = 0


def plainly(rule: Rule, one: One) -> bool:
    match rule:
        case Every(of):
            return all(plainly(part, one) for part in of)
        case Either(of):
            return any(plainly(part, one) for part in of)
        case Not(inner):
            return not plainly(inner, one)
        case Likes(codes, every):
            return (all if every else any)(code in one.likes for code in codes)
        case InTier(tiers):
            return one.tier in tiers
        case Drives(models):
            return any(model in models for model, _energy in one.cars)
        case Powered(energies):
            return any(energy.value in energies for _model, energy in one.cars)
        case Visited(months, within):
            recent = one.last is not None and one.last > add_months(TODAY, -months)
            return recent is within
        case Agrees(topic):
            return topic in one.agrees
        case Orders(number) | Points(number) | Attended(number):
            return one.numbers[[Orders, Points, Attended].index(type(rule))] >= number


def some(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(names), min_size=1, max_size=2).map(tuple)


LEAVES = st.one_of(
    st.builds(Likes, some(CODES), st.booleans()),
    st.builds(InTier, some(TIERS)),
    st.builds(Drives, some(MODELS)),
    st.builds(Powered, some(("fuel", "electric"))),
    st.builds(Visited, st.integers(1, 14), st.booleans()),
    st.builds(Orders, st.integers(0, 4)),
    st.builds(Points, st.integers(0, 400)),
    st.builds(Attended, st.integers(0, 3)),
    st.builds(Agrees, st.sampled_from([topic.value for topic in Topic])),
)
TREES = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.lists(part, max_size=3).map(lambda of: Every(tuple(of))),
        st.lists(part, min_size=1, max_size=3).map(lambda of: Either(tuple(of))),
        st.builds(Not, part),
    ),
    max_leaves=6,
)
MEMBERS = st.lists(
    st.builds(
        One,
        likes=st.sets(st.sampled_from(CODES)),
        tier=st.sampled_from(TIERS),
        cars=st.lists(
            st.tuples(st.sampled_from(MODELS), st.sampled_from([Energy.FUEL, Energy.ELECTRIC])),
            max_size=2,
        ),
        last=st.one_of(
            st.none(),
            st.integers(0, 14).map(lambda n: add_months(TODAY, -n)),
            st.integers(0, 400).map(lambda n: TODAY - timedelta(days=n)),
        ),
        numbers=st.tuples(st.integers(0, 4), st.integers(0, 400), st.integers(0, 3)),
        agrees=st.sets(st.sampled_from([topic.value for topic in Topic])),
    ),
    max_size=6,
)


def store(db: Session, members: list[One]) -> None:
    group = InterestGroup(code="t", name_zh="组", position=1)
    interests = {code: Interest(code=code, name_zh=code, position=1, group=group) for code in CODES}
    db.add_all(interests.values())
    for one in members:
        owner = make_member(db, login=False)
        one.id = owner.id
        facts = db.get_one(MemberFacts, owner.id)
        facts.tier, facts.last_visit_on = one.tier, one.last
        facts.orders, facts.points, facts.attended = one.numbers
        for code in one.likes:
            row = OwnerInterest(owner_id=owner.id, interest_id=interests[code].id, since=NOW)
            db.add(row)
        for model, energy in one.cars:
            make_vehicle(db, owner, model=model, energy=energy)
        for topic in one.agrees:
            say(db, owner, Topic(topic), True)  # type: ignore[call-arg]
    db.flush()


@given(members=MEMBERS, tree=TREES)
@how(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_count_list_and_a_plain_reading_agree(db: Session, members: list[One], tree: Rule) -> None:
    """R42: preview, list and count are one query, equal to a plain reading of the rule."""
    inner = db.begin_nested()
    try:
        store(db, members)
        expected = [one.id for one in members if plainly(tree, one)]
        assert segments.some(db, tree, TODAY) == expected
        assert segments.count(db, tree, TODAY) == len(expected)
        assert list(reasons(db, tree, expected, TODAY, "zh-Hans")) == expected
    finally:
        inner.rollback()
        db.expunge_all()


@given(tree=TREES)
def test_a_tree_survives_json(tree: Rule) -> None:
    assert rules.from_json(rules.to_json(tree)) == tree


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"sql": "1=1"},
        {"either": []},
        {"tier": ["platinum"]},
        {"tier": []},
        {"points": "1"},
        {"points": True},
        {"points": -1},
        {"visited_months": 0, "within": True},
        {"agrees": "everything"},
        {"model": ["M5"], "or": 1},
        {
            "every": [
                {"every": [{"every": [{"every": [{"every": [{"every": [{"every": [{}]}]}]}]}]}]}
            ]
        },
        {"every": [{"points": 1}] * 41},
    ],
)
def test_other_json_is_refused(data: Any) -> None:
    """R42: red when `_leaf` lets unknown keys through."""
    with pytest.raises(rules.WrongRule):
        rules.from_json(data)


def test_values_travel_as_parameters(db: Session) -> None:
    """R42: red when a value is written into the statement."""
    said: list[str] = []
    event.listen(db.get_bind(), "before_cursor_execute", lambda *call: said.append(call[2]))
    segments.count(db, Drives(("x' OR 1=1 --",)), TODAY)
    assert said
    assert "OR 1=1" not in said[-1]


def test_who_left_and_who_never_joined_are_not_chosen(db: Session) -> None:
    """Members only: red without left_on in `audience_query`."""
    gone, here = make_member(db), make_member(db)
    db.get_one(Membership, gone.id).left_on = TODAY
    db.flush()
    assert segments.some(db, Every(), TODAY) == [here.id]


def test_each_reason_names_what_it_knows(db: Session) -> None:
    one = One(likes={"t-tea", "t-golf"}, tier="gold", cars=[("E3", Energy.ELECTRIC)], last=TODAY)
    store(db, [one])
    tree = Every((Likes(("t-tea",)), Drives(("E3",)), Visited(3), Not(Likes(("t-yoga",)))))
    said = reasons(db, tree, [one.id], TODAY, "zh-Hans")[one.id]
    assert [reason.values for reason in said] == [
        {"names": "t-tea"},
        {"model": "E3"},
        {"day": TODAY.isoformat()},
    ]


def test_a_visit_on_the_first_day_of_the_window_is_outside(db: Session) -> None:
    """R42: windows are (day - n months, day]; red with `>=` in `_visited`."""
    store(db, [One(last=add_months(TODAY, -6))])
    assert segments.count(db, Visited(6), TODAY) == 0
    assert segments.count(db, Visited(6, within=False), TODAY) == 1
