"""The page of an invitation: who got it, who waits, who was left out, and why."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foundation import clock
from foundation.outbox import Letter, LetterState
from foundation.roles import Role
from outreach import campaigns, invitations
from outreach.models import Campaign, CampaignRecipient
from outreach.rules import Every, InTier
from outreach.staff import people
from tests.browsing import fresh
from tests.entering import visitor_of
from tests.making import make_event, make_member, make_staff
from tests.outreach.makers import agreeing

NAMES = ("甲收到", "乙失败", "丙未知", "丁等待")


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    with fresh(app) as db:
        account = make_staff(db, Role.MARKETING)
        db.commit()
    return visitor_of(app, account.id)


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    """Four members with letters in different states, one without consent."""
    with fresh(app) as db:
        for number, name in enumerate(NAMES):
            agreeing(db, name, phone=f"+861381234567{number}", email=None)
        make_member(db, "戊不同意")
        now = clock.now()
        event = make_event(db, starts_at=now + timedelta(days=30), ends_at=now + timedelta(days=31))
        rule = Every((InTier(("general",)),))
        made = invitations.draft_invitation(
            db, event, rule, words_zh="欢迎", words_en=None, by=None, now=now
        )
        campaigns.start(db, made, by=None, now=now)
        invitations.draw_more(db, made, app.extensions["club_settings"], now=now)
        states = (LetterState.SENT, LetterState.FAILED, LetterState.UNKNOWN, LetterState.QUEUED)
        for letter, state in zip(
            db.scalars(select(Letter).order_by(Letter.id)), states, strict=True
        ):
            letter.state, letter.why = state, "550 said the gateway" if state == "failed" else None
        db.commit()
        return made


def listed(staff: FlaskClient, campaign: Campaign, query: str = "") -> str:
    page = staff.get(f"/desk/invitations/{campaign.id}{query}").get_data(as_text=True)
    return page[page.index('id="people"') : page.index("</section>", page.index('id="people"'))]


def test_everybody_is_named_with_reason_and_masked_number(
    staff: FlaskClient, campaign: Campaign
) -> None:
    """Red when the address stands as it is, and without the reason of each."""
    said = listed(staff, campaign)
    assert all(name in said for name in (*NAMES, "戊不同意"))
    assert ("138****5670" in said, "13812345670" in said) == (True, False)
    assert said.count("等级：普卡") == 5
    assert "550 said the gateway" in said
    assert "未同意接收此类信息" in said


@pytest.mark.parametrize(
    ("state", "name"), [("sent", "甲收到"), ("failed", "乙失败"), ("skipped", "戊不同意")]
)
def test_the_list_is_narrowed_by_state(
    staff: FlaskClient, campaign: Campaign, state: str, name: str
) -> None:
    """Red without `_stands`: all are shown."""
    said = listed(staff, campaign, f"?state={state}")
    assert [one for one in (*NAMES, "戊不同意") if one in said] == [name]


def test_each_name_leads_to_the_archive(app: Flask, staff: FlaskClient, campaign: Campaign) -> None:
    said = listed(staff, campaign)
    with fresh(app) as db:
        ids = db.scalars(select(CampaignRecipient.owner_id)).all()
    assert len(ids) == 5
    assert all(f'href="/desk/members/{owner_id}"' in said for owner_id in ids)
    assert staff.get(f"/desk/members/{ids[0]}").status_code == 200


def test_a_long_list_comes_in_pages(
    staff: FlaskClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once; red when `after` is left out, and with `>=` for `>`."""
    monkeypatch.setattr(people, "PER_PAGE", 2)
    seen, query = [], "?after=0"
    while query:
        said = listed(staff, campaign, query)
        seen += [one for one in (*NAMES, "戊不同意") if one in said]
        found = said.partition('rel="next" href="')[2].partition('"')[0]
        query = "?" + found.partition("?")[2].partition("#")[0] if found else ""
    assert seen == [*NAMES, "戊不同意"]


def test_choosing_again_begins_with_what_was_chosen(
    app: Flask, staff: FlaskClient, campaign: Campaign
) -> None:
    """Red when only the event is kept."""
    with fresh(app) as db:
        draft = db.get_one(Campaign, campaign.id)
        draft.state = campaigns.CampaignState.DRAFT
        db.commit()
    chosen = f"/desk/invitations/new?event_id={campaign.event_id}&amp;tier=general"
    assert chosen in staff.get(f"/desk/invitations/{campaign.id}").get_data(as_text=True)
    words = f"/desk/invitations/words?event_id={campaign.event_id}&tier=general"
    assert chosen in staff.get(words).get_data(as_text=True)


def midnight(app: Flask) -> datetime:
    zone = app.extensions["club_settings"].zone
    return clock.now().astimezone(zone).replace(hour=23, minute=0) + timedelta(days=1)


def test_a_text_of_the_night_says_when_it_goes(
    app: Flask, staff: FlaskClient, campaign: Campaign
) -> None:
    """R44: before a worker looked at it; red without `next_open` in `outlook`."""
    with fresh(app) as db:
        letter = db.scalars(select(Letter).where(Letter.state == LetterState.QUEUED)).one()
        letter.not_before = midnight(app)
        db.commit()
    said = listed(staff, campaign, "?state=waiting")
    assert "08:00 之后发出：营销短信只在白天发送" in said
    manager = make_manager(app)
    assert "08:00 之后发出" in manager.get("/desk/letters").get_data(as_text=True)


def make_manager(app: Flask) -> FlaskClient:
    with fresh(app) as db:
        account = make_staff(db)
        db.commit()
    return visitor_of(app, account.id)


def test_the_desk_shows_no_readers_way_out(app: Flask, campaign: Campaign) -> None:
    """R36: the link is the right to use it; red without `without_way_out`, in words and HTML."""
    with fresh(app) as db:
        letter = db.scalars(select(Letter).where(Letter.state == LetterState.QUEUED)).one()
        letter.channel, letter.address = letter.channel.EMAIL, "a@example.com"
        db.commit()
    manager = make_manager(app)
    for url in (f"/desk/letters/{letter.id}", f"/desk/letters/{letter.id}/html"):
        said = manager.get(url).get_data(as_text=True)
        assert "/u/…" in said
        assert "/u/W" not in said
