"""Rounds of personal letters."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.models import EventInvitee
from foundation.outbox import Channel, Letter, LetterState
from foundation.settings import Settings
from members.models import Owner
from outreach import campaigns, invitations, newsletters
from outreach.models import (
    Campaign,
    CampaignRecipient,
    CampaignState,
    Newsletter,
    RecipientState,
    Topic,
)
from outreach.rules import Every
from tests.conftest import Sessions
from tests.making import NOW, make_event, make_member, make_shop, make_staff
from tests.outreach.makers import agreeing, an_office, send, stored

LATER = NOW + timedelta(minutes=5)


def invite(db: Session, settings: Settings, **event: object) -> Campaign:
    """An invitation of every member, started and drawn."""
    campaign = invitations.draft_invitation(
        db, make_event(db, **event), Every(), words_zh="欢迎", words_en=None, by=None, now=NOW
    )
    campaigns.start(db, campaign, by=None, now=NOW)
    invitations.draw_more(db, campaign, settings, now=NOW)
    return campaign


def rows(db: Session, campaign: Campaign) -> dict[int, CampaignRecipient]:
    found = select(CampaignRecipient).where(CampaignRecipient.campaign_id == campaign.id)
    return {
        row.owner_id: row for row in db.scalars(found.execution_options(populate_existing=True))
    }


def an_issue(db: Session) -> Newsletter:
    issue = Newsletter(
        shop_id=make_shop(db).id, title_zh="春", body_zh="# 春天\n\n您好", created_at=NOW
    )
    db.add(issue)
    db.flush()
    return issue


def test_only_who_agreed_is_invited(db: Session, settings: Settings) -> None:
    """R38: red without the consent in `prepare`; the skipped row says why."""
    yes, no = agreeing(db), make_member(db)
    campaign = invite(db, settings)
    found = rows(db, campaign)
    assert found[yes.id].state is RecipientState.QUEUED
    assert (found[no.id].state, found[no.id].why) == (
        RecipientState.SKIPPED,
        campaigns.NO_CONSENT,
    )


def test_nobody_is_dropped_for_having_no_mail(db: Session, settings: Settings) -> None:
    """R32: one row and one letter for each, by the channel that reaches them."""
    mail = agreeing(db, email="a@example.com")
    text = agreeing(db, email=None)
    chat = agreeing(db, phone=None, email=None)
    campaign = invite(db, settings)
    found = rows(db, campaign)
    assert [found[one.id].channel for one in (mail, text, chat)] == [
        Channel.EMAIL,
        Channel.TEXT,
        Channel.WECHAT,
    ]


def test_drawing_again_draws_nobody_twice(db: Session, settings: Settings) -> None:
    """R32: red without the cursor of `next_members`; small batches end where one would."""
    for _each in range(5):
        agreeing(db)
    campaign = invite(db, settings)
    for _again in range(3):
        invitations.draw_more(db, campaign, settings, now=NOW, limit=2)
    assert len(rows(db, campaign)) == 5
    assert db.scalar(select(func.count(Letter.id))) == 5


def test_a_second_invitation_skips_who_was_invited(db: Session, settings: Settings) -> None:
    """Red without `_signed_up_or_invited`."""
    owner = agreeing(db)
    first = invite(db, settings)
    event = first.event_id
    second = invite(db, settings)
    second.event_id = event
    third = Campaign(kind=first.kind, event_id=event, rule=first.rule, created_at=NOW)
    db.add(third)
    db.flush()
    campaigns.start(db, third, by=None, now=NOW)
    invitations.draw_more(db, third, settings, now=NOW)
    assert rows(db, third)[owner.id].why == invitations.ALREADY_INVITED


def test_starting_twice_is_refused(db: Session, settings: Settings) -> None:
    campaign = invite(db, settings)
    with pytest.raises(campaigns.NotADraft):
        campaigns.start(db, campaign, by=None, now=NOW)


def test_a_stopped_invitation_sends_nothing_and_can_be_made_again(
    db: Session, settings: Settings
) -> None:
    """Red when stop leaves the invitees, or the letters, in place."""
    agreeing(db)
    campaign = invite(db, settings)
    assert invitations.stop(db, campaign, by=None, now=NOW) == 1
    send(db, an_office(db, settings), settings, LATER)
    assert db.scalars(select(Letter.state)).all() == [LetterState.SKIPPED]
    assert db.scalar(select(func.count(EventInvitee.id))) == 0


def test_a_campaign_is_done_when_each_recipient_has_an_end(
    db: Session, sessions: Sessions, settings: Settings
) -> None:
    """R32: red when `finish` does not look at unknown ones."""
    agreeing(db), make_member(db)
    campaign = invite(db, settings)
    assert campaigns.finish(db, now=NOW) == 0
    letter = db.scalars(select(Letter)).one()
    letter.state = LetterState.UNKNOWN
    db.flush()
    campaigns.settle(db)
    assert campaigns.finish(db, now=LATER) == 0
    letter.state = LetterState.SENT
    db.flush()
    campaigns.settle(db)
    assert campaigns.finish(db, now=LATER) == 1
    db.commit()
    with sessions() as fresh:
        assert fresh.get_one(Campaign, campaign.id).state is CampaignState.DONE


def test_an_invitation_after_the_last_sign_up_is_held(db: Session, settings: Settings) -> None:
    """R35: red without `until` in the draft."""
    agreeing(db)
    invite(db, settings, register_until=NOW + timedelta(hours=1))
    send(db, an_office(db, settings), settings, NOW + timedelta(hours=2))
    letter = db.scalars(select(Letter)).one()
    assert stored(db, letter).state is LetterState.HELD


def test_an_opening_right_after_delivery_is_a_scanner(db: Session, settings: Settings) -> None:
    """R41: red without HUMAN."""
    owner = agreeing(db)
    campaign = invite(db, settings)
    row = rows(db, campaign)[owner.id]
    db.get_one(Letter, row.letter_id).sent_at = NOW
    invitations.opened(db, row, now=NOW + timedelta(seconds=2))
    assert db.scalars(select(EventInvitee.opened_at)).all() == [None]
    invitations.opened(db, row, now=LATER)
    assert db.scalars(select(EventInvitee.opened_at)).all() == [LATER]


def test_an_issue_is_sent_once_to_who_asked_for_it(db: Session, settings: Settings) -> None:
    """R32, R38: red without the look for an earlier round."""
    reader: Owner = agreeing(db, topic=Topic.NEWSLETTER)
    agreeing(db, topic=Topic.OFFERS)
    issue = an_issue(db)
    newsletters.publish(db, issue, by=None, now=NOW)
    campaign = newsletters.send(db, issue, by=None, now=NOW)
    newsletters.draw_more(db, campaign, settings, now=NOW)
    assert [row.owner_id for row in rows(db, campaign).values()] == [reader.id]
    with pytest.raises(newsletters.AlreadySent):
        newsletters.send(db, issue, by=None, now=LATER)


@pytest.mark.parametrize("state", [LetterState.SENT, LetterState.CLAIMED])
def test_a_second_round_after_a_stop_leaves_out_who_has_it(
    db: Session, settings: Settings, state: LetterState
) -> None:
    """R32: red without `_have_it`; a letter in a worker's hands is red without `under_way`."""
    agreeing(db, topic=Topic.NEWSLETTER)
    issue = an_issue(db)
    newsletters.publish(db, issue, by=None, now=NOW)
    first = newsletters.send(db, issue, by=None, now=NOW)
    newsletters.draw_more(db, first, settings, now=NOW)
    db.scalars(select(Letter)).one().state = state
    db.flush()
    campaigns.stop(db, first, by=None, now=LATER)
    second = newsletters.send(db, issue, by=None, now=LATER)
    newsletters.draw_more(db, second, settings, now=LATER)
    assert [row.why for row in rows(db, second).values()] == [newsletters.ALREADY_HAS]


def test_numbers_follow_each_other(db: Session) -> None:
    first, second = an_issue(db), an_issue(db)
    for issue in (first, second, first):
        newsletters.publish(db, issue, by=None, now=NOW)
    assert (first.number, second.number) == (1, 2)


def test_a_test_letter_goes_to_who_asked(db: Session) -> None:
    staff = make_staff(db)
    letters = newsletters.post_tests(db, an_issue(db), staff, now=NOW)
    assert {(one.address, one.recipient_kind) for one in letters} == {(staff.email, "account")}
