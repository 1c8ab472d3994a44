"""The tier of any day, read where it is kept: the same as walking everybody's orders again."""

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import rule_turns, tiers
from club.history import earnings_query, grants_of
from club.models import Earning, EarningCut, GrantWhy, TierCode, TierGrant, TierStanding
from club.rules_in_force import rule_book
from club.tier_path import Spend, at_end_of, walk
from club.tiers_held import tiers_at
from members.facts import facts_of
from members.models import MemberFacts, OrderLine, Owner
from tests.club import scene, set_rules

BEGIN, DAY = date(2024, 1, 31), timedelta(days=1)
FEN = (15_050, 99_99, 1_200_00, 3_000_00, 7_999_99, 12_345_67, 31_183_60)
OWNERS, SEEDS = 4, 8


class Club:
    """Time passes over some owners, whose files come in late, whose purchases come back, who are
    given tiers, and who are looked at on some nights only."""

    def __init__(self, db: Session, dice: random.Random) -> None:
        self.db, self.dice, self.today = db, dice, BEGIN
        self.owners = [scene.owner(db) for _ in range(OWNERS)]
        self.bought: list[OrderLine] = []

    def live(self) -> None:
        """One thing after another, some weeks apart."""
        acts = (self.file, self.file, self.file, self.refund, self.refund, self.night, self.give)
        for _ in range(12):
            self.today += timedelta(days=self.dice.choice((0, 1, 30, 90, 200)))
            self.dice.choice(acts)()
            self.db.flush()

    def file(self) -> None:
        who = self.dice.choice(self.owners)
        late = [self.dice.choice((0, 0, 1, 30, 250, 400)) for _ in range(self.dice.randint(1, 4))]
        days = [max(BEGIN, self.today - timedelta(days=each)) for each in late]
        lines = [scene.line(self.db, who, day, self.dice.choice(FEN)) for day in days]
        scene.settle(self.db, *lines, today=self.today)
        self.bought += lines

    def refund(self) -> None:
        if not self.bought:
            return
        line, linked = self.dice.choice(self.bought), self.dice.random() < 0.7
        who, back = line.order.owner_id, -line.fen // self.dice.choice((1, 1, 2))
        day = max(line.order.serviced_on, self.today - timedelta(days=self.dice.choice((0, 40))))
        owner = self.db.get_one(Owner, who)
        made = scene.line(self.db, owner, day, back, refund_of_id=line.id if linked else None)
        scene.settle(self.db, made, today=self.today)

    def night(self) -> None:
        for look in (tiers.review_due, rule_turns.look_again):
            while look(self.db, today=self.today, now=scene.moment(self.today)):
                pass

    def give(self) -> None:
        """A tier given today or for a day ahead, or one that was given taken back."""
        who = self.dice.choice(self.owners).id
        held = self.db.scalars(select(TierGrant).where(TierGrant.owner_id == who)).first()
        if held is not None and self.dice.random() < 0.3:
            held.ended_at = scene.moment(self.today)
        else:
            on = self.today + timedelta(days=self.dice.choice((0, 0, 60)))
            grant = {"tier": self.dice.choice(tuple(TierCode)[1:]), "why": GrantWhy.OPENING}
            until = on + timedelta(days=self.dice.choice((30, 200, 500)))
            told = {"cause_id": str(self.dice.random()), "made_at": scene.NOW}
            self.db.add(TierGrant(owner_id=who, starts_on=on, kept_until=until, **grant, **told))
        self.db.flush()
        tiers.review(self.db, [who], today=self.today, now=scene.moment(self.today))


