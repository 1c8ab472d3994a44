"""Sources and links in the browser: followed, joined by, counted, printed, exported."""

import io

from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import jobs, ledger, referral_links, source_figures, sources
from club.models import (
    Arrival,
    Block,
    JoinSource,
    Referral,
    ReferralDay,
    ReferralKind,
    ReferralLink,
    SourceDay,
    SourceKind,
)
from club.referral_credit import POINTS
from club.source_figures import Line
from club.sources import SourceWords
from foundation import clock, tunables
from foundation.periods import period_between
from foundation.roles import Role
from members.models import Account, Owner
from tests import making
from tests.browsing import fresh, newest_code, send
from tests.club import scene
from tests.club.scene import NOW, TODAY, days
from tests.entering import at_desk, visitor_of

PHONE = "+8613812345678"


def source(db: Session, name: str = "=云湖花园") -> JoinSource:
    words = SourceWords(SourceKind.ESTATE, name)
    return sources.keep(db, None, words, by=None, now=clock.now())


def kept_link(app: Flask) -> tuple[int, str]:
    """A member and the code of their link."""
    with fresh(app) as db:
        who = making.make_member(db, "王建国")
        code = referral_links.make_link(db, who.id, now=NOW).code
        db.commit()
        return who.id, code


def kept_source(app: Flask) -> tuple[int, str]:
    with fresh(app) as db:
        made = source(db)
        db.commit()
        return made.id, made.code


def join(app: Flask, client: FlaskClient, phone: str = PHONE) -> int:
    """Join with a browser; the owner's id."""
    send(client, "/join", name="李雷", phone=phone, email="", plate="")
    send(client, "/join/code", code=newest_code(app))
    with fresh(app) as db:
        found = db.scalars(select(Account.owner_id).where(Account.phone == phone)).one()
        assert found is not None
        return found


def test_from_the_link_to_the_points(app: Flask, client: FlaskClient) -> None:
    """Red when the session forgets the link, or joining does not ask for it"""
    referrer_id, code = kept_link(app)
    assert client.get(f"/r/{code}").headers["Location"] == "/join"
    owner_id, today = join(app, client), clock.now().date()
    with fresh(app) as db:
        scene.buy(db, db.get_one(Owner, owner_id), today + days(1), 100_00)
        settings = app.extensions["club_settings"]
        jobs.credit_referrals(db, settings, scene.moment(today + days(16)))
        db.commit()
    with fresh(app) as db:
        assert ledger.balance(db, referrer_id) == 500


def test_nobody_is_named_on_either_side(app: Flask, client: FlaskClient) -> None:
    """R60; red when the page shows who joined or the join page who sent them"""
    referrer_id, code = kept_link(app)
    shown = client.get(f"/r/{code}", follow_redirects=True).text
    join(app, client)
    with fresh(app) as db:
        ident = db.scalars(select(Account.id).where(Account.owner_id == referrer_id)).one()
    mine = visitor_of(app, ident).get("/me/refer").text
    assert "王建国" not in shown
    assert "李雷" not in mine
    assert "加入俱乐部" in mine


def test_the_first_link_stays(app: Flask, client: FlaskClient) -> None:
    """Red when a later link takes the place of the first"""
    referrer_id, code = kept_link(app)
    source_id, other = kept_source(app)
    client.get(f"/r/{code}")
    client.get(f"/s/{other}")
    join(app, client)
    with fresh(app) as db:
        assert db.scalars(select(Referral.referrer_id)).all() == [referrer_id]
        assert db.scalars(select(Arrival.id)).all() == []
        assert db.scalars(select(SourceDay.source_id)).all() == [source_id]


def test_a_browser_counts_once_and_a_robot_never(app: Flask, client: FlaskClient) -> None:
    """R41; red when HEAD counts, or the session does not remember"""
    _owner_id, code = kept_link(app)
    _source_id, other = kept_source(app)
    for address in (f"/r/{code}", f"/s/{other}"):
        app.test_client().head(address)
        client.get(address)
        client.get(address)
    app.test_client().get(f"/s/{other}")
    with fresh(app) as db:
        opened = db.scalar(select(ReferralLink.opened))
        visits = db.scalar(select(func.sum(SourceDay.visits)))
        of_day = db.scalar(select(func.sum(ReferralDay.visits)))
    assert (opened, of_day, visits) == (1, 1, 2)


def test_a_link_of_nobody_leads_to_joining_all_the_same(client: FlaskClient) -> None:
    """Red when a cut link is a dead end, or is remembered"""
    assert client.get("/r/NOBODY1").headers["Location"] == "/join"
    with client.session_transaction() as kept:
        assert "came_by" not in kept


def test_a_member_who_follows_a_link_is_not_counted(app: Flask) -> None:
    """Red when the referrer's own look at the link counts"""
    owner_id, code = kept_link(app)
    with fresh(app) as db:
        ident = db.scalars(select(Account.id).where(Account.owner_id == owner_id)).one()
    visitor_of(app, ident).get(f"/r/{code}")
    with fresh(app) as db:
        assert db.scalar(select(ReferralLink.opened)) == 0


