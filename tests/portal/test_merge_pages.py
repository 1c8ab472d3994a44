"""Merging at the desk, through the browser: looked at, tried out, done, undone."""

import pytest
from flask import Flask
from sqlalchemy import select

from foundation.audit import AuditEntry
from foundation.roles import Role
from foundation.web.database import db, write
from members.models import Owner, Ownership
from portal.models import OwnerMerge
from tests import making
from tests.browsing import fresh, send
from tests.entering import at_desk
from tests.reading import texts


@pytest.fixture
def two(app: Flask) -> tuple[int, int]:
    """Two archives of one phone, each with a car."""
    with app.app_context():
        write()
        owners = [
            making.make_member(db.session, name, login=False, phone="+8613812345678")
            for name in ("林晓", "林小姐")
        ]
        for owner in owners:
            making.make_vehicle(db.session, owner)
        db.session.commit()
        return owners[0].id, owners[1].id


def merged(app: Flask) -> list[int | None]:
    with fresh(app) as session:
        return list(session.scalars(select(Owner.merged_into_id).order_by(Owner.id)))


def test_the_other_archive_is_offered_and_both_are_read(app: Flask, two: tuple[int, int]) -> None:
    """R49, R67: red when looking leaves no note, or merges"""
    client = at_desk(app)
    html = client.get(f"/desk/members/{two[0]}/merge").get_data(as_text=True)
    assert ("林小姐" in texts(html, "li")[0], merged(app)) == (True, [None, None])
    assert client.get(f"/desk/members/{two[0]}/merge/{two[1]}").status_code == 200
    with fresh(app) as session:
        read = session.scalars(select(AuditEntry.thing_id).where(AuditEntry.act == "owner.read"))
        assert read.all() == list(two)


def test_a_preview_leaves_everything_as_it_is(app: Flask, two: tuple[int, int]) -> None:
    """R13: red when the preview commits"""
    address = f"/desk/members/{two[0]}/merge/{two[1]}"
    answer = send(at_desk(app), f"{address}/preview", address, stays=two[0], reason="同一手机号")
    html = answer.get_data(as_text=True)
    assert (answer.status_code, "合并后" in texts(html, "th")) == (200, True)
    assert merged(app) == [None, None]
    with fresh(app) as session:
        assert session.scalars(select(OwnerMerge)).all() == []


def test_a_merge_is_done_and_undone_on_the_archive(app: Flask, two: tuple[int, int]) -> None:
    """R13, R67: red when the choice of who stays is not followed"""
    client, address = at_desk(app), f"/desk/members/{two[0]}/merge/{two[1]}"
    answer = send(client, address, stays=two[1], reason="同一手机号")
    assert answer.location == f"/desk/members/{two[1]}"
    assert client.get(f"/desk/members/{two[0]}").location == str(two[1])
    with fresh(app) as session:
        assert set(session.scalars(select(Ownership.owner_id))) == {two[1]}
        number = session.scalars(select(OwnerMerge.id)).one()
    send(client, f"/desk/merges/{number}/undo", f"/desk/members/{two[1]}")
    assert merged(app) == [None, None]
    with fresh(app) as session:
        assert set(session.scalars(select(Ownership.owner_id))) == set(two)
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act != "owner.read"))
        assert acts.all()[-2:] == ["owner.merge", "owner.part"]


def test_no_reason_no_merge(app: Flask, two: tuple[int, int]) -> None:
    address = f"/desk/members/{two[0]}/merge/{two[1]}"
    answer = send(at_desk(app), address, stays=two[0], reason=" ")
    assert (answer.status_code, merged(app)) == (422, [None, None])


def test_too_late_to_undo_says_why(app: Flask, two: tuple[int, int]) -> None:
    """R13: 422 with the reason; red when it is undone all the same"""
    client, address = at_desk(app), f"/desk/members/{two[0]}/merge/{two[1]}"
    send(client, address, stays=two[0], reason="同一手机号")
    with fresh(app) as session:
        making.make_vehicle(session, session.get_one(Owner, two[0]))
        number = session.scalars(select(OwnerMerge.id)).one()
        session.commit()
    answer = send(client, f"/desk/merges/{number}/undo", f"/desk/members/{two[0]}")
    assert (answer.status_code, merged(app)) == (422, [None, two[0]])
    assert "车辆" in texts(answer.get_data(as_text=True), "error-summary")[0]


def test_merging_has_a_permission_of_its_own(app: Flask, two: tuple[int, int]) -> None:
    client = at_desk(app, Role.SERVICE_ADVISOR)
    assert client.get(f"/desk/members/{two[0]}/merge").status_code == 403
    assert "/merge" not in client.get(f"/desk/members/{two[0]}").get_data(as_text=True)
