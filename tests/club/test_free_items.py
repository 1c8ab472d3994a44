"""A voucher for a free item: it names its work, and is used on one line of it (R14)."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from club import quote_use, quotes, voucher_kinds
from club.models import KindState, Shape, VoucherKind
from club.quotes import Asked
from club.till_prices import Item
from club.voucher_kinds import KindNotReady, KindWords
from club.voucher_prices import Line, Off, Terms, price
from foundation import clock
from foundation.roles import Role
from foundation.web.database import db as web
from foundation.web.database import write
from members.facts import facts_of
from members.models import OrderKind
from tests import making
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY
from tests.entering import at_desk

SERVICE, SHELF = OrderKind.SCHEDULED, OrderKind.ACCESSORIES
ITEM = {"shape": Shape.ITEM, "fen": 90_00, "order_kinds": [SHELF.value]}


def words(**terms: object) -> KindWords:
    values: dict[str, object] = {"name_zh": "洗车券", "days": 60, **ITEM}
    return KindWords(**values | terms)  # type: ignore[arg-type]


def test_a_free_item_names_its_work(db: Session) -> None:
    """Neither written nor, as a draft from before, put in force without; a gift without a price
    touches no bill. Red without the check in keep, in publish, and with the gift refused too."""
    for form in (words(order_kinds=()), words(order_kinds=(), most_fen=50_00)):
        with pytest.raises(KindNotReady):
            voucher_kinds.keep(db, None, form, by=1, now=NOW)
    old = vouching.kind(db, **ITEM | {"order_kinds": [], "state": KindState.DRAFT})
    with pytest.raises(KindNotReady):
        voucher_kinds.publish(db, old, today=TODAY, by=1, now=NOW)
    gift = voucher_kinds.keep(db, None, words(fen=0, order_kinds=()), by=1, now=NOW)
    voucher_kinds.publish(db, gift, today=TODAY, by=1, now=NOW)
    assert (old.state, gift.state) == (KindState.DRAFT, KindState.LIVE)


@pytest.mark.parametrize(
    ("prices", "line", "left"),
    [
        ([200_00, 90_00, 120_00], 1, [200_00, 0, 120_00]),
        ([200_00, 81_00, 120_00], 1, [200_00, 0, 120_00]),
        ([60_00, 80_00, 100_00], 2, [60_00, 80_00, 10_00]),
        ([0, 40_00, 30_00], 1, [0, 0, 30_00]),
    ],
)
def test_it_is_the_line_that_costs_about_what_it_is_worth(
    prices: list[int], line: int, left: list[int]
) -> None:
    """The nearest in price, as a discount made it, and no other line; red when it is spread over
    all lines of its work, and with the cheapest that costs its worth."""
    terms = Terms(Shape.ITEM, 90_00, order_kinds=frozenset({SHELF.value}))
    order = [*(Line(fen, SHELF) for fen in prices), Line(90_00, SERVICE)]
    taken, after = price(order, [terms])
    assert taken == [Off(prices[line] - left[line], line)]
    assert [one.fen for one in after] == [*left, 90_00]


def test_a_gift_without_a_price_is_of_no_line() -> None:
    """It is handed over beside the bill; red when it is said to be for a line of it."""
    gift = Terms(Shape.ITEM, 0, order_kinds=frozenset({SHELF.value}))
    taken, (left,) = price([Line(90_00, SHELF)], [gift])
    assert (taken, left.fen) == ([Off(0)], 90_00)


def test_an_older_kind_that_names_no_work_keeps_working(db: Session) -> None:
    """On whichever line costs its worth, and the quote remembers which; red when used_on does
    not read the line."""
    who = scene.owner(db)
    facts_of(db, who.id).tier = "general"
    old = vouching.voucher(db, who, vouching.kind(db, **ITEM | {"order_kinds": []}))
    new = vouching.voucher(db, who, vouching.kind(db, **ITEM))
    asked = Asked((Item(90_00, SERVICE), Item(95_00, SHELF, "玻璃水")), (old.id, new.id))
    made = quotes.price(db, who.id, asked, request_id="q", today=TODAY, by=None, now=NOW)
    quote_use.apply(db, made, today=TODAY, by=None, now=NOW)
    used = quotes.used_on(db, made)
    assert [one["pay_fen"] for one in made.lines] == [0, 5_00]
    assert [(one.voucher.id, one.fen) for one in used] == [(old.id, 90_00), (new.id, 90_00)]
    assert [one.line and one.line["text"] for one in used] == ["", "玻璃水"]
    assert (voucher_kinds.names_no_work(old.kind), old.used) == (True, 1)


def old_kind(session: Session, today: date) -> tuple[VoucherKind, int]:
    who = making.make_member(session)
    kind = vouching.kind(session, **ITEM | {"order_kinds": []})
    vouching.voucher(session, who, kind, on=today, today=today)
    return kind, who.id


def test_the_desk_says_of_which_line_it_is(app: Flask) -> None:
    """Beside the voucher, on the quote, and that an older kind can be any; red without the line
    of the choice, of the quote, and without the words on the kind's page."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        write()
        kind, owner_id = old_kind(web.session, clock.now().date())
        kind_id = kind.id
        web.session.commit()
    desk = at_desk(app, Role.CLUB_MANAGER)
    sent = {"fen": ["90", "500"], "kind": [SHELF.value, ""], "text": ["雨刮片", "大活"]}
    sent |= {"quantity": ["1", "1"], "paid_by": ["owner", "owner"], "request_id": ["r"]}
    kind_page = desk.get(f"/desk/vouchers/kinds/{kind_id}").text
    unread = desk.post(f"/desk/till/{owner_id}", data=sent | {"points": ["9999999"]})
    voucher = unread.text.split('name="voucher" value="')[1].split('"')[0]
    quote = desk.post(f"/desk/till/{owner_id}", data=sent | {"voucher": [voucher]}).location
    shown = desk.get(quote).text
    assert (unread.status_code, "“雨刮片”" in unread.text) == (422, True)
    assert ("“雨刮片”" in shown, "410.00" in shown, "500.00" in shown) == (True, False, True)
    assert "没有写明适用的项目" in kind_page
