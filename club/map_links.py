"""Where a partner is, for the map apps on a phone: exact where coordinates are known."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from club.models import MapSystem, Partner

_AMAP_NAMES = {MapSystem.GCJ02: "gaode", MapSystem.WGS84: "wgs84"}


@dataclass(frozen=True, slots=True)
class MapLinks:
    """Addresses that open a map; `geo` is for any map app, `amap` for the one in China."""

    geo: str
    amap: str


def links_to(partner: Partner, name: str, address: str) -> MapLinks | None:
    """The links, None where neither place nor address is known.

    A geo: address means WGS-84 by its standard, so other coordinates go into it as a search for
    the address instead.
    """
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
