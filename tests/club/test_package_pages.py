"""Packages and agreed prices in the browser: written, sold, used, refunded, read by the owner."""

import pytest
from flask import Flask
from sqlalchemy import select

from club.models import Package, PackageItem, PackageKind
from foundation import clock
from foundation.roles import Role
from foundation.web.database import db, write
from members.models import AccountRole, MemberFacts, Owner, OwnerKind
from tests import making
from tests.browsing import fresh
from tests.club import packing
from tests.entering import at_desk, visitor_of

KIND = {
    "name_zh": "安心三保",
    "name_en": "Three services",
    "price": "1280",
    "months": "24",
    "item_zh": ["小保养", "", ""],
    "item_en": ["Small service", "", ""],
    "work": ["scheduled-service", "", ""],
    "times": ["3", "", ""],
}


@pytest.fixture
def owner(app: Flask) -> Owner:
    """A member with a kind on sale."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        write()
        who = making.make_member(db.session)
        making.make_shop(db.session)
        packing.kind(db.session)
        db.session.commit()
        db.session.expunge_all()
        return who


def test_a_kind_is_written_corrected_and_put_on_sale(app: Flask, owner: Owner) -> None:
    """What was typed comes back with the reason; once on sale it is not edited."""
    manager = at_desk(app, Role.CLUB_MANAGER)
    wrong = manager.post("/desk/packages/new", data=KIND | {"times": ["viel", "", ""]})
    assert wrong.status_code == 422
    assert 'value="小保养"' in wrong.text
    assert manager.post("/desk/packages/new", data=KIND).status_code == 303
    with fresh(app) as session:
        kind = session.scalars(select(PackageKind).order_by(PackageKind.id.desc())).first()
        assert kind is not None
        assert [(one.name_zh, one.times) for one in kind.items] == [("小保养", 3)]
    here = f"/desk/packages/{kind.id}"
    said = [manager.post(f"{here}/publish").status_code for _ in range(2)]
    assert said == [303, 422]
    assert manager.post(f"{here}/edit", data=KIND).status_code == 422
    assert "安心三保" in manager.get("/desk/packages").text


def test_a_package_is_sold_used_taken_back_and_refunded(app: Flask, owner: Owner) -> None:
    """Each click sent twice counts once; the owner reads what is left. A cashier sells and uses."""
    cashier, here = at_desk(app, Role.CASHIER), f"/desk/members/{owner.id}/packages"
    with fresh(app) as session:
        kind_id = session.scalars(select(PackageKind.id)).one()
    sale = {"kind": str(kind_id), "paid": "900", "request_id": "s"}
    assert [cashier.post(here, data=sale).status_code for _ in range(2)] == [303, 303]
    assert cashier.post(here, data={"request_id": "t"}).status_code == 422
    with fresh(app) as session:
        item = session.scalars(select(PackageItem).order_by(PackageItem.id)).first()
        assert item is not None
        assert session.get_one(MemberFacts, owner.id).points == 900
    used = [cashier.post(f"{here}/items/{item.id}/use", data={"request_id": "u"}) for _ in range(2)]
    assert [one.status_code for one in used] == [303, 303]
    page = cashier.get(here).text
    assert "剩 2 次，共 3 次" in page
    member = visitor_of(app, _login(app, owner.id))
    assert "三保一洗" in member.get("/me/packages").text
    assert "/me/packages" in member.get("/me/benefits").text
    assert cashier.post(f"{here}/uses/1/undo", data={"reason": ""}).status_code == 422
    assert cashier.post(f"{here}/uses/1/undo", data={"reason": "点错"}).status_code == 303
    assert cashier.post(f"{here}/1/refund", data={"reason": "搬家"}).status_code == 303
    assert cashier.post(f"{here}/1/refund", data={"reason": "搬家"}).status_code == 422
    with fresh(app) as session:
        assert session.scalars(select(Package.refund_fen)).one() == 900_00
        assert session.get_one(MemberFacts, owner.id).points == 0


def test_what_is_another_owners_is_not_here(app: Flask, owner: Owner) -> None:
    """R60 at the desk: ids of one owner under another's address lead nowhere."""
    with app.app_context():
        write()
        other = making.make_member(db.session)
        sold = packing.sold(db.session, other, today=clock.now().date(), now=clock.now())
        ids = sold.id, sold.items[0].id
        db.session.commit()
    cashier, here = at_desk(app, Role.CASHIER), f"/desk/members/{owner.id}/packages"
    said = {"reason": "x", "request_id": "x"}
    for address in (f"{here}/items/{ids[1]}/use", f"{here}/{ids[0]}/refund"):
        assert cashier.post(address, data=said).status_code == 404


def test_prices_are_agreed_with_a_company_and_shown_at_the_till(app: Flask, owner: Owner) -> None:
    """Agreed, used, ended; a person has no such page, an advisor may not agree."""
    with app.app_context():
        write()
        company = making.make_owner(db.session, "云湖物流", kind=OwnerKind.COMPANY)
        ids = company.id
        db.session.commit()
    manager, here = at_desk(app, Role.SERVICE_MANAGER), f"/desk/members/{ids}/prices"
    terms = {"kind": "scheduled-service", "percent": "85", "note": "合同 7"}
    assert manager.post(here, data=terms | {"price": "1"}).status_code == 422
    assert [manager.post(here, data=terms).status_code for _ in range(2)] == [303, 422]
    order = {
        "fen": "1000",
        "kind": "scheduled-service",
        "text": "",
        "quantity": "1",
        "paid_by": "owner",
        "request_id": "q",
    }
    quote = manager.get(manager.post(f"/desk/till/{ids}", data=order).location).text
    assert "¥850.00" in quote
    assert "按标价的 85%" in quote
    assert "按标价的 85%" in manager.get(f"/desk/till/{ids}").text
    assert [manager.post(f"{here}/1/end").status_code for _ in range(2)] == [303, 422]
    assert manager.get(f"/desk/members/{owner.id}/prices").status_code == 404
    assert at_desk(app, Role.SERVICE_ADVISOR).get(here).status_code == 403


def _login(app: Flask, owner_id: int) -> int:
    with fresh(app) as session:
        who = session.get_one(Owner, owner_id)
        assert who.account is not None
        assert session.scalars(select(AccountRole)).first() is not None
        return who.account.id