def test_staff_who_join_by_a_link_are_blocked(app: Flask) -> None:
    """Red when only the referrer is looked at"""
    _owner_id, code = kept_link(app)
    client = at_desk(app, phone=PHONE)
    client.get(f"/r/{code}")
    join(app, client)
    with fresh(app) as db:
        assert db.scalars(select(Referral.block)).one() is Block.STAFF


def test_the_funnel_counts_each_step(db: Session) -> None:
    """The figure and its list agree; red when orders of before joining count, or refunded ones,
    or the period is forgotten"""
    one = source(db)
    for on in (TODAY, TODAY, TODAY + days(1)):
        sources.visited(db, one, on=on)
    came, went, before = (making.make_owner(db) for _ in range(3))
    for owner in (came, went, before):
        sources.joined(db, owner.id, one, on=TODAY)
    scene.buy(db, came, TODAY, 10_00)
    line = scene.buy(db, went, TODAY, 10_00)
    scene.buy(db, went, TODAY + days(1), -10_00, refund_of_id=line.id)
    scene.buy(db, before, TODAY - days(1), 10_00)
    assert source_figures.line_of(db, one) == Line(one, 3, 3, 1)
    later = period_between(TODAY + days(1), TODAY + days(2))
    assert source_figures.line_of(db, one, later) == Line(one, 1, 0, 0)
    listed = source_figures.newest_of(db, one, period_between(TODAY, TODAY))
    assert [(each.owner, each.first_on) for each in listed] == [
        (before, None),
        (went, None),
        (came, TODAY),
    ]
    only = source_figures.newest_of(db, one, period_between(TODAY, TODAY), ordered=True)
    assert [each.owner for each in only] == [came]


def test_staff_make_a_source_and_print_its_code(app: Flask) -> None:
    client = at_desk(app, Role.MARKETING)
    answer = send(client, "/desk/sources/new", name="云湖花园", kind="estate", active="y")
    shown = client.get(answer.headers["Location"]).text
    picture = client.get(f"{answer.headers['Location']}/code.png")
    with fresh(app) as db:
        code = db.scalars(select(JoinSource.code)).one()
    assert f"http://localhost/s/{code}" in shown
    assert picture.data.startswith(b"\x89PNG")
    again = send(client, "/desk/sources/new", name="云湖花园 ", kind="estate", active="y")
    assert again.status_code == 422


def test_the_workbook_runs_nothing(app: Flask) -> None:
    """R61; red when names of sources are written as they are"""
    kept_source(app)
    client = at_desk(app, Role.GENERAL_MANAGER)
    book = load_workbook(io.BytesIO(client.get("/desk/sources/export.xlsx").data))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert cells[2][0] == "'=云湖花园"
    assert cells[1][2:5] == [0, 0, 0]
    assert [row[5] for row in cells] == ["使用中", None, "是", None]
    assert cells[-1][0:5] == ["合计", None, 0, 0, 0]


def test_sales_note_a_lead_and_move_it_to_the_delivery(app: Flask) -> None:
    referrer_id, _code = kept_link(app)
    client = at_desk(app, Role.SALES_ADVISOR)
    said = {"referrer": f"M{referrer_id:06d}", "kind": "car", "name": "韩梅梅"}
    made = send(client, "/desk/referrals/new", **said, phone="13900001111")
    today = clock.shop_day(clock.now(), app.extensions["club_settings"].zone).isoformat()
    address = made.headers["Location"]
    for state in ("visit", "order", "credited"):
        assert send(client, address, state=state, on=today).status_code == 303
    with fresh(app) as db:
        assert ledger.balance(db, referrer_id) == 500
    assert "已交车，积分已发" in client.get(address).text
    assert "139 0000 1111" in client.get(address).text.replace("-", " ")


def test_many_points_wait_on_the_page_for_a_colleague(app: Flask) -> None:
    """R12: shown with who asked, and given by another; red when the page offers it to the asker."""
    referrer_id, _code = kept_link(app)
    asks, agrees = (at_desk(app) for _each in range(2))
    with fresh(app) as db:
        tunables.change(db, POINTS[ReferralKind.CAR], 2_000, by=None, now=clock.now())
        db.commit()
    said = {"referrer": f"M{referrer_id:06d}", "kind": "car", "name": "韩梅梅"}
    made = send(asks, "/desk/referrals/new", **said, phone="13900001111")
    today = clock.shop_day(clock.now(), app.extensions["club_settings"].zone).isoformat()
    address = made.headers["Location"]
    for state in ("visit", "order", "credited"):
        send(asks, address, state=state, on=today)
    offered = [one.get(address).text.count("/clearing/confirm") for one in (asks, agrees)]
    listed = address in agrees.get("/desk/points").text
    assert send(asks, f"{address}/clearing/confirm").status_code == 422
    assert send(agrees, f"{address}/clearing/confirm").status_code == 303
    with fresh(app) as db:
        assert ledger.balance(db, referrer_id) == 2_000
    assert (offered, listed) == ([0, 1], True)
