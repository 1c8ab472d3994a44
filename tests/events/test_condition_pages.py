"""For whom an event is meant, said where it is read: to strangers, members, and at the desk."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from events.models import Event, Unit
from foundation import clock
from tests.browsing import send
from tests.entering import at_desk, visitor
from tests.events.at_the_desk import stored
from tests.making import make_account, make_event, make_member, make_vehicle


def meant(session: Session, **fields: Any) -> Event:
    """An event a week from now."""
    return make_event(session, starts_at=clock.now() + timedelta(days=7), **fields)


def owner_of(app: Flask, *models: str, **fields: Any) -> FlaskClient:
    """A member with these cars."""

    def make(session: Session) -> Any:
        owner = make_member(session, "周一", login=False, **fields)
        for model in models:
            make_vehicle(session, owner, model=model)
        return make_account(session, owner)

    return visitor(app, make)


def read(client: FlaskClient, event_id: int) -> str:
    return unescape(client.get(f"/events/{event_id}").get_data(as_text=True))


def test_an_event_for_one_model_says_so(app: Flask) -> None:
    """To strangers in the facts; whoever drives another model reads why instead of the form; with
    one of two cars only that one can be chosen. Red without `_kept_out`, and without `fitting`."""
    event_id = stored(app, lambda session: meant(session, unit=Unit.CAR, for_models=["鹿鸣"]))
    assert "鹿鸣 车主" in read(app.test_client(), event_id)
    other, both = owner_of(app, "云雀"), owner_of(app, "云雀", "鹿鸣")
    html = read(other, event_id)
    for words in ("本活动面向 鹿鸣 车主。", "您车库中的车：云雀。", "添加到车库"):
        assert words in html
    assert f"/events/{event_id}/register" not in html
    assert "您车库中的车：京A" in read(owner_of(app, ""), event_id)  # no model: by its plate
    form = read(both, event_id)
    assert ("鹿鸣 · 京A" in form, "云雀 · 京A" in form) == (True, False)
    refused = send(other, f"/events/{event_id}/register", "/me/account", vehicle_id=1)
    assert (refused.status_code, "本活动面向 鹿鸣 车主。" in refused.text) == (422, True)


@pytest.mark.parametrize(
    ("fields", "fact", "why"),
    [
        (
            {"for_tiers": ["gold", "diamond"]},
            "金卡、钻石卡会员",
            "本活动面向金卡、钻石卡会员，您目前是普卡会员。",
        ),
        ({"invited_only": True}, "受邀会员", "本活动仅限受邀车主。"),
        (
            {"interests_only": True, "interests": ["golf"]},
            "喜欢 高尔夫 的会员",
            "本活动面向喜欢 高尔夫 的会员。",
        ),
    ],
)
def test_each_condition_names_itself(
    app: Flask, fields: dict[str, Any], fact: str, why: str
) -> None:
    event_id = stored(app, lambda session: meant(session, **fields))
    assert fact in read(app.test_client(), event_id)
    html = read(owner_of(app), event_id)
    assert why in html
    assert f"/events/{event_id}/register" not in html
    assert fact in unescape(at_desk(app).get(f"/desk/events/{event_id}").get_data(as_text=True))


def test_the_desk_reads_it_before_signing_somebody_up(app: Flask) -> None:
    event_id = stored(app, lambda session: meant(session, for_models=["鹿鸣"]))
    whom = f"/desk/events/{event_id}/registrations/new?owner={stored(app, make_member)}"
    assert "本活动面向：鹿鸣 车主。" in at_desk(app).get(whom).get_data(as_text=True)


def test_an_event_for_everybody_names_no_condition(app: Flask) -> None:
    """At the desk it says so in words."""
    event_id = stored(app, meant)
    for client in (app.test_client(), owner_of(app)):
        assert "面向</dt>" not in read(client, event_id)
    assert "所有会员" in at_desk(app).get(f"/desk/events/{event_id}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"fee_zh": "签到时缴纳", "onsite_fee_fen": 3000},
            "提前报名免费 · 现场报名 ¥30.00 · 签到时缴纳",
        ),
        ({"fee_zh": "报名后转账", "fee_fen": 5000}, "¥50.00 · 报名后转账"),
        ({}, "免费"),
    ],
)
def test_what_it_costs_does_not_contradict_itself(
    app: Flask, fields: dict[str, Any], words: str
) -> None:
    event_id = stored(app, lambda session: meant(session, **fields))
    assert f"<dd>{words}</dd>" in read(app.test_client(), event_id)


def over(session: Session) -> Event:
    return make_event(session, places=1, starts_at=clock.now() - timedelta(days=7))


@pytest.mark.parametrize("who", [Flask.test_client, owner_of])
def test_an_event_that_is_over_says_so_first(app: Flask, who: Callable[[Flask], Any]) -> None:
    """And no word of places or of a day to sign up by."""
    html = read(who(app), stored(app, over))
    assert "活动已结束。" in html[: html.index('class="facts"')]
    assert "<dt>" in html
    for words in ("名额</dt>", "报名截止"):
        assert words not in html
