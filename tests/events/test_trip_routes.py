"""GPX files of all kinds: what is a route is measured, what is none is refused at once."""

import zipfile
from io import BytesIO

import pytest

from club.map_links import links_to_point
from events.models import TripDay
from events.trips import drawing, gpx, heights, measuring, places
from events.trips.places import Typed
from events.trips.refusals import RouteRefused, TripRefused
from foundation import coordinates
from tests.events.travelling import gpx as file_of
from tests.events.travelling import northwards

LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


def packed() -> bytes:
    """A hundred megabytes that take a hundred kilobytes."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("route.gpx", b" " * 100_000_000)
    return made.getvalue()


def declaring(doctype: str) -> bytes:
    """A route like any other, but for the declaration before it."""
    return file_of(northwards()).replace(b"?>", f"?>{doctype}".encode(), 1)


HOSTILE = {
    "nothing": b"  \n",
    "no XML": b"lat,lon\n30,120\n",
    "another kind": b"<kml><Placemark/></kml>",
    "a DOCTYPE": declaring('<!DOCTYPE gpx SYSTEM "file:///etc/passwd">'),
    "entities": declaring(f'<!DOCTYPE gpx [<!ENTITY l0 "lol">{LAUGHS}]>'),
    "undeclared entity": b"<gpx><name>&secret;</name></gpx>",
    "cut short": file_of(northwards())[:-200],
    "too many bytes": b"<gpx>" + b" " * gpx.LARGEST + b"</gpx>",
    "too many points": file_of(northwards(800, 45_000)),
    "too many elements": file_of(northwards(), inside="<a/>" * 600_000),
    "too deep": b"<gpx>" + b"<a>" * 1_000_000,
    "many attributes": b"<gpx " + b" ".join(b'a%d=""' % n for n in range(400_000)) + b"/>",
    "many namespaces": b"<gpx" + b" xmlns" * 800_000 + b">",
    "a packed file": packed(),
    "no world": file_of([(30.0, 120.0), (30.0, 1200.0)]),
    "no number": file_of([(30.0, 120.0)]).replace(b"120.0", b"nan"),
    "no coordinates": file_of([(30.0, 120.0)]).replace(b'lon="120.0"', b""),
    "single places": file_of(inside='<wpt lat="30" lon="120"><name>A</name></wpt>'),
    "one point": file_of([(30.0, 120.0)]),
    "a leap": file_of([(30.0, 120.0), (-30.0, 20.0)]),
    "no way": file_of([(30.0, 120.0), (30.0, 120.0)]),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_route_is_refused(kind: str) -> None:
    """Red without the limits of bytes, points and elements ("too many …"), and without the handler
    of declarations ("a DOCTYPE", "entities")."""
    with pytest.raises(RouteRefused) as no:
        measuring.measure(gpx.read(HOSTILE[kind]).parts)
    assert len(str(no.value)) > 15


def test_a_long_day_is_read_measured_and_drawn() -> None:
    """The largest file that is taken: 40,000 points."""
    measured = measuring.measure(gpx.read(file_of(northwards(800, 40_000))).parts)
    drawing.draw(measured.line, [])
    assert (round(measured.metres / 1000), measured.highest) == (800, 500)
    assert len(measured.line[0]) <= measuring.DRAWN + 2


def test_a_track_of_several_parts_is_measured_without_its_gaps() -> None:
    """Red when the way between two parts is counted."""
    first, second = northwards()[:26], [(lat + 1, lon, h) for lat, lon, h in northwards()[25:]]
    way = gpx.read(file_of(first, second))
    measured = measuring.measure(way.parts)
    assert [len(part) for part in way.parts] == [26, 26]
    assert (round(measured.metres / 100), measured.highest) == (500, 500)
    assert measured.climb == pytest.approx(500, abs=10)
    assert len(drawing.draw(measured.line, []).gaps) == 1


def test_a_route_and_its_named_places_are_read_too() -> None:
    """As planners export them: rtept, and waypoints in any namespace and encoding."""
    inside = '<wpt lat="30.2" lon="120"><ele>8</ele><name> 湖边\n休息 </name></wpt>'
    text = file_of([(30.0, 120.0), (30.4, 120.0)], inside=inside, tag="rte").decode()
    way = gpx.read(text.replace("UTF-8", "UTF-16").encode("utf-16"))
    assert [one.name for one in way.waypoints] == ["湖边 休息"]
    measured = measuring.measure(way.parts)
    assert (measured.climb, measured.highest, measured.heights) == (None, None, [])
    assert heights.profile(measured.heights, measured.metres, []) is None


def test_the_drawing_keeps_its_proportions_and_its_numbers_apart() -> None:
    """North is up, and a stop where another stands moves aside."""
    line = measuring.measure(gpx.read(file_of(northwards())).parts).line
    sight = [drawing.Place(1, 30.0, 120.0), drawing.Place(2, 30.0, 120.0)]
    made = drawing.draw(line, sight)
    assert made.start[1] > made.finish[1]
    assert (made.dots[0].apart, made.dots[1].apart) == (False, True)
    per_km = abs(made.start[1] - made.finish[1]) / 50
    assert made.scale_width == pytest.approx(made.scale_km * per_km, rel=0.01)


def test_a_place_is_typed_as_maps_show_it() -> None:
    """Chinese maps say the longitude first and lie beside the satellites' place."""
    assert places.find(Typed("30.2512, 120.1689"), None) == (30.2512, 120.1689)
    assert places.find(Typed("120.1689，30.2512"), None) == (30.2512, 120.1689)
    drawn = coordinates.to_gcj02(31.1774276, 121.5272106)
    assert drawn == pytest.approx((31.17530398, 121.53154186), abs=1e-7)
    found = places.find(Typed(f"{drawn[1]}, {drawn[0]}", chinese_map=True), None)
    assert found == pytest.approx((31.1774276, 121.5272106), abs=1e-6)
    to = links_to_point(31.1774276, 121.5272106, "湖:边;一")
    assert "ll=31.175304%2C121.531542" in to.apple
    assert "title%3A%E6%B9%96+%E8%BE%B9+%E4%B8%80%3B" in to.tencent
    for nowhere in ("湖边", "95, 190", "34.5 km"):
        with pytest.raises(TripRefused):
            places.find(Typed(nowhere), None)


def test_a_place_on_another_side_of_the_world_is_mistyped() -> None:
    """A day's route is the measure; red without the look at how far off it lies."""
    way = measuring.measure(gpx.read(file_of(northwards())).parts)
    route = TripDay(day=1, line=way.line, metres=round(way.metres))
    assert places.find(Typed("32.0, 121.0"), route) == (32.0, 121.0)
    with pytest.raises(TripRefused, match="km from this day"):
        places.find(Typed("3.2, 121.0"), route)
