"""Earning rules at the desk, and the notice as members read it."""

from datetime import date

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select, update

from club import jobs, rule_notices, rule_publishing, rule_turns
from club.models import RuleCampaign, RuleNotice, RuleTier, RuleVersion
from club.rule_stamps import stamp_of
from club.staff.rules_forms import hundredths, times, typed_of
from foundation import clock
from foundation.outbox import Letter
from foundation.roles import Role
from foundation.web.database import db, write
from foundation.web.letters import render
from members.facts import facts_of
from tests.club import set_rules
from tests.entering import at_desk, visitor_of
from tests.making import make_account, make_member


def typed(app: Flask, version_id: int, **cells: str) -> dict[str, str]:
    with app.app_context():
        draft = db.session.get_one(RuleVersion, version_id)
        return typed_of(draft) | {"seen": stamp_of(draft)} | cells


def begun(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(RuleVersion.id).order_by(RuleVersion.id.desc())).first()  # type: ignore[return-value]


def test_a_draft_goes_all_the_way_at_the_desk(app: Flask) -> None:
    """Begun, changed, tried, published, told; red when any page of the way breaks."""
    app.config["WTF_CSRF_ENABLED"] = False
    manager = at_desk(app, Role.CLUB_MANAGER)
    assert manager.post("/desk/rules", data={"name": "2027"}).status_code == 303
    here = f"/desk/rules/{(number := begun(app))}"
    cells = typed(app, number, **{"threshold-silver": "3,500", "rate-accessories": "0.5"})
    assert manager.post(f"{here}/edit", data=cells).status_code == 303
    trial = manager.post(f"{here}/trials", data={"months": "12"}).headers["Location"]
    assert "data-watch" in manager.get(trial).text
    with app.app_context():
        write()
        assert jobs.run_trial(db.session, app.extensions["club_settings"], clock.now)
    assert "data-watch" not in manager.get(trial).text
    soon = {"starts_on": (clock.now().date() + rule_publishing.A_DAY * 3).isoformat()}
    assert manager.post(f"{here}/publish", data=soon).status_code == 422
    later = {"starts_on": (clock.now().date() + rule_publishing.A_DAY * 40).isoformat()}
    assert manager.post(f"{here}/publish", data=later).status_code == 303
    assert manager.get(f"{here}/edit").status_code == 404
    with app.app_context():
        found = db.session.get_one(RuleVersion, number)
        assert (found.rates, found.is_draft) == ({"accessories": 50}, False)


def test_wrong_numbers_come_back_with_the_form(app: Flask) -> None:
    """422 and what was typed; red when the page forgets either."""
    app.config["WTF_CSRF_ENABLED"] = False
    manager = at_desk(app, Role.CLUB_MANAGER)
    manager.post("/desk/rules", data={"name": "2027"})
    number = begun(app)
    cells = typed(app, number, base_rate="viel")
    answer = manager.post(f"/desk/rules/{number}/edit", data=cells)
    assert (answer.status_code, 'value="viel"' in answer.text) == (422, True)


def test_two_tabs_on_one_draft(app: Flask) -> None:
    """The second saving is refused with what was typed and what is saved; sent again it counts.

    Red when the form has no stamp, or a refused one gets the stamp that nobody saw.
    """
    app.config["WTF_CSRF_ENABLED"] = False
    manager = at_desk(app, Role.CLUB_MANAGER)
    manager.post("/desk/rules", data={"name": "2027"})
    number = begun(app)
    here = f"/desk/rules/{number}/edit"
    cells = typed(app, number)
    assert f'name="seen" value="{cells["seen"]}"' in manager.get(here).text
    assert manager.post(here, data=cells | {"threshold-silver": "4000"}).status_code == 303
    bad = manager.post(here, data=cells | {"base_rate": "viel"})
    late = manager.post(here, data=cells | {"bonus-survey": "30"})
    assert (bad.status_code, late.status_code) == (409, 409)
    assert "现已保存：4000" in late.text
    assert 'value="30"' in late.text
    with app.app_context():
        found = db.session.get_one(RuleVersion, number)
        assert (typed_of(found)["threshold-silver"], found.bonuses["survey"]) == ("4000", 20)
    again = typed(app, number, **{"threshold-silver": "4000", "bonus-survey": "30"})
    assert f'value="{again["seen"]}"' in late.text
    assert manager.post(here, data=again).status_code == 303


@pytest.mark.parametrize("role", [Role.SERVICE_ADVISOR, Role.CARE_MANAGER, Role.MARKETING])
def test_rules_are_not_for_everybody_at_the_desk(app: Flask, role: Role) -> None:
    """A permission of their own; red when the pages only want desk.enter."""
    clerk = at_desk(app, role)
    assert clerk.get("/desk/rules").status_code == 403