def walked(db: Session, day: date) -> dict[int, TierCode]:
    """Everybody's purchases one by one, less what had come back by then, from the first day on."""
    back: dict[int, int] = defaultdict(int)
    for cut in db.scalars(select(EarningCut).where(EarningCut.effective_on <= day)):
        back[cut.order_line_id] += cut.fen
    bought = defaultdict(list)
    for row, *turn in db.execute(earnings_query().where(Earning.left_out.is_(None))):
        left = row.fen - back[row.order_line_id]
        if row.earned_on <= day and left > 0:
            place = (row.earned_on, *turn, row.order_line_id)
            bought[row.owner_id].append((place, left))
    book, grants, found = rule_book(db), grants_of(db), {}
    for owner_id in db.scalars(select(Owner.id)):
        spends = [Spend(place[0], fen) for place, fen in sorted(bought[owner_id])]
        found[owner_id] = at_end_of(walk(book, spends, grants[owner_id]), day).tier
    return {owner_id: tier for owner_id, tier in found.items() if tier is not TierCode.GENERAL}


def days_that_matter(db: Session, dice: random.Random, today: date) -> list[date]:
    """Days on which something happened or was to happen, the days beside them, and far ones."""
    queries = (
        select(Earning.earned_on),
        select(EarningCut.effective_on),
        select(TierStanding.since),
        select(TierStanding.kept_until),
        select(TierGrant.starts_on),
    )
    found = {day for query in queries for day in db.scalars(query) if day}
    found |= {today, *rule_book(db).turns}
    near = sorted({day + DAY * step for day in found for step in (-1, 0, 1)})
    return [today, today + timedelta(days=900), *dice.sample(near, min(14, len(near)))]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_tier_of_any_day_is_where_the_orders_lead(db: Session, seed: int) -> None:
    """With late files, refunds, given tiers, changed rules, nights that were missed.

    Red without any of: changes after the day, reviews that wait, what came back later, tiers given
    since the last look, rules that nobody was looked at under yet.
    """
    dice = random.Random(seed)
    if seed % 2:
        set_rules.several(db)
    club = Club(db, dice)
    club.live()
    for day in days_that_matter(db, dice, club.today):
        assert (day, tiers_at(db, day)) == (day, walked(db, day))


def test_what_nobody_looked_at_yet_counts_on_its_day(db: Session) -> None:
    """A tier given for a day ahead, and easier rules of that day; red when either is waited for"""
    given, riser = scene.owner(db), scene.owner(db)
    for who in (given, riser):
        scene.buy(db, who, scene.TODAY, 1_500_00)
    ahead = scene.TODAY + timedelta(days=60)
    grant = {"tier": TierCode.GOLD, "why": GrantWhy.OPENING, "cause_id": "1", "made_at": scene.NOW}
    db.add(TierGrant(owner_id=given.id, starts_on=ahead, kept_until=ahead + 30 * DAY, **grant))
    db.flush()
    tiers.review(db, [given.id, riser.id], today=scene.TODAY, now=scene.NOW)
    eve = tiers_at(db, ahead - DAY)
    found = tiers_at(db, ahead)
    set_rules.version(db, date(2020, 1, 1))
    set_rules.version(
        db, ahead, steps=((0, 100), (1_000_00, 120), (8_000_00, 150), (9_000_00, 200))
    )
    assert (eve, found) == ({}, {given.id: TierCode.GOLD})
    expected = found | {riser.id: TierCode.SILVER}
    assert tiers_at(db, ahead) == expected == walked(db, ahead)


def test_owners_of_whom_nothing_is_kept_are_walked(db: Session) -> None:
    """Red when who has no facts is taken to hold the lowest tier"""
    who, other = scene.owner(db), scene.owner(db)
    for each in (who, other):
        scene.buy(db, each, scene.TODAY, 9_000_00)
    facts_of(db, other.id)
    for table in (MemberFacts, TierStanding):
        db.delete(db.get_one(table, who.id))
    db.flush()
    assert db.scalar(select(func.count()).select_from(TierStanding)) == 1
    expected = {who.id: TierCode.GOLD, other.id: TierCode.GOLD}
    assert tiers_at(db, scene.TODAY) == expected == walked(db, scene.TODAY)
