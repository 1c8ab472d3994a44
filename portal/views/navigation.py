"""The bars of each page, in the reader's language and by the reader's permissions."""

from typing import Any

from flask import Flask, request
from flask_babel import gettext
from flask_login import current_user

from foundation.web.access import may
from portal.navigation import DESK, MEMBER, Place


def init_navigation(app: Flask) -> None:
    """Give every page the places of its bar."""
    app.context_processor(_bars)


def _bars() -> dict[str, Any]:
    if request.path.startswith("/desk") and current_user.is_authenticated:
        return {"desk_nav": _desk(), "member_nav": []}
    return {"desk_nav": [], "member_nav": [_item(one, MEMBER) for one in MEMBER if _visible(one)]}


def _desk() -> list[dict[str, Any]]:
    all_places = tuple(place for _label, places in DESK for place in places)
    groups = []
    for label, places in DESK:
        seen = [_item(place, all_places) for place in places if _visible(place)]
        if seen:
            groups.append({"label": gettext(label) if label else "", "items": seen})
    return groups


def _visible(place: Place) -> bool:
    if place.members_only and not (current_user.is_authenticated and current_user.is_member):
        return False
    return place.permission is None or may(place.permission)


def _item(place: Place, among: tuple[Place, ...]) -> dict[str, Any]:
    """The place with the deepest address above this one is the active one."""
    above = [
        (len(href), p)
        for p in among
        for href in (p.href, *p.also)
        if request.path == href or request.path.startswith(href + "/")
    ]
    active = bool(above) and max(above, key=lambda found: found[0])[1] == place
    return {
        "label": gettext(place.label),
        "href": place.href,
        "icon": place.icon,
        "active": active,
        "count": None,
    }
