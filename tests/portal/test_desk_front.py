"""The desk's front page adds up, its search finds orders, and nobody is without a name."""

import re

from flask import Flask

from foundation.outbox import LetterState
from foundation.roles import Role
from foundation.web.database import db, write
from outreach.models import AdvisorTask
from portal.models import FileKind
from tests import making
from tests.browsing import fresh
from tests.entering import at_desk, visitor_of
from tests.outreach.makers import post_letter
from tests.portal.order_files import bring_in, csv_of, order

TILE = re.compile(r'class="tile-value figures">(\d+)<')


def orders_of_nobody_named(app: Flask) -> None:
    with app.app_context():
        write()
        bring_in(db.session, csv_of([order("554126", customer_id="12431")]))


def test_the_number_above_is_the_sum_of_the_tiles_below(app: Flask) -> None:
    """For who decides on letters and for an advisor; red when one counts what has no tile."""
    with fresh(app) as session:
        manager = making.make_staff(session)
        advisor = making.make_staff(session, Role.SERVICE_ADVISOR)
        for key, whose in (("a", advisor.id), ("b", None), ("c", manager.id), ("d", 0)):
            owner = making.make_member(session, key)
            letter = post_letter(session, owner, key=key)
            letter.state = LetterState.HELD
            session.flush()
            if whose != 0:
                session.add(
                    AdvisorTask(
                        letter_id=letter.id,
                        owner_id=owner.id,
                        account_id=whose,
                        made_at=making.NOW,
                    )
                )
        session.commit()
    for account, number in ((manager, 4), (advisor, 2)):
        page = visitor_of(app, account.id).get("/desk").text
        assert f"有 {number} 件事待处理。" in page
        waiting = page[page.index("待处理</h2>") : page.index("概况</h2>")]
        assert sum(map(int, TILE.findall(waiting))) == number


def test_files_lead_to_the_list_that_holds_them(app: Flask) -> None:
    """Red when opening balances stand under orders, whose list does not know them."""
    orders_of_nobody_named(app)
    page = at_desk(app).get("/desk").text
    orders = page[page.index("最近的工单文件") :]
    assert 'href="/desk/imports/1"' in orders
    assert f'href="/desk/{FileKind.BALANCES}/' not in orders


def test_an_owner_without_a_name_goes_by_the_customers_number(app: Flask) -> None:
    """In the search by an order's number, the list and the archive; red with our own id."""
    orders_of_nobody_named(app)
    staff = at_desk(app)
    found = staff.get("/desk/search?q=554126").text
    assert "客户 12431" in found
    assert 'href="/desk/members/1#orders">554126</a>' in found
    assert "客户 12431" in staff.get("/desk/members?joined=no").text
    archive = staff.get("/desk/members/1").text
    assert (archive.count(">554126<"), "554126 · 554126" in archive) == (1, False)
    assert "维修工单" in archive
