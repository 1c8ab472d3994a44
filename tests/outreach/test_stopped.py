"""What a stop reaches besides letters that wait: those in a worker's hands, and those to decide."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from events.models import EventInvitee
from foundation import outbox
from foundation.outbox import Letter, LetterState, Rendered
from foundation.settings import Settings
from outreach import campaigns, deciding, invitations, jobs, mail_reports, office
from outreach.channels import Office
from outreach.mail_reports import Kind
from outreach.models import Campaign, CampaignState, RecipientState
from outreach.rules import Every
from tests import browsing
from tests.browsing import fresh
from tests.conftest import Sessions
from tests.entering import visitor_of
from tests.making import NOW, make_event, make_shop, make_staff
from tests.outreach import reports
from tests.outreach.makers import PLAIN, agreeing, by_mail, post_letter, send, stored
from tests.outreach.servers import mail_server
from tests.outreach.test_campaigns import LATER, invite, rows

STOPPED = "Stopped by staff."


def stopping(db: Session, settings: Settings, campaign: Campaign, **mail: Any) -> Office:
    """The channels of a worker in whose hands each letter is when its round is stopped."""

    def words(_letter: Letter, **_more: object) -> Rendered:
        if campaign.state is CampaignState.SENDING:
            invitations.stop(db, campaign, by=None, now=LATER)
        return PLAIN

    return office.open_office(db, replace(settings, **mail), words, "w1")


@pytest.mark.parametrize(
    ("answer", "facts"),
    [("451 4.7.1 try later", {}), ("unreachable", {}), ("", {"phone": None, "email": None})],
    ids=["refused for now", "server away", "by an advisor"],
)
def test_a_letter_in_a_workers_hands_does_not_come_back(
    db: Session, settings: Settings, answer: str, facts: dict[str, Any]
) -> None:
    """Nothing of a stopped round goes out, and who did not get it may be invited again; red where
    what comes back waits as it was, and without `uninvite_late`."""
    owner = agreeing(db, **({"email": "a@example.com"} | facts))
    campaign = invite(db, settings)
    with mail_server() as post:
        post.answers["a@example.com"] = answer
        port = 1 if answer == "unreachable" else post.port
        mail = {"mail_server": "127.0.0.1", "mail_port": port}
        send(db, stopping(db, settings, campaign, **mail), settings, LATER)
    letter = db.scalars(select(Letter).execution_options(populate_existing=True)).one()
    assert (letter.state, letter.why) == (LetterState.SKIPPED, STOPPED)
    jobs.settle_campaigns(db, LATER)
    assert rows(db, campaign)[owner.id].state is RecipientState.SKIPPED
    assert db.scalars(select(EventInvitee)).all() == []


def test_a_letter_that_had_left_counts_as_sent(db: Session, settings: Settings) -> None:
    """Red where a stop skips what a worker holds."""
    owner = agreeing(db, email="a@example.com")
    campaign = invite(db, settings)
    with mail_server() as post:
        mail = {"mail_server": "127.0.0.1", "mail_port": post.port}
        assert send(db, stopping(db, settings, campaign, **mail), settings, LATER) == 1
    jobs.settle_campaigns(db, LATER)
    assert rows(db, campaign)[owner.id].state is RecipientState.SENT
    assert db.scalars(select(EventInvitee.owner_id)).all() == [owner.id]


@pytest.mark.parametrize("opened", [False, True])
def test_who_was_invited_by_a_letter_that_came_back_may_be_invited_again(
    db: Session, settings: Settings, opened: bool
) -> None:
    """Mailed, stopped, then bounced: nothing follows by text. Red where `uninvite_late` asks for
    recipients that are not settled, and where who opened the invitation loses it."""
    owner = agreeing(db, email="a@example.com")
    campaign = invite(db, settings)
    with mail_server() as post:
        send(db, by_mail(db, settings, post.port), settings, LATER)
    jobs.settle_campaigns(db, LATER)
    invitations.stop(db, campaign, by=None, now=LATER)
    db.scalars(select(EventInvitee)).one().opened_at = LATER if opened else None
    report = reports.bounce(str(db.scalars(select(Letter.message_id)).one()))
    assert mail_reports.take(db, settings.hash_key, report, now=LATER) is Kind.HARD
    jobs.settle_campaigns(db, LATER)
    letter = db.scalars(select(Letter).execution_options(populate_existing=True)).one()
    assert (letter.state, letter.why) == (LetterState.SKIPPED, STOPPED)
    invited = [owner.id] if opened else []
    assert db.scalars(select(EventInvitee.owner_id)).all() == invited


def test_a_letter_skipped_while_its_recipient_settles_leaves_nobody_invited(
    db: Session, settings: Settings
) -> None:
    """The worker's answer may come between both statements: red where who is settled is not asked
    about any more. Who is invited anew since then stays so, however often it is asked."""
    owner = agreeing(db)
    campaign = invite(db, settings)
    letter = db.scalars(select(Letter)).one()
    letter.state = LetterState.CLAIMED
    db.flush()
    invitations.stop(db, campaign, by=None, now=LATER)
    letter.state = LetterState.QUEUED
    db.flush()
    outbox.skip_withdrawn(db, letter.id)
    campaigns.settle(db)
    jobs.settle_campaigns(db, LATER)
    assert db.scalars(select(EventInvitee)).all() == []
    again = EventInvitee(event_id=campaign.event_id, owner_id=owner.id)
    again.invited_at = LATER + timedelta(days=1)
    db.add(again)
    jobs.settle_campaigns(db, LATER)
    assert db.scalars(select(EventInvitee.owner_id)).all() == [owner.id]


def test_what_may_have_gone_out_is_not_sent_again_by_hand(db: Session, settings: Settings) -> None:
    """Red where `withdraw` notes nothing on it; it can still be dropped, and who may have got it
    stays invited."""
    agreeing(db)
    campaign = invite(db, settings)
    letter = db.scalars(select(Letter)).one()
    letter.state, clerk = LetterState.UNKNOWN, make_staff(db)
    db.flush()
    assert invitations.stop(db, campaign, by=None, now=LATER) == 0
    with pytest.raises(deciding.Withdrawn):
        deciding.send_again(db, letter, by=clerk.id, now=LATER)
    deciding.drop(db, letter, by=clerk.id, now=LATER)
    jobs.settle_campaigns(db, LATER)
    assert stored(db, letter).state is LetterState.SKIPPED
    assert len(db.scalars(select(EventInvitee)).all()) == 1


def test_the_desk_offers_no_way_to_send_it(app: Flask) -> None:
    """The page of a failed letter names why, and a form that was open is answered with a 422."""
    with fresh(app) as session:
        make_shop(session)
        letter = post_letter(session, agreeing(session), "a", cause_kind="voucher", cause_id=7)
        letter.state, staff = LetterState.FAILED, make_staff(session)
        outbox.withdraw(session, "voucher", 7, why="The voucher was taken back.")
        session.commit()
        at, desk = f"/desk/letters/{letter.id}", visitor_of(app, staff.id)
    page = desk.get(at).get_data(as_text=True)
    assert "优惠券已被收回。" in page
    assert ('value="again"' in page, 'value="drop"' in page) == (False, True)
    assert browsing.send(desk, f"{at}/decide", at, what="again").status_code == 422


def test_a_batch_that_is_drawn_while_the_round_is_stopped_stays_too(
    sessions: Sessions, settings: Settings
) -> None:
    """Red on PostgreSQL where letters are withdrawn before the round is stopped."""
    with sessions() as db:
        agreeing(db)
        campaign = invitations.draft_invitation(
            db, make_event(db), Every(), words_zh="欢迎", words_en=None, by=None, now=NOW
        )
        campaigns.start(db, campaign, by=None, now=NOW)
        db.commit()
        campaign_id = campaign.id
    with sessions() as db:
        drawn = db.get_one(Campaign, campaign_id, with_for_update=True)
        person = threading.Thread(target=_stop, args=(sessions, campaign_id))
        person.start()
        invitations.draw_more(db, drawn, settings, now=NOW)
        person.join(0.5)
        db.commit()
    person.join()
    with sessions() as db:
        assert db.scalars(select(Letter.state)).all() == [LetterState.SKIPPED]


def _stop(sessions: Sessions, campaign_id: int) -> None:
    with sessions() as db:
        campaigns.stop(db, db.get_one(Campaign, campaign_id), by=None, now=LATER)
        db.commit()
