"""The event editor: both real cases of the club typed into it and read back; nothing gets lost."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select

from events.models import Event, EventSession, EventState, QuestionKind, QuotaKind, Registration
from foundation.outbox import Letter
from tests.browsing import fresh
from tests.entering import at_desk
from tests.events.at_the_desk import event_of, newest_event, open_form, stored
from tests.events.typing import fields_of, type_rows, typed
from tests.making import make_event, make_member, make_session

ZONE = ZoneInfo("Asia/Shanghai")
CHECK = "/desk/events/new?kind=summer-air"
GATHERING = "/desk/events/new?kind=gathering"
ITEMS = [f"检测项目{number}" for number in range(1, 20)]
OFFER = "一次购买指定品牌轮胎两条及以上，每条赠 100 元代金券一张，下次到店可用。"


def test_the_summer_check_is_typed_and_read_back(app: Flask) -> None:
    """Case 1: 19 items, slots with places, a counted gift, the tyre offer in words."""
    client = at_desk(app)
    fields = typed(
        open_form(client, CHECK),
        place_zh="本店",
        starts_at="2027-07-03T09:00",
        ends_at="2027-07-04T17:00",
        register_until="2027-07-01T18:00",
        cancel_until="",
        checklist="\n".join(ITEMS),
        gifts="60",
        offer_zh=OFFER,
        do="save",
    )
    slots = [
        {"day": str(day), "starts": f"{hour:02}:00", "ends": f"{hour + 1:02}:00", "places": "4"}
        for day in (1, 2)
        for hour in (9, 10, 14)
    ]
    assert client.post(CHECK, data=type_rows(fields, "sessions", slots)).status_code == 303
    event = newest_event(app)
    assert [item.name_zh for item in event.checklist] == ITEMS
    assert event.offer_zh == OFFER
    assert {(row.kind, row.capacity) for row in event.quotas} >= {
        (QuotaKind.GIFT, 60),
        (QuotaKind.SESSION, 4),
    }
    first = [f"{one.starts_at.astimezone(ZONE):%d %H:%M}" for one in event.sessions]
    assert first == ["03 09:00", "03 10:00", "03 14:00", "04 09:00", "04 10:00", "04 14:00"]


def test_the_gathering_is_typed_and_read_back(app: Flask) -> None:
    """Case 2: one place per car, steps of check-in, a timed agenda, the gift rule."""
    client = at_desk(app)
    fields = typed(
        open_form(client, GATHERING),
        title_zh="第三届全国车友大聚会",
        edition="3",
        place_zh="云湖度假村",
        starts_at="2008-11-09T10:00",
        ends_at="2008-11-09T15:00",
        register_until="",
        cancel_until="",
        places="120",
        one_per_car="y",
        unit="car",
        fee_fen="¥80",
        gift_rule_zh="每车一份不低于 100 元的礼物，不收现金，未交不抽奖。",
        do="save",
    )
    type_rows(
        fields,
        "agenda",
        [
            {"day": "1", "at": "11:00", "title_zh": "欢迎"},
            {"day": "1", "at": "10:00", "title_zh": "签到", "title_en": "Check-in"},
        ],
    )
    names = ["编队停车", "胸牌", "选票", "车标与铝牌", "交礼物", "现场报名缴费"]
    type_rows(fields, "steps", [{"name_zh": name} for name in names])
    assert client.post(GATHERING, data=fields).status_code == 303
    event = newest_event(app)
    assert (event.edition, event.unit, event.one_per_car, event.fee_fen) == (3, "car", True, 8000)
    assert event.starts_at == datetime(2008, 11, 9, 2, tzinfo=UTC)
    assert [(line.starts_at.astimezone(ZONE).hour, line.title_zh) for line in event.agenda] == [
        (10, "签到"),
        (11, "欢迎"),
    ]
    assert [step.name_zh for step in event.steps] == names
    assert [(row.kind, row.capacity) for row in event.quotas] == [(QuotaKind.CARS, 120)]


def test_a_day_at_the_end_of_the_calendar_is_refused(app: Flask) -> None:
    """Red without is_meant: the event's own page could not be shown any more"""
    client = at_desk(app)
    fields = typed(open_form(client, GATHERING), starts_at="9999-12-31T23:59", do="save")
    answer = client.post(GATHERING, data=fields)
    assert (answer.status_code, newest_state(app)) == (422, None)
    assert 'id="starts_at-error"' in answer.get_data(as_text=True)


def test_what_was_typed_stays_when_it_is_refused(app: Flask) -> None:
    """A wrong time comes back with 422, said beside its field, and everything else is kept."""
    client = at_desk(app)
    fields = typed(
        open_form(client, GATHERING),
        title_zh="留下来的标题",
        place_zh="云湖",
        starts_at="明天",
        do="save",
    )
    type_rows(fields, "agenda", [{"day": "1", "at": "25:99", "title_zh": "开场白"}])
    answer = client.post(GATHERING, data=fields)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    kept = fields_of(html)
    assert (kept["title_zh"], kept["starts_at"]) == ("留下来的标题", "明天")
    assert (kept["agenda-0-at"], kept["agenda-0-title_zh"]) == ("25:99", "开场白")
    assert 'id="starts_at-error"' in html
    assert 'id="agenda-0-at-error"' in html
    assert newest_state(app) is None


def newest_state(app: Flask) -> EventState | None:
    with fresh(app) as session:
        found = session.scalars(select(Event)).first()
        return found.state if found else None


