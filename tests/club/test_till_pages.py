"""The till in the browser: finding whose order it is, pricing it, using the quote once."""

from datetime import timedelta
from urllib.parse import quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from club import ledger, map_links, member_card
from club.models import MapSystem, Partner, TillQuote, VoucherUse
from foundation import clock
from foundation.audit import AuditEntry
from foundation.roles import Role
from foundation.web.database import db, write
from members.models import MemberFacts, Owner
from tests import making
from tests.club import vouching
from tests.entering import at_desk


@pytest.fixture
def owner(app: Flask) -> Owner:
    """A silver member with a car and 5,000 points."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        write()
        who = making.make_member(db.session, tier="silver", phone="+8613822223333")
        making.make_vehicle(db.session, who, plate="浙A55661")
        ledger.give_bonus(
            db.session,
            who.id,
            5_000,
            cause_kind="test",
            cause_id="1",
            reason="开门",
            on=clock.now().date(),
            by=None,
            now=clock.now(),
        )
        db.session.commit()
        db.session.expunge_all()
        return who


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    return at_desk(app, Role.SERVICE_ADVISOR)


def row(fen: str, kind: str = "", **more: str) -> dict[str, str]:
    return {"fen": fen, "kind": kind, "text": "", "quantity": "1", "paid_by": "owner"} | more


def test_card_plate_and_phone_lead_to_the_same_order(
    app: Flask, owner: Owner, desk: FlaskClient
) -> None:
    keys, now = app.extensions["club_settings"].link_keys, clock.now()
    said = [
        member_card.qr_text(owner.id, keys, now=now),
        "浙A·55661",
        "13822223333",
        member_card.qr_text(owner.id, keys, now=now - timedelta(minutes=2)),
        "nobody",
    ]
    answers = [desk.post("/desk/till", data={"code": one}) for one in said]
    assert [one.status_code for one in answers] == [303, 303, 303, 422, 422]
    assert {one.location for one in answers[:3]} == {f"/desk/till/{owner.id}"}


def test_an_order_is_priced_shown_applied_and_taken_back(
    app: Flask, owner: Owner, desk: FlaskClient
) -> None:
    """A second click uses nothing; red when the quote's state is not compared."""
    with app.app_context():
        write()
        day = clock.now().date()
        voucher_id = vouching.voucher(db.session, owner, on=day, today=day).id
        db.session.commit()
    sent = row("1000") | {"voucher": voucher_id, "points": "1000", "request_id": "r1"}
    priced = [desk.post(f"/desk/till/{owner.id}", data=sent).location for _click in range(2)]
    shown = desk.get(f"{priced[0]}/show").text
    clicks = [desk.post(f"{priced[0]}/apply").status_code for _click in range(2)]
    with app.app_context():
        used = db.session.scalar(select(func.count()).select_from(VoucherUse))
        left = ledger.balance(db.session, owner.id)
    halves = [
        at_desk.get(page).text.count(f'href="{priced[0]}"')
        for at_desk in (desk, at_desk(app))
        for page in (f"/desk/vouchers/{voucher_id}", f"/desk/members/{owner.id}/points")
    ]
    undone = [desk.post(f"{priced[0]}/undo", data={"reason": why}) for why in ("", "改期")]
    with app.app_context():
        acts = set(db.session.scalars(select(AuditEntry.act)))
        assert ledger.balance(db.session, owner.id) == 5_000
    assert ("890.00" in shown, clicks, used, left) == (True, [303, 303], 1, 4_000)
    assert ([one.status_code for one in undone], len(set(priced))) == ([422, 303], 1)
    assert halves == [1, 1, 1, 1]
    assert acts >= {"quote.apply", "quote.undo"}


@pytest.mark.parametrize(
    "sent",
    [
        {"fen": ""},
        {"fen": "abc"},
        {"fen": "-5"},
        {"fen": "10", "quantity": "x"},
        {"fen": "10", "points": "1e3"},
        {"fen": "10", "points": "301"},
        {"fen": "10", "points": "0" * 5_000},
        {"fen": "10", "quantity": "1".zfill(5_000)},
    ],
)
def test_what_cannot_be_priced_comes_back(
    app: Flask, owner: Owner, desk: FlaskClient, sent: dict[str, str]
) -> None:
    answer = desk.post(f"/desk/till/{owner.id}", data=row("") | {"text": "雨刮片"} | sent)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(TillQuote)) == 0
    assert (answer.status_code, "雨刮片" in answer.text) == (422, True)


def test_the_till_says_why_a_stranger_has_nothing(app: Flask, desk: FlaskClient) -> None:
    """Silver by what was spent, not in the club: no percent and no points, with the reason."""
    with app.app_context():
        write()
        who = making.make_owner(db.session)
        db.session.add(MemberFacts(owner_id=who.id, tier="silver", points=700))
        db.session.commit()
        number = who.id
    text = desk.get(f"/desk/till/{number}").text
    assert ("等级折扣只给会员" in text, "现有 700" in text, "700 分可用" in text) == (
        True,
        False,
        False,
    )


def test_who_may_not_use_the_till_does_not_see_it(app: Flask, owner: Owner) -> None:
    clerk = at_desk(app, Role.WARRANTY_CLERK)
    assert clerk.get(f"/desk/till/{owner.id}").status_code == 403


def test_map_links_name_their_coordinates() -> None:
    """geo: is WGS-84 by its standard; red when GCJ-02 goes into it as it is, and when a map of
    China is asked in English."""
    called = {"name_zh": "书房", "name_en": "Bookshop"}
    place = {"latitude": 30.27, "longitude": 120.15, "address_zh": "花坞路", **called}
    here, there = (Partner(map_system=one, **place) for one in (MapSystem.GCJ02, MapSystem.WGS84))
    drawn, measured = (map_links.links_to(one) for one in (here, there))
    assert drawn is not None and "coordinate=gaode" in drawn.amap  # noqa: PT018
    assert drawn.geo.startswith("geo:0,0?q=")
    assert measured is not None and measured.geo == "geo:30.270000,120.150000"  # noqa: PT018
    nowhere = map_links.links_to(
        Partner(address_zh="花坞路 21 号", address_en="21 Huawu", **called)
    )
    asked = quote_plus("书房 花坞路 21 号")
    assert nowhere is not None and nowhere.amap.endswith(f"search?keyword={asked}")  # noqa: PT018
    assert map_links.links_to(Partner(address_zh="", **called)) is None
