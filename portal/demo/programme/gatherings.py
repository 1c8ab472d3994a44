"""What went on at the demo's gatherings and contests: votes, gifts, a ranking, emblems sold."""

from datetime import timedelta
from random import Random

from sqlalchemy.orm import Session

from events.gatherings import ballots, contest, gift_draw, present, sales
from events.gatherings.ballots import Name, Wish
from events.gatherings.contest import Measured
from events.gatherings.refusals import NoDraw
from events.gatherings.sales import ItemLine
from events.models import ContestClass, Event, Registration
from portal.demo.people import Drawing

GATHERING, CONTEST = "gathering", "eco-contest"
_FOR_SALE = (
    ItemLine("俱乐部车标", 3000, 60, "Club emblem"),
    ItemLine("铝制纪念牌", 8000, 40, "Aluminium souvenir plate"),
)
_FINEST = (
    Name("最会改装的鹿鸣", "The best fitted out"),
    Name("最爱干净的鹿鸣", "The best kept"),
    Name("走得最远的鹿鸣", "The one that went furthest"),
)
_NEXT = (Name("莫干山", "Mogan Mountain"), Name("千岛湖", "Qiandao Lake"), Name("婺源", "Wuyuan"))


def enliven(db: Session, draw: Drawing, event: Event, *, by: int) -> None:
    """Votes, gifts and sales at a gathering, runs at a contest; nothing at other events.

    Luck of its own, so that the rest of the club is drawn as without it.
    """
    luck = Random(f"{event.kind.code}{event.starts_at:%Y%m%d}")
    here = list(db.scalars(present.here_query(event.id)))
    if not here or event.kind.code not in (GATHERING, CONTEST):
        return
    over = event.ends_at < draw.now
    if event.kind.code == CONTEST and over:
        _measure(db, event, here, luck, by)
    if event.kind.code == GATHERING and over:
        _draw_gifts(db, event, by)
    _sell(db, event, here, luck, by, draw)
    _vote(db, draw, event, here, luck, by)


def _vote(
    db: Session, draw: Drawing, event: Event, here: list[Registration], luck: Random, by: int
) -> None:
    opens = event.starts_at
    if event.kind.code == GATHERING:
        title, options = Name("今年的人气座驾", "Car of the year"), _FINEST
    else:
        title, options = Name("下一站去哪里", "Where to next"), _NEXT
    wish = Wish(title, options, opens, event.ends_at - timedelta(minutes=30))
    ballot = ballots.keep(db, event, None, wish, by=by, now=opens - timedelta(days=3))
    at = min(draw.now, ballot.closes_at - timedelta(minutes=1))
    for one in here:
        if luck.random() < 0.8:
            chosen = luck.choices(ballot.options, weights=(5, 3, 2))[0]
            ballots.vote(db, ballot, one, chosen.id, by=None, now=at)


def _draw_gifts(db: Session, event: Event, by: int) -> None:
    step = next((one for one in event.steps if "礼" in one.name_zh), None)
    draw = gift_draw.prepare(db, event, step, by=by, now=event.starts_at)
    try:
        gift_draw.draw_now(db, draw, by=by, now=event.ends_at - timedelta(hours=1))
    except NoDraw:
        return


def _measure(db: Session, event: Event, here: list[Registration], luck: Random, by: int) -> None:
    for one in here:
        in_class = contest.class_of(one)
        low, high = (52, 88) if in_class is ContestClass.FUEL else (118, 172)
        used = luck.randint(low * 100, high * 100)
        contest.note(db, one, Measured(in_class, 100_400, used), by=by, now=event.ends_at)
    contest.publish(db, event, by=by, now=event.ends_at)


def _sell(
    db: Session,
    event: Event,
    here: list[Registration],
    luck: Random,
    by: int,
    draw: Drawing,
) -> None:
    at = min(event.starts_at + timedelta(minutes=40), draw.now)
    sales.set_items(db, event, _FOR_SALE, by=by, now=event.starts_at - timedelta(days=3))
    for item in sales.items_of(db, event.id):
        for one in here:
            if luck.random() < 0.3:
                request_id = f"demo-{item.id}-{one.id}"
                count = luck.choice((1, 1, 2))
                sales.sell(db, item, one, count, request_id=request_id, by=by, now=at)
