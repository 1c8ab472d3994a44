"""Saving contests and sales at an event."""

from collections.abc import Sequence

import pytest
from sqlalchemy.orm import Session

from events.gatherings import contest, sales
from events.gatherings.contest import Measured
from events.gatherings.refusals import RunUnclear, SaleRefused
from events.gatherings.sales import ItemLine
from events.models import ContestClass, Event, SaleItem
from members.models import Energy
from tests.conftest import Sessions
from tests.events.test_gatherings import NOW_IN, an_event, coming, here


def noted(db: Session, event: Event, runs: Sequence[tuple[int, int, str]]) -> list[str]:
    """Note runs of (metres, millilitres, out because); the plates by rank."""
    for metres, used, out in runs:
        measured = Measured(ContestClass.FUEL, metres, used, out)
        contest.note(db, coming(db, event), measured, **NOW_IN)
    placed = contest.ranking(contest.runs_of(db, event.id))[ContestClass.FUEL]
    return [f"{one.rank}:{one.for_100_km}" for one in placed]


def test_who_uses_the_least_for_the_way_comes_first(db: Session) -> None:
    """The same use on another way is the same rank, the next is left out, who is out stands last;
    red when litres are compared and not litres for the way."""
    runs = [(100_000, 6_200, ""), (50_000, 2_500, ""), (100_000, 5_000, ""), (90_000, 100, "拖车")]
    assert noted(db, an_event(db), runs) == ["1:5000", "1:5000", "3:6200", "None:111"]


def test_electric_cars_are_a_class_of_their_own(db: Session) -> None:
    one = coming(db, an_event(db), energy=Energy.ELECTRIC)
    assert contest.class_of(one) is ContestClass.ELECTRIC
    assert contest.class_of(coming(db, one.event, energy=Energy.PLUG_IN)) is ContestClass.FUEL


@pytest.mark.parametrize(("metres", "used"), [(0, 1), (2_000_001, 1), (100_000, -1), (1, 100)])
def test_figures_that_no_car_drives_are_refused(db: Session, metres: int, used: int) -> None:
    event = an_event(db)
    with pytest.raises(RunUnclear):
        noted(db, event, [(metres, used, "")])
    assert contest.runs_of(db, event.id) == []


def test_the_stock_is_never_oversold_and_comes_back_once(db: Session, sessions: Sessions) -> None:
    """Red without the condition on the stock; the same request twice is one sale"""
    event = an_event(db)
    sales.set_items(db, event, [ItemLine("车标", 2000, 3)], **NOW_IN)
    item, (who,) = sales.items_of(db, event.id)[0], here(db, event)
    sale = sales.sell(db, item, who, 2, request_id="a", **NOW_IN)
    assert sales.sell(db, item, who, 2, request_id="a", **NOW_IN) is sale
    with pytest.raises(SaleRefused):
        sales.sell(db, item, who, 2, request_id="b", **NOW_IN)
    assert sales.taken_fen(db, event.id) == 4000
    sales.undo(db, sale, **NOW_IN)
    sales.undo(db, sale, **NOW_IN)
    db.commit()
    with sessions() as read:
        assert read.get_one(SaleItem, item.id).sold == 0
        assert sales.taken_fen(read, event.id) == 0


def test_what_was_sold_stays_on_the_list_at_the_price_of_then(db: Session) -> None:
    event = an_event(db)
    sales.set_items(db, event, [ItemLine("车标", 2000), ItemLine("纪念牌", 5000)], **NOW_IN)
    badge, plate = sales.items_of(db, event.id)
    sales.sell(db, badge, here(db, event)[0], 1, request_id="a", **NOW_IN)
    sales.set_items(db, event, [ItemLine("车标", 3000, None, None, badge.id)], **NOW_IN)
    assert [one.id for one in sales.items_of(db, event.id)] == [badge.id]
    assert sales.taken_fen(db, event.id) == 2000
    with pytest.raises(SaleRefused):
        sales.set_items(db, event, [], **NOW_IN)
    assert plate.name_zh == "纪念牌"
