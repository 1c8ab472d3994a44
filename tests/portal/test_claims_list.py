"""The list of claims at the desk."""

from flask import Flask

from foundation.roles import Role
from portal import claims
from tests.browsing import fresh
from tests.entering import at_desk
from tests.making import NOW, make_member, make_owner

KEY = "a test key"


def test_a_list_shows_no_whole_number(app: Flask) -> None:
    """R67: red when numbers stand in full for whoever may see them on a logged archive"""
    with fresh(app) as db:
        member = make_member(db, "李雷", phone="+8613812345678")
        archive = make_owner(db, "王建国", phone="+8613987654321")
        claims.claim(db, member, archive, hash_key=KEY, now=NOW)
        db.commit()
    manager = at_desk(app, Role.CLUB_MANAGER)
    html = manager.get("/desk/claims").get_data(as_text=True)
    assert "138****5678" in html
    assert "139****4321" in html
    assert not any(whole in html.replace(" ", "") for whole in ("13812345678", "13987654321"))
