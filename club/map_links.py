"""Where something is, for the map apps on a phone: exact where coordinates are known."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from club.models import MapSystem, Partner
from foundation.coordinates import to_gcj02

_AMAP_NAMES = {MapSystem.GCJ02: "gaode", MapSystem.WGS84: "wgs84"}


@dataclass(frozen=True, slots=True)
class MapLinks:
    """Addresses that open a map; `geo` is for any map app, `amap` for the one in China."""

    geo: str
    amap: str


@dataclass(frozen=True, slots=True)
class PointLinks:
    """Addresses that open a point in any map app, and in those of China by name."""

    geo: str
    amap: str
    baidu: str
    tencent: str
    apple: str


def links_to_point(latitude: float, longitude: float, name: str) -> PointLinks:
    """The links to a point of WGS-84, as routes of satellites have it.

    Each names the system, so that no pin is shifted in China. Apple's has no word for it and
    draws GCJ-02 there, so it is given what it draws.
    """
    spot = f"{latitude:.6f},{longitude:.6f}"
    amap = {"position": f"{longitude:.6f},{latitude:.6f}", "name": name, "coordinate": "wgs84"}
    baidu = {"location": spot, "title": name, "content": name, "output": "html"}
    # A comma or a semicolon in the name would end it there.
    tencent = f"coord:{spot};title:{name.replace(';', ' ').replace(':', ' ')};addr:"
    drawn = to_gcj02(latitude, longitude)
    return PointLinks(
        f"geo:{spot}?q={spot}({quote(name)})",
        f"https://uri.amap.com/marker?{urlencode(amap)}",
        "https://api.map.baidu.com/marker?"
        + urlencode(baidu | {"coord_type": "wgs84", "src": "webapp.marque.club"}),
        "https://apis.map.qq.com/uri/v1/marker?"
        + urlencode({"marker": tencent, "coord_type": "1", "referer": "marque"}),
        "https://maps.apple.com/?" + urlencode({"ll": f"{drawn[0]:.6f},{drawn[1]:.6f}", "q": name}),
    )


def links_to(partner: Partner) -> MapLinks | None:
    """The links, None where neither place nor address is known.

    Names are in Chinese for every reader, as the maps know them.
    A geo: address means WGS-84 by its standard, so other coordinates go into it as a search for
    the address instead.
    """
    name, address = partner.name_zh, partner.address_zh
    if partner.latitude is None or partner.longitude is None:
        if not address:
            return None
        asked = urlencode({"keyword": f"{name} {address}"})
        return MapLinks(_search(address), f"https://uri.amap.com/search?{asked}")
    place = f"{partner.longitude:.6f},{partner.latitude:.6f}"
    system = _AMAP_NAMES[partner.map_system]
    marker = urlencode({"position": place, "name": name, "coordinate": system})
    exact = f"geo:{partner.latitude:.6f},{partner.longitude:.6f}"
    geo = exact if partner.map_system is MapSystem.WGS84 else _search(address or name)
    return MapLinks(geo, f"https://uri.amap.com/marker?{marker}")


def _search(words: str) -> str:
    return f"geo:0,0?q={quote(words)}"
