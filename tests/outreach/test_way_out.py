"""Ending letters by their link, the answer R, and the public archive."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foundation.outbox import Channel, Letter, LetterState
from foundation.settings import Settings
from members.models import Owner
from outreach import consents, links
from outreach.models import Consent, Newsletter, NewsletterState, Suppression, Topic
from tests.browsing import fresh
from tests.making import NOW, make_member, make_owner, make_shop
from tests.outreach.makers import post_marketing, say

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def owner(app: Flask) -> Owner:
    """A member who agreed to everything, with an invitation under way."""
    with fresh(app) as db:
        make_shop(db)
        found = make_member(db, "林书怡", phone="+8613800000009")
        for topic in Topic:
            say(db, found, topic, True)
        post_marketing(db, found, "m")
        post_marketing(db, found, "w", Channel.TEXT)
        db.commit()
        return found


def path(settings: Settings, owner: Owner, topic: Topic | None = Topic.INVITATIONS) -> str:
    return links.unsubscribe_path(settings.link_keys, owner.id, topic and topic.value)


def agreed(app: Flask, owner: Owner) -> set[Topic]:
    with fresh(app) as db:
        return {topic for topic, yes in consents.answers_of(db, owner.id).items() if yes}


def test_one_click_without_cookie_or_token_ends_the_topic_alone(
    app: Flask, client: FlaskClient, settings: Settings, owner: Owner
) -> None:
    """R36, R37: red with the CSRF check on, and when all topics end."""
    app.config["WTF_CSRF_ENABLED"] = True
    for _again in range(2):
        assert client.post(path(settings, owner), data=ONE_CLICK).status_code == 200
    assert agreed(app, owner) == {Topic.NEWSLETTER, Topic.OFFERS}
    with fresh(app) as db:
        assert set(db.scalars(select(Letter.state))) == {LetterState.SKIPPED}
        assert len(db.scalars(select(Consent).where(Consent.given.is_(False))).all()) == 1


def test_an_old_link_ends_the_letters_of_the_archive_that_stayed(
    app: Flask, client: FlaskClient, settings: Settings, owner: Owner
) -> None:
    """R13, R36: red when the answer is kept for the owner who was merged away."""
    with fresh(app) as db:
        gone = make_owner(db, merged_into_id=owner.id)
        db.commit()
    assert client.post(path(settings, gone), data=ONE_CLICK).status_code == 200
    assert agreed(app, owner) == {Topic.NEWSLETTER, Topic.OFFERS}


def test_looking_changes_nothing(
    app: Flask, client: FlaskClient, settings: Settings, owner: Owner
) -> None:
    """R36, R41: red when GET ends the topic."""
    assert client.get(path(settings, owner)).status_code == 200
    assert client.head(path(settings, owner)).status_code == 200
    assert agreed(app, owner) == set(Topic)


def test_all_marketing_ends_in_one_step(
    app: Flask, client: FlaskClient, settings: Settings, owner: Owner
) -> None:
    """R64: red when `what` is not looked at."""
    client.post(path(settings, owner), data={"what": "all"})
    assert agreed(app, owner) == set()


def test_an_altered_link_does_nothing(
    app: Flask, client: FlaskClient, settings: Settings, owner: Owner
) -> None:
    altered = path(settings, owner)[:-2] + "xx"
    assert client.post(altered, data=ONE_CLICK).status_code == 404
    assert client.post("/u/nonsense", data=ONE_CLICK).status_code == 404
    assert agreed(app, owner) == set(Topic)


def test_a_link_of_another_purpose_is_no_way_out(
    client: FlaskClient, settings: Settings, owner: Owner
) -> None:
    token = links.invitation_path(settings.link_keys, 1).removeprefix("/i/")
    assert client.post(f"/u/{token}").status_code == 404


def test_the_answer_r_stops_a_number_at_once(app: Flask, client: FlaskClient, owner: Owner) -> None:
    """R44: red without the suppression, and without the token's check."""
    object.__setattr__(app.extensions["club_settings"], "text_gateway_token", "t")
    body = {"from": "13800000009", "text": " r "}
    assert client.post("/hooks/texts", json=body).status_code == 401
    assert agreed(app, owner) == set(Topic)
    answer = client.post("/hooks/texts", json=body, headers={"Authorization": "Bearer t"})
    assert answer.get_json() == {"status": "stopped"}
    assert agreed(app, owner) == set()
    with fresh(app) as db:
        assert db.scalar(select(Suppression.id)) is not None


def test_the_public_archive_holds_no_reader(app: Flask, client: FlaskClient, owner: Owner) -> None:
    """R45: red when the page greets, counts or links by a token."""
    with fresh(app) as db:
        for state, number in ((NewsletterState.PUBLISHED, 1), (NewsletterState.DRAFT, None)):
            issue = Newsletter(
                shop_id=make_shop(db).id,
                title_zh=f"第 {number} 期",
                body_zh="<script>x</script> ![](https://evil.example/p.png)",
                state=state,
                number=number,
                created_at=NOW,
                published_at=NOW if number else None,
            )
            db.add(issue)
            db.flush()
        draft_id = issue.id
        db.commit()
    said = client.get(f"/newsletter/{draft_id - 1}").get_data(as_text=True)
    assert "第 1 期" in said
    assert not any(word in said for word in ("林书怡", "/u/", "/i/", "evil.example/p", "<script>x"))
    assert client.get(f"/newsletter/{draft_id}").status_code == 404
