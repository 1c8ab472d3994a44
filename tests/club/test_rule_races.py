"""Two tabs at one draft in the same instant: one drops what the other saves."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from club import rule_drafts
from club.models import RuleVersion
from club.rule_drafts import CampaignWords
from club.rule_stamps import CampaignGone, DraftGone, stamp_of
from foundation.refusals import Refusal
from foundation.roles import Role
from foundation.web.database import db as web
from foundation.web.database import write
from tests.club.scene import NOW
from tests.conftest import Sessions
from tests.entering import at_desk
from tests.events.racing import once_free, race

WINTER = CampaignWords("冬季", "Winter", date(2027, 12, 1), date(2027, 12, 31), 200)
TABS = 6


def with_campaign(sessions: Sessions) -> tuple[int, str]:
    with sessions() as db:
        draft = rule_drafts.begin(db, "2028", by=None, now=NOW)
        kept = rule_drafts.keep_campaign(db, draft, None, WINTER, by=None, now=NOW)
        shown, number = stamp_of(kept), draft.id
        db.commit()
    return number, shown


def save(sessions: Sessions, number: int, shown: str) -> str:
    return once_free(sessions, _save, number, shown)


def drop(sessions: Sessions, number: int) -> str:
    return once_free(sessions, _drop, number)


def discard(sessions: Sessions, number: int) -> str:
    return once_free(sessions, _discard, number)


def _save(db: Session, number: int, shown: str) -> str:
    draft = db.get(RuleVersion, number)
    if draft is None or not draft.campaigns:
        return "404"
    found, words = draft.campaigns[0], replace(WINTER, name_en="Later")
    try:
        rule_drafts.keep_campaign(db, draft, found, words, by=None, now=NOW, seen=shown)
    except Refusal as no:
        db.rollback()
        return type(no).__name__
    return "saved"


def _drop(db: Session, number: int) -> str:
    draft = db.get(RuleVersion, number)
    if draft is None or not draft.campaigns:
        return "404"
    rule_drafts.drop_campaign(db, draft, draft.campaigns[0], by=None, now=NOW)
    return "dropped"


def _discard(db: Session, number: int) -> str:
    draft = db.get(RuleVersion, number)
    if draft is None:
        return "404"
    try:
        rule_drafts.discard(db, draft, by=None, now=NOW)
    except DraftGone:
        db.rollback()
        return "gone"
    return "discarded"


def test_one_tab_drops_what_another_saves(sessions: Sessions, database_url: str) -> None:
    """Whoever comes first, it is gone, and nobody meets an error; red when the campaigns are not
    read again under the lock."""
    number, shown = with_campaign(sessions)
    said = race(database_url, [(drop, (number,)), (save, (number, shown))] * (TABS // 2))
    with sessions() as db:
        assert db.get_one(RuleVersion, number).campaigns == []
    assert said[0::2].count("dropped") >= 1
    assert set(said[0::2]) <= {"dropped", "404"}
    assert set(said[1::2]) <= {"saved", "StaleDraft", "CampaignGone", "404"}


def test_one_tab_discards_the_draft_that_others_save(sessions: Sessions, database_url: str) -> None:
    """Red when a discarded draft is read again as if it were there, or discarded without its
    lock."""
    number, shown = with_campaign(sessions)
    said = race(database_url, [(discard, (number,)), (save, (number, shown))] * (TABS // 2))
    with sessions() as db:
        assert db.get(RuleVersion, number) is None
    assert said[0::2].count("discarded") == 1
    assert set(said[1::2]) <= {"saved", "StaleDraft", "DraftGone", "404"}


@pytest.mark.parametrize(("all_of_it", "why"), [(False, CampaignGone), (True, DraftGone)])
def test_what_was_open_when_it_went_is_refused(
    sessions: Sessions, all_of_it: bool, why: type[Refusal]
) -> None:
    """The order that matters, without luck. Red when the parts of the draft are not read again,
    or a draft that is gone is."""
    number, shown = with_campaign(sessions)
    with sessions() as late, sessions() as first:
        stale = late.get_one(RuleVersion, number)
        (winter,) = stale.campaigns
        late.commit()
        (drop_all if all_of_it else drop_one)(first, number)
        with pytest.raises(why):
            rule_drafts.keep_campaign(late, stale, winter, WINTER, by=None, now=NOW, seen=shown)
        late.rollback()
    assert drop(sessions, number) == "404"


def drop_one(db: Session, number: int) -> None:
    draft = db.get_one(RuleVersion, number)
    rule_drafts.drop_campaign(db, draft, draft.campaigns[0], by=None, now=NOW)
    db.commit()


def drop_all(db: Session, number: int) -> None:
    rule_drafts.discard(db, db.get_one(RuleVersion, number), by=None, now=NOW)
    db.commit()


def test_the_tab_that_comes_late_keeps_what_was_typed(app: Flask) -> None:
    """The form comes back with the reason and adds the campaign anew, though its days make no
    sense; red when it is a 404, and when the form is looked at first."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        write()
        draft = rule_drafts.begin(web.session, "2028", by=None, now=NOW)
        kept = rule_drafts.keep_campaign(web.session, draft, None, WINTER, by=None, now=NOW)
        here = f"/desk/rules/{draft.id}/campaigns/{kept.id}"
        number = draft.id
        web.session.commit()
    manager = at_desk(app, Role.CLUB_MANAGER)
    sent = {"name_zh": "冬季加倍", "from_on": "2027-12-01", "until_on": "2027-12-31", "seen": "x"}
    sent["hundredths"] = "2"
    assert manager.post(f"{here}/drop").status_code == 303
    for days in ({}, {"until_on": "2027-13-99"}):
        late = manager.post(here, data=sent | days)
        assert (late.status_code, "冬季加倍" in late.text) == (409, True)
        assert f'action="/desk/rules/{number}/campaigns/new"' in late.text
