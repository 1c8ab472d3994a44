"""What staff may set: the numbers of all rooms with their history, and the shop's own texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit, tunables
from foundation.refusals import Refusal
from foundation.shop import Shop
from foundation.tunables import DECLARED, Tunable, TunableValue
from foundation.words import N_
from members.models import Account
from members.phones import NotAPhone, normalise_phone

ROOMS = {
    "members": N_("Members and signing in"),
    "club": N_("Points, tiers and benefits"),
    "events": N_("Events"),
    "outreach": N_("Letters and invitations"),
    "portal": N_("The house"),
}
SHOP_TEXTS = ("name", "club_name", "address", "footer")
_NEEDED = {"name_zh", "club_name_zh", "address_zh"}
_MOST_HISTORY = 300


class ShopTextMissing(Refusal):
    """The Chinese text of the shop is needed; the English one may be empty."""


class NotATimeZone(Refusal):
    """No such time zone."""


@dataclass(frozen=True, slots=True)
class Change:
    """One earlier value: since when, by whom."""

    value: int
    since: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A number in force, with the changes that led there, newest first."""

    tunable: Tunable
    value: int
    history: tuple[Change, ...]


def numbers(db: Session) -> Mapping[str, Sequence[Setting]]:
    """All numbers by the label of their room, in the order of the rooms."""
    history = _history(db)
    found: dict[str, list[Setting]] = {}
    for key, tunable in sorted(DECLARED.items(), key=lambda item: _room_place(item[0])):
        changes = tuple(history.get(key, ()))
        value = changes[0].value if changes else tunable.default
        label = ROOMS.get(key.partition(".")[0], ROOMS["portal"])
        found.setdefault(label, []).append(Setting(tunable, value, changes))
    return found


def _room_place(key: str) -> int:
    room = key.partition(".")[0]
    return list(ROOMS).index(room) if room in ROOMS else len(ROOMS)


def _history(db: Session) -> dict[str, list[Change]]:
    """The newest changes of all numbers in one query; the first of a key is in force."""
    rows = db.execute(
        select(TunableValue.key, TunableValue.value, TunableValue.since, Account.name)
        .outerjoin(Account, Account.id == TunableValue.account_id)
        .order_by(TunableValue.id.desc())
        .limit(_MOST_HISTORY)
    )
    found: dict[str, list[Change]] = {}
    for key, value, since, name in rows:
        found.setdefault(key, []).append(Change(int(value), since, name or ""))
    return found


def set_number(db: Session, key: str, number: int, *, by: int, now: datetime) -> Tunable | None:
    """Put a number in force; None for a key that no room declares. Raises OutOfBounds."""
    tunable = DECLARED.get(key)
    if tunable is not None:
        tunables.change(db, tunable, number, by=by, now=now)
    return tunable


def set_shop_texts(
    db: Session, shop: Shop, given: Mapping[str, str], *, by: int, now: datetime
) -> None:
    """The shop's names, address, footer, phone and time zone; both languages."""
    wanted = {name: given.get(name, "").strip() for name in shop_fields()}
    if any(not wanted[name] for name in _NEEDED):
        raise ShopTextMissing(N_("The Chinese names and the address are needed."))
    phone = given.get("phone", "").strip()
    if phone:
        wanted["phone"] = _phone(phone)
    wanted["timezone"] = _zone(given.get("timezone", shop.timezone).strip())
    changed = [name for name, text in wanted.items() if (getattr(shop, name) or "") != text]
    for name in changed:
        setattr(shop, name, wanted[name] or (None if name.endswith("_en") else ""))
    if changed:
        audit.record(db, "shop.change", "shop", shop.id, by=by, now=now, fields=sorted(changed))
    db.flush()


def shop_fields() -> list[str]:
    """The names of the form's fields for the shop's texts, one for each language."""
    return [f"{name}_{tag}" for name in SHOP_TEXTS for tag in ("zh", "en")]


def _phone(text: str) -> str:
    """Numbers as people write them stay so; only what could never be called is refused."""
    try:
        normalise_phone(text)
    except NotAPhone:
        if not any(sign.isdigit() for sign in text):
            raise
    return text[:40]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise NotATimeZone(N_("“%(name)s” is not a time zone."), name=name[:40]) from wrong
    return name
