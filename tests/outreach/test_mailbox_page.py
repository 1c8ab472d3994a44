"""The desk's page of a mailbox that bounced."""

from flask import Flask

from outreach import bounces
from tests import browsing
from tests.browsing import fresh
from tests.entering import at_desk
from tests.making import NOW, make_member

ADDRESS = "a@example.com"


def test_the_desk_tries_a_mailbox_again(app: Flask) -> None:
    """Red when the page shows the whole address, or the form comes back without its reason"""
    key = app.extensions["club_settings"].hash_key
    with fresh(app) as db:
        owner_id = make_member(db, email=ADDRESS).id
        bounces.hard(db, key, ADDRESS, now=NOW)
        db.commit()
    here = f"/desk/members/{owner_id}/mailbox"
    manager = at_desk(app)
    shown = manager.get(here).text
    assert ADDRESS not in shown
    assert "该邮箱有退信" in shown
    assert browsing.send(manager, here, reason=" ").status_code == 422
    assert browsing.send(manager, here, reason="已恢复").status_code == 303
    assert "该邮箱没有退信" in manager.get(here).text