def test_rows_come_and_move_without_scripts(app: Flask) -> None:
    """Five more lines, and a step moved up: nothing saved, all that was typed still there."""
    client = at_desk(app)
    fields = typed(open_form(client, GATHERING), place_zh="云湖", do="more-agenda")
    more = client.post(GATHERING, data=fields).get_data(as_text=True)
    again = fields_of(more)
    assert len([name for name in again if name.endswith("-at")]) == 12
    first, second = again["steps-0-name_zh"], again["steps-1-name_zh"]
    moved = fields_of(
        client.post(GATHERING, data=typed(again, do="down-steps-0")).get_data(as_text=True)
    )
    assert (moved["steps-0-name_zh"], moved["steps-1-name_zh"]) == (second, first)
    assert moved["place_zh"] == "云湖"


def test_slots_are_made_for_every_day(app: Flask) -> None:
    """Two days, 9 to 12 with a break: the slots stand in the form before anything is saved."""
    client = at_desk(app)
    fields = typed(
        open_form(client, GATHERING),
        starts_at="2027-07-03T09:00",
        ends_at="2027-07-04T17:00",
        **{
            "slots-opens": "09:00",
            "slots-closes": "12:00",
            "slots-minutes": "45",
            "slots-pause_from": "10:00",
            "slots-pause_until": "10:30",
            "slots-places": "2",
        },
        do="slots",
    )
    made = fields_of(client.post(GATHERING, data=fields).get_data(as_text=True))
    times = [
        (made[f"sessions-{n}-day"], made[f"sessions-{n}-starts"], made[f"sessions-{n}-places"])
        for n in range(6)
    ]
    assert times == [
        (day, start, "2") for day in ("1", "2") for start in ("09:00", "10:30", "11:15")
    ]


def test_a_question_with_choices_is_typed(app: Flask) -> None:
    client = at_desk(app)
    fields = typed(open_form(client, GATHERING), place_zh="云湖", do="save")
    type_rows(
        fields,
        "questions",
        [
            {
                "kind": "choice",
                "required": "y",
                "text_zh": "房型",
                "choices_zh": "大床\n双床",
                "choices_en": "Double\nTwin",
            },
        ],
    )
    assert client.post(GATHERING, data=fields).status_code == 303
    question = newest_event(app).questions[0]
    assert (question.kind, question.required) == (QuestionKind.CHOICE, True)
    assert (question.choices_zh, question.choices_en) == (["大床", "双床"], ["Double", "Twin"])


def _with_slot(app: Flask) -> tuple[int, int]:
    """A published event with one slot that a member has signed up for."""

    def make(session: object) -> Event:
        event = make_event(session, places=None)  # type: ignore[arg-type]
        event.starts_at += timedelta(days=900)
        event.ends_at += timedelta(days=900)
        slot = make_session(session, event)  # type: ignore[arg-type]
        owner = make_member(session)  # type: ignore[arg-type]
        session.add(  # type: ignore[attr-defined]
            Registration(
                event_id=event.id,
                owner_id=owner.id,
                session_id=slot.id,
                state="confirmed",
                made_at=event.created_at,
            )
        )
        return event

    event_id = stored(app, make)
    with fresh(app) as session:
        return event_id, session.scalars(select(EventSession.id)).one()


def test_editing_keeps_a_session_with_sign_ups(app: Flask) -> None:
    """R17: more places in the same session; red when saving makes the sessions anew."""
    event_id, session_id = _with_slot(app)
    client = at_desk(app)
    url = f"/desk/events/{event_id}/edit"
    fields = typed(open_form(client, url), **{"sessions-0-places": "9"}, do="save")
    assert client.post(url, data=fields).status_code == 303
    with fresh(app) as session:
        registration = session.scalars(select(Registration)).one()
        assert registration.session_id == session_id
        assert {row.capacity for row in event_of(session, event_id).quotas} == {None, 9}


def test_removing_a_session_with_sign_ups_is_refused(app: Flask) -> None:
    event_id, _session_id = _with_slot(app)
    client = at_desk(app)
    url = f"/desk/events/{event_id}/edit"
    fields = typed(open_form(client, url), **{"sessions-0-remove": "y"}, do="save")
    assert client.post(url, data=fields).status_code == 422
    with fresh(app) as session:
        assert len(event_of(session, event_id).sessions) == 1


def test_moving_asks_before_it_tells(app: Flask) -> None:
    """R29: the event moves with its slot; the one who signed up gets one letter, not two.

    Red when the notices of event and session are both left in the queue.
    """
    event_id, _session_id = _with_slot(app)
    client = at_desk(app)
    url = f"/desk/events/{event_id}/edit"
    with fresh(app) as session:
        day = event_of(session, event_id).starts_at.astimezone(ZONE) + timedelta(days=7)
    later = {
        "starts_at": f"{day:%Y-%m-%dT%H:%M}",
        "ends_at": f"{day + timedelta(hours=5):%Y-%m-%dT%H:%M}",
    }
    fields = typed(open_form(client, url), **later, do="save")
    assert client.post(url, data=fields).status_code == 422
    assert client.post(url, data=typed(fields, tell="1")).status_code == 303
    with fresh(app) as session:
        query = select(Letter.state).where(Letter.template == "events/event-moved")
        states = list(session.scalars(query))
        assert [state for state in states if state == "queued"] == ["queued"]