@pytest.mark.parametrize(
    ("language", "words", "campaign"),
    [
        (
            "zh-Hans",
            "银卡的消费门槛由 ¥3,000.00 改为 ¥3,500.00",
            "“冬<b>”：2.25 倍积分，2030 年 12 月 24 日 周二 至 2031 年 1 月 3 日 周五"
            "；仅限：小修；金卡。",
        ),
        (
            "en",
            "Silver begins at ¥3,500.00",
            "“冬<b>”: times 2.25, Tue 24 Dec 2030 to Fri 3 Jan 2031; only for: Minor repair; Gold.",
        ),
    ],
)
def test_the_notice_says_what_changes(app: Flask, language: str, words: str, campaign: str) -> None:
    """By letter and on the points page, in both languages, with the promise of the better result
    and the terms of a campaign; red without its line."""
    with app.app_context():
        write()
        reader = make_account(db.session, make_member(db.session, login=False), language=language)
        account = reader.id
        newest = db.session.scalars(select(RuleVersion)).one()
        tiers = [(row.tier, row.threshold_fen, row.multiplier) for row in newest.tiers]
        made = replaced(newest.bonuses, tiers)
        made.campaigns = [winter()]
        db.session.add_all([made])
        db.session.flush()
        db.session.add(RuleNotice(version_id=made.id))
        zone = app.extensions["club_settings"].zone
        rule_notices.tell_next(db.session, zone=zone, now=clock.now())
        query = select(Letter).where(Letter.template == "club/rules-coming")
        letter = db.session.scalars(query).one()
        letter.language = language
        db.session.commit()
        said = render(letter)
    page = visitor_of(app, account).get("/me/points").text.replace("\u00a0", " ")
    for line in (words, campaign):
        assert line in said.text
        assert str(escape(line)) in page
    assert ("起实行新规则" in page) == (language == "zh-Hans")
    assert ("取较优结果" if language == "zh-Hans" else "the better result counts") in said.text
    assert "¥" not in said.short
    assert "/me/points" in said.short


def test_the_page_says_how_far_the_owners_are(app: Flask) -> None:
    """Before the day, in the middle of it, and after; red when a part counts as all, and when
    what is read again is not the page's own address, as after a form that was refused."""
    app.config["WTF_CSRF_ENABLED"] = False
    manager = at_desk(app, Role.CLUB_MANAGER)
    today = clock.shop_day(clock.now(), app.extensions["club_settings"].zone)
    with app.app_context():
        write()
        for _ in range(3):
            facts_of(db.session, make_member(db.session).id)
        number = set_rules.version(db.session, today + rule_publishing.A_DAY).id
        db.session.commit()
    here = f"/desk/rules/{number}"
    assert "系统将按这套规则为所有车主重新核定等级" in manager.get(here).text
    with app.app_context():
        write()
        begun_now = update(RuleVersion).where(RuleVersion.id == number).values(starts_on=today)
        db.session.execute(begun_now)
        rule_turns.look_again(db.session, today=today, now=clock.now(), most=2)
        db.session.commit()
    refused = manager.post(f"{here}/publish", data={"starts_on": today.isoformat()}).text
    for shown in (manager.get(here).text, refused):
        assert '<progress value="2" max="3"' in shown
        assert f'data-watch="{here}"' in shown
    with app.app_context():
        write()
        jobs.apply_rules(db.session, app.extensions["club_settings"], clock.now())
    assert "全部 3 位车主均已按这套规则重新核定" in manager.get(here).text


def winter() -> RuleCampaign:
    days = {"from_on": date(2030, 12, 24), "until_on": date(2031, 1, 3)}
    limits = {"kinds": ["minor-repair"], "tiers": ["gold"], "energies": []}
    return RuleCampaign(name_zh="冬<b>", hundredths=225, **days, **limits)


def replaced(bonuses: dict[str, int], tiers: list[tuple[object, int, int]]) -> RuleVersion:
    """A published version to come with silver from ¥3,500."""
    now = clock.now()
    made = RuleVersion(name="2027", published_at=now, bonuses=dict(bonuses))
    made.notice_from = now.date() + rule_publishing.A_DAY
    made.starts_on = now.date() + rule_publishing.A_DAY * 40
    made.tiers = [
        RuleTier(tier=tier, threshold_fen=350_000 if fen == 300_000 else fen, multiplier=times_)
        for tier, fen, times_ in tiers
    ]
    return made


@pytest.mark.parametrize(
    ("text", "number"), [("1.5", 150), ("１．２５", 125), ("0", 0), ("2", 200)]
)
def test_multipliers_are_read_as_people_write_them(text: str, number: int) -> None:
    assert hundredths(text) == number
    assert hundredths(times(number)) == number


@pytest.mark.parametrize("text", ["", "viel", "1.555", "NaN", "Infinity", "1e99x"])
def test_what_is_no_multiplier(text: str) -> None:
    assert hundredths(text) is None
