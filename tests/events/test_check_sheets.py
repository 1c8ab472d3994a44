"""The check sheet of a car: colours by limits, signed into a report, values in the archive."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking
from events.checks import advice, colours, points, sheets, signing
from events.checks.refusals import NoAdvice, NotFinished, PointsUnclear, SheetClosed
from events.checks.reports import summary_of
from events.checks.sheets import Head, Mark
from events.models import AdviceAnswer, CheckSheet, Colour
from foundation.outbox import Letter
from members import measuring
from members.measured_values import ValueUnclear, hundredths
from members.models import CarMeasurement, Measure, Spot
from members.odometer import OdometerFalls
from tests import making
from tests.events.workshop import book, make_bays, make_check
from tests.making import NOW

WHO: dict[str, Any] = {"by": None, "now": NOW}
PADS = {"front-left": 420, "front-right": 290}
TREAD = dict.fromkeys(("front-left", "front-right", "rear-left", "rear-right"), 610)


def begun(db: Session, **car: Any) -> CheckSheet:
    """The sheet of a booked car."""
    event = make_check(db, make_bays(db, 1), title_zh="冬季行车安全检测")
    check = sheets.begin(db, book(db, event, **car), **WHO)
    db.refresh(check, ["results"])
    return check


def filled(db: Session, check: CheckSheet) -> CheckSheet:
    """Pads red, tread good, headlights soon, no scent on this car."""
    pads, tread, lights, scent = (row.id for row in check.results)
    marks = [
        Mark(pads, measured=PADS, price_fen=68000),
        Mark(tread, measured=TREAD),
        Mark(lights, Colour.AMBER, advice="左近光灯偏暗"),
        Mark(scent, Colour.ABSENT),
    ]
    sheets.fill(db, check, marks, **WHO)
    return check


def signed(db: Session) -> CheckSheet:
    check = filled(db, begun(db))
    sheets.head(db, check, Head(43210, tyre_brand="米其林", tyre_size="225/45 R17"), **WHO)
    return signing.finish(db, check, technician="周师傅", **WHO)


def test_announced_points_are_measured_as_a_template_knows_them(db: Session) -> None:
    check = begun(db)
    assert [(row.name_zh, row.unit, row.measure, len(row.spots)) for row in check.results] == [
        ("前制动片厚度", "mm", Measure.PAD, 2),
        ("轮胎花纹深度", "mm", Measure.TREAD, 4),
        ("近光与远光", "", None, 0),
        ("香薰", "", None, 0),
    ]


def test_a_second_tablet_gets_the_same_sheet(db: Session) -> None:
    check = begun(db)
    assert sheets.begin(db, check.registration, **WHO).id == check.id


def test_limits_propose_the_colour_of_the_worst_spot(db: Session) -> None:
    check = filled(db, begun(db))
    assert [row.colour for row in check.results] == [
        Colour.RED,
        Colour.GREEN,
        Colour.AMBER,
        Colour.ABSENT,
    ]


def test_a_limit_itself_is_still_good(db: Session) -> None:
    pads = begun(db).results[0]
    found = [colours.proposed(pads, {"front-left": value}) for value in (500, 499, 300, 299)]
    assert found == [Colour.GREEN, Colour.AMBER, Colour.AMBER, Colour.RED]


def test_a_colour_chosen_by_hand_stays(db: Session) -> None:
    check = begun(db)
    mark = Mark(check.results[0].id, Colour.AMBER, PADS)
    assert sheets.fill(db, check, [mark], **WHO)[0].colour is Colour.AMBER


@pytest.mark.parametrize(
    ("typed", "stored"), [("4.5", 450), ("４，５", 450), (" -32 ", -3200), ("", None)]
)
def test_values_are_read_as_people_type_them(typed: str, stored: int | None) -> None:
    assert hundredths(typed) == stored


@pytest.mark.parametrize("typed", ["4,5,1", "abc", "NaN", "1e9"])
def test_what_nobody_measures_is_refused(typed: str) -> None:
    with pytest.raises(ValueUnclear):
        hundredths(typed)


def test_a_point_of_another_sheet_is_refused(db: Session) -> None:
    check, other = begun(db), begun(db)
    with pytest.raises(ValueUnclear):
        sheets.fill(db, check, [Mark(other.results[0].id, Colour.GREEN)], **WHO)


def test_an_odometer_that_falls_is_refused_and_then_kept_aside(db: Session) -> None:
    """R50: red when `head` never asks, and when a reading that is sure moves the mileage."""
    check = begun(db, mileage_km=50000, mileage_on=(NOW - timedelta(days=90)).date())
    with pytest.raises(OdometerFalls):
        sheets.head(db, check, Head(49000), **WHO)
    sheets.head(db, check, Head(49000, sure=True), **WHO)
    signing.finish(db, filled(db, check), technician="周师傅", **WHO)
    kept = db.scalars(select(CarMeasurement).where(CarMeasurement.measure == Measure.ODOMETER))
    assert [(row.value, row.aside) for row in kept] == [(49000_00, True)]
    assert check.vehicle.mileage_km == 50000


def test_an_odometer_that_jumps_is_asked_again(db: Session) -> None:
    """R50: 1,500 km a day are driven by nobody."""
    check = begun(db, mileage_km=50000, mileage_on=(NOW - timedelta(days=1)).date())
    with pytest.raises(OdometerFalls):
        sheets.head(db, check, Head(53001), **WHO)
    sheets.head(db, check, Head(53000), **WHO)
    assert (check.odometer_km, check.odometer_aside) == (53000, False)


def test_a_sheet_is_signed_when_nothing_is_missing(db: Session) -> None:
    check = begun(db)
    sheets.head(db, check, Head(43210), **WHO)
    with pytest.raises(NotFinished):
        signing.finish(db, check, technician="周师傅", **WHO)
    filled(db, check)
    with pytest.raises(NotFinished):
        signing.finish(db, check, technician=" ", **WHO)
    assert signing.finish(db, check, technician="周师傅", **WHO).finished_at == NOW


def test_a_signed_sheet_is_a_report_its_values_are_in_the_archive(db: Session) -> None:
    check = signed(db)
    rows = measuring.newest(db, [check.vehicle_id])[check.vehicle_id]
    found = {(row.measure, row.spot): row.value or row.text for row in rows}
    assert found[Measure.PAD, Spot.FRONT_RIGHT] == 290
    assert found[Measure.TREAD, Spot.REAR_LEFT] == 610
    assert found[Measure.TYRE_SIZE, Spot.WHOLE] == "225/45 R17"
    assert check.vehicle.mileage_km == 43210
    assert {row.source_id for row in rows} == {check.registration_id}
    with pytest.raises(SheetClosed):
        filled(db, check)


def test_the_owner_gets_one_letter_with_the_counts(db: Session) -> None:
    check = signed(db)
    letters = list(db.scalars(select(Letter).where(Letter.template == "events/check-ready")))
    assert [
        (one.details["good"], one.details["soon"], one.details["urgent"]) for one in letters
    ] == [(1, 1, 1)]
    assert letters[0].details["path"] == f"/me/registrations/{check.registration_id}/check"


def test_opened_again_the_values_leave_and_come_back_corrected(db: Session) -> None:
    check = signed(db)
    signing.reopen(db, check, **WHO)
    assert measuring.newest(db, [check.vehicle_id])[check.vehicle_id] == []
    sheets.fill(db, check, [Mark(check.results[0].id, measured={"front-left": 900})], **WHO)
    signing.finish(db, check, technician="周师傅", **WHO)
    letters = list(db.scalars(select(Letter).where(Letter.template == "events/check-ready")))
    assert (summary_of(check).now, check.edition, len(letters)) == (0, 2, 2)


def test_a_mistyped_odometer_is_corrected(db: Session) -> None:
    """R50: red when the mileage stays with the reading that was taken back."""
    check = filled(db, begun(db, mileage_km=40000, mileage_on=None))
    sheets.head(db, check, Head(432100), **WHO)
    signing.finish(db, check, technician="周师傅", **WHO)
    signing.reopen(db, check, **WHO)
    sheets.head(db, check, Head(43210), **WHO)
    signing.finish(db, check, technician="周师傅", **WHO)
    assert (check.vehicle.mileage_km, check.odometer_aside) == (43210, False)


def test_another_car_takes_over_an_empty_sheet_and_no_other(db: Session) -> None:
    """Red when what was found at one car may come under the name of another."""
    check = begun(db)
    mine, first = check.registration, check.vehicle
    second, third = (making.make_vehicle(db, mine.owner) for _ in range(2))
    booking.change(db, mine, vehicle=second, by=None, now=NOW)
    assert (check.vehicle_id, mine.vehicle_id) == (second.id, second.id)
    sheets.fill(db, check, [Mark(check.results[2].id, Colour.GREEN)], **WHO)
    for other in (first, third):
        with pytest.raises(SheetClosed):
            booking.change(db, mine, vehicle=other, by=None, now=NOW)
    booking.change(db, mine, vehicle=second, by=None, now=NOW)
    assert (check.vehicle_id, mine.vehicle_id) == (second.id, second.id)


def test_a_second_look_is_taken_by_somebody_else(db: Session) -> None:
    check, advisor = signed(db), making.make_staff(db)
    check.finished_by_id = advisor.id
    with pytest.raises(SheetClosed):
        signing.look(db, check, by=advisor.id, now=NOW)
    signing.look(db, check, by=making.make_staff(db).id, now=NOW)
    assert check.looked_at == NOW


def test_an_advice_is_answered_until_an_advisor_has_dealt_with_it(db: Session) -> None:
    check, by = signed(db), making.make_staff(db).id
    pads, tread = check.results[0], check.results[1]
    advice.answer(db, check, pads.id, AdviceAnswer.DECLINED, **WHO)
    assert advice.waiting(db) == []
    advice.answer(db, check, pads.id, AdviceAnswer.CALL, **WHO)
    assert [row.id for row in advice.waiting(db)] == [pads.id]
    advice.handle(db, pads, note="周六来换", by=by, now=NOW)
    assert (advice.waiting(db), [row.id for row in advice.done(db)]) == ([], [pads.id])
    for row in (pads, tread):  # dealt with; nothing to advise
        with pytest.raises(NoAdvice):
            advice.answer(db, check, row.id, AdviceAnswer.CALL, **WHO)


def test_a_sheet_keeps_its_points_when_the_list_changes(db: Session) -> None:
    check = begun(db)
    points.set_points(db, check.event, [points.PointLine("香薰")], **WHO)
    db.expire_all()
    assert len(check.results) == 4
    assert [point.name_zh for point in points.points_of(db, check.event_id)] == ["香薰"]


def test_limits_that_do_not_rise_are_refused(db: Session) -> None:
    event = make_check(db, [])
    line = points.PointLine("制动片", unit="mm", red_below=500, amber_below=300)
    with pytest.raises(PointsUnclear):
        points.set_points(db, event, [line], **WHO)


def test_templates_have_nineteen_and_twice_twenty_four_points(db: Session) -> None:
    found = {one.code: len(one.points) for one in points.templates(db)}
    assert found == {"summer-air": 19, "winter-safety": 24, "free-24": 24}
