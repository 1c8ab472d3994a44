"""The archive at the desk: read with a note of it, corrected, and never more than allowed."""

import pytest
from flask import Flask
from sqlalchemy import select

from foundation.audit import AuditEntry
from foundation.roles import Role
from foundation.web.database import db, write
from members.models import Owner, OwnerIdentity
from tests import making
from tests.browsing import fresh, send
from tests.entering import at_desk
from tests.reading import texts

FIELDS = {"name": "欧阳雪梅", "sex": "female", "email": "", "wechat": "", "title": "经理"}


@pytest.fixture
def owner_id(app: Flask) -> int:
    with app.app_context():
        write()
        owner = making.make_member(
            db.session, "林晓", tier="gold", login=False, phone="+8613812345678"
        )
        making.make_vehicle(db.session, owner, plate="粤B12345")
        db.session.commit()
        return owner.id


def acts(app: Flask) -> list[tuple[str, int]]:
    with fresh(app) as session:
        rows = session.execute(select(AuditEntry.act, AuditEntry.thing_id))
        return [(row[0], row[1]) for row in rows]


def test_reading_an_archive_is_noted(app: Flask, owner_id: int) -> None:
    """R67: red when logs_reading does not commit."""
    html = at_desk(app).get(f"/desk/members/{owner_id}").get_data(as_text=True)
    assert texts(html, "h1") == ["林晓"]
    assert texts(html, "plate") == ["粤B 12345"]
    assert acts(app) == [("owner.read", owner_id)]


def test_what_nobody_has_is_not_noted(app: Flask, owner_id: int) -> None:
    """red when the note is made before the page is."""
    assert at_desk(app).get("/desk/members/99999").status_code == 404
    assert acts(app) == []


@pytest.mark.parametrize(
    ("role", "phone"),
    [(Role.CLUB_MANAGER, "138 1234 5678"), (Role.CARE_ASSISTANT, "138****5678")],
)
def test_numbers_are_for_who_may_see_them(
    app: Flask, owner_id: int, role: Role, phone: str
) -> None:
    """red when the permission is not asked."""
    html = at_desk(app, role).get(f"/desk/members/{owner_id}").get_data(as_text=True)
    facts = texts(html, "dd")
    assert facts[0] == phone
    assert ("5678" in html, "12345678" in html) == (True, False)


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.CLUB_MANAGER, ["138 1234 5678", "lin@qq.com", "linxiao88", "浙江省杭州市文三路8号"]),
        (Role.CARE_ASSISTANT, ["138****5678", "l***n@qq.com", "li****", "浙江省杭州****"]),
    ],
)
def test_all_ways_to_reach_them_are_for_who_may_see_them(
    app: Flask, owner_id: int, role: Role, seen: list[str]
) -> None:
    """red when an address, a WeChat id or an e-mail address is shown without the permission."""
    with fresh(app) as session:
        owner = session.get_one(Owner, owner_id)
        owner.email, owner.wechat = "lin@qq.com", "linxiao88"
        owner.address = "浙江省杭州市文三路8号"
        session.commit()
    html = at_desk(app, role).get(f"/desk/members/{owner_id}").get_data(as_text=True)
    assert texts(html, "dd")[:4] == seen
    masked = role is Role.CARE_ASSISTANT
    assert ("linxiao88" in html, "文三路" in html) == (not masked, not masked)


def test_a_number_nobody_knows_is_a_dash(app: Flask, owner_id: int) -> None:
    with fresh(app) as session:
        session.get_one(Owner, owner_id).phone = None
        session.commit()
    html = at_desk(app).get(f"/desk/members/{owner_id}").get_data(as_text=True)
    assert texts(html, "dd")[0] == "—"


def test_a_correction_is_stored_and_its_fields_are_noted(app: Flask, owner_id: int) -> None:
    """R63, R67: red when the audit holds the new name."""
    answer = send(at_desk(app), f"/desk/members/{owner_id}/edit", phone="139 8765 4321", **FIELDS)
    assert answer.status_code == 303
    with fresh(app) as session:
        owner = session.get_one(Owner, owner_id)
        assert (owner.name, owner.phone, owner.title) == (
            "欧阳雪梅",
            "+8613987654321",
            "经理",
        )
        assert owner.name_sort == "ou yang xue mei"
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "owner.correct")).one()
        assert entry.details == {"fields": ["name", "name_sort", "phone", "sex", "title"]}


def test_who_does_not_see_the_number_does_not_wipe_it(app: Flask, owner_id: int) -> None:
    """red when a missing field counts as an empty one."""
    with fresh(app) as session:
        session.get_one(Owner, owner_id).wechat = "linxiao88"
        session.commit()
    client = at_desk(app, Role.SALES_CLERK)
    assert send(client, f"/desk/members/{owner_id}/edit", **FIELDS).status_code == 303
    with fresh(app) as session:
        owner = session.get_one(Owner, owner_id)
        assert (owner.phone, owner.wechat) == ("+8613812345678", "linxiao88")


def test_a_wrong_number_comes_back_with_a_sentence(app: Flask, owner_id: int) -> None:
    answer = send(at_desk(app), f"/desk/members/{owner_id}/edit", phone="12", **FIELDS)
    assert answer.status_code == 422
    assert "12" in texts(answer.get_data(as_text=True), "error-summary")[0]
    with fresh(app) as session:
        assert session.get_one(Owner, owner_id).name == "林晓"


def test_who_may_only_look_cannot_correct(app: Flask, owner_id: int) -> None:
    client = at_desk(app, Role.CASHIER)
    assert client.get(f"/desk/members/{owner_id}").status_code == 200
    assert client.get(f"/desk/members/{owner_id}/edit").status_code == 403


def test_the_search_finds_people_plates_and_events(app: Flask, owner_id: int) -> None:
    """Through the browser, with something beside it that must not be found."""
    with app.app_context():
        write()
        making.make_event(db.session, title_zh="粤B车友会")
        making.make_event(db.session, title_zh="品茶会")
        making.make_vehicle(db.session, making.make_member(db.session, "赵敏", login=False))
        db.session.commit()
    client = at_desk(app)
    found = [
        [hit.split(" ")[-1] for hit in texts(client.get(address).get_data(as_text=True), "li")]
        for address in ("/desk/search?q=林", "/desk/search?q=粤B·123", "/desk/search?q=品茶")
    ]
    assert [len(hits) for hits in found] == [1, 2, 1]
    assert (found[0], found[1][0]) == (["138****5678"], "138****5678")


def test_a_hit_says_by_which_foreign_number_it_was_found(app: Flask, owner_id: int) -> None:
    """red when the number of another system is not shown, and when it always is"""
    with fresh(app) as session:
        session.add(OwnerIdentity(owner_id=owner_id, source="dms", external_id="15513"))
        session.commit()
    client = at_desk(app)
    by_number, by_name = (
        texts(client.get(f"/desk/search?q={words}").get_data(as_text=True), "li")
        for words in ("15513", "林晓")
    )
    assert ("dms 15513" in by_number[0], "15513" in by_name[0]) == (True, False)


def test_a_search_for_nothing_finds_nothing(app: Flask, owner_id: int) -> None:
    """red when blank words match everybody, or every event."""
    with fresh(app) as session:
        making.make_event(session)
        session.commit()
    html = at_desk(app).get("/desk/search?q=+").get_data(as_text=True)
    assert texts(html, "hits") == []
