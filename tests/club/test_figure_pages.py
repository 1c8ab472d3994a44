"""Pages of figures: for whom, for which period, and the same figures as a workbook."""

import io
import re
from datetime import date

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from club.staff.figures import TOPICS
from foundation import clock
from foundation.audit import AuditEntry
from foundation.roles import Role
from tests import making
from tests.browsing import fresh, send
from tests.club import scene
from tests.entering import at_desk


def shop_with_an_order(app: Flask) -> None:
    with fresh(app) as db:
        who = making.make_member(db, "王建国")
        scene.buy(db, who, clock.now().date(), 1234_00)
        db.commit()


@pytest.mark.parametrize("topic", ["", *(f"/{name}" for name in TOPICS)])
def test_a_page_of_figures_names_nobody_and_stays_readable_without_any(
    app: Flask, topic: str
) -> None:
    general = at_desk(app, Role.GENERAL_MANAGER)
    assert general.get(f"/desk/figures{topic}").status_code == 200
    shop_with_an_order(app)
    answer = general.get(f"/desk/figures{topic}?span=month")
    assert answer.status_code == 200
    assert "王建国" not in answer.text
    assert 'class="tile-value figures"' in answer.text


def test_the_workbook_holds_the_figures_of_the_page_and_is_noted(app: Flask) -> None:
    """R61, R67: red without the audit entry, or when the period is lost on the way"""
    shop_with_an_order(app)
    general = at_desk(app, Role.GENERAL_MANAGER)
    here = "/desk/figures/points?span=month"
    shown = re.search(r'data-label="[^"]*">([\d,]+)</td>', general.get(here).text)
    assert shown
    assert shown[1] == "1,234"
    answer = send(general, "/desk/figures/points/workbook?span=month", page=here)
    sheets = load_workbook(io.BytesIO(answer.data))
    assert [row[1] for row in list(sheets.worksheets[0].values)[1:]] == [1234]
    assert [row[1] for row in list(sheets.worksheets[1].values)[1:]] == [12.34]
    with fresh(app) as db:
        noted = db.scalars(select(AuditEntry).where(AuditEntry.act == "figures.export")).one()
        first = clock.now().astimezone(app.extensions["club_settings"].zone).date().replace(day=1)
        assert (noted.details["topic"], noted.details["first"]) == ("points", first.isoformat())


def test_points_that_end_today_are_outstanding_no_more(app: Flask) -> None:
    """Nor were they before tonight's job; red when the page counts from the period's first day."""
    today = clock.shop_day(clock.now(), app.extensions["club_settings"].zone)
    with fresh(app) as db:
        who = making.make_member(db, "王建国")
        scene.buy(db, who, clock.add_months(today, -24), 500_00)
        scene.buy(db, who, today, 1234_00)
        db.commit()
    general = at_desk(app, Role.GENERAL_MANAGER)
    shown = re.search(
        r'tile-value figures"[^>]*>\s*([\d,]+)', general.get("/desk/figures/points?span=12").text
    )
    assert shown
    assert shown[1] == "1,234"


@pytest.mark.parametrize("asked", ["from=2026-02-02&until=2026-02-01", "from=x", "from=2026-01-01"])
def test_days_that_are_no_period_come_back_with_the_reason(app: Flask, asked: str) -> None:
    manager = at_desk(app)
    answer = manager.get(f"/desk/figures/return?span=own&{asked}")
    assert answer.status_code == 422
    assert "请填写起止两个日期" in answer.text


def test_a_topic_that_does_not_exist_is_nowhere(app: Flask) -> None:
    assert at_desk(app).get("/desk/figures/x").status_code == 404


def test_what_a_benefit_costs_is_kept_and_a_slip_is_told(app: Flask) -> None:
    """Red when an empty field is stored as nothing, or a negative amount is taken"""
    manager = at_desk(app)
    kept = send(
        manager, "/desk/benefits/costs", "/desk/benefits", **{"cost-1": "12.5", "cost-2": ""}
    )
    assert kept.status_code == 303
    page = manager.get("/desk/benefits").text
    assert re.search(r'name="cost-1" value="12.50"', page)
    assert re.search(r'name="cost-2" value=""', page)
    wrong = send(manager, "/desk/benefits/costs", "/desk/benefits", **{"cost-1": "-3"})
    assert (wrong.status_code, "权益成本应为" in wrong.text) == (422, True)


def test_a_period_in_the_past_tells_what_was_then(app: Flask) -> None:
    """Points, owners and tiers of the period's last day; red when they are those of today.

    Owners who never joined are among all owners, and events of other days are not listed.
    """
    with fresh(app) as db:
        who = making.make_owner(db, "没有入会")
        scene.buy(db, who, date(2025, 3, 1), 4000_00)
        scene.buy(db, who, date(2026, 2, 1), 500_00)
        making.make_event(db, title_zh="后来的活动", starts_at=scene.NOW)
        db.commit()
    general = at_desk(app, Role.GENERAL_MANAGER)
    then = "?span=own&from=2025-01-01&until=2025-03-31"
    front, points, owners = (
        tiles(general.get(f"/desk/figures{page}{then}").text) for page in ("", "/points", "/owners")
    )
    assert (front["未使用积分"], points["未使用积分"], points["折合"]) == ("¥40", "4,000", "¥40")
    assert (owners["车主"], owners["其中会员"], owners["截至当日工单"]) == ("1", "0", "1")
    told = general.get(f"/desk/figures/owners{then}").text
    assert re.search(r"银卡[^%]*?data-label=\"[^\"]*\">1</td>", told)
    assert "后来的活动" not in general.get(f"/desk/figures{then}").text


def tiles(page: str) -> dict[str, str]:
    """The key numbers of a page by their names."""
    found = re.findall(
        r'class="tile-label">([^<]*)</span>\s*<span class="tile-value figures">([^<]*)<', page
    )
    return dict(found)
