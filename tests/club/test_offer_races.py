"""Eight real processes at partners' counters at the same moment."""

from collections import Counter

import pytest
from sqlalchemy.orm import Session

from club import offer_use
from club.models import Partner, PartnerOffer
from foundation.refusals import Refusal
from tests.club import scene
from tests.club.scene import NOW, TODAY
from tests.conftest import Sessions
from tests.events.racing import once_free, race

COUNTERS = 8


def confirm(sessions: Sessions, offer_id: int, owner_ids: list[int], mark: str) -> list[str]:
    return [
        once_free(sessions, _confirm, offer_id, owner_id, f"{mark}-{nth}")
        for nth, owner_id in enumerate(owner_ids)
    ]


def _confirm(db: Session, offer_id: int, owner_id: int, request_id: str) -> str:
    offer = db.get_one(PartnerOffer, offer_id)
    try:
        offer_use.use(db, offer, owner_id, request_id=request_id, today=TODAY, by=None, now=NOW)
    except Refusal as no:
        db.rollback()
        return type(no).__name__
    return "used"


def offer_of(db: Session, **terms: int) -> int:
    partner = Partner(name_zh="茶舍", trade="tea")
    partner.offers = [PartnerOffer(shop_id=scene.shop(db).id, title_zh="品茗", **terms)]
    db.add(partner)
    db.flush()
    return partner.offers[0].id


@pytest.mark.parametrize(
    ("terms", "people", "given"),
    [({"places": 5}, 8, 5), ({"per_member": 3}, 1, 3)],
    ids=["places", "per-member"],
)
def test_no_more_than_there_are(
    sessions: Sessions, database_url: str, terms: dict[str, int], people: int, given: int
) -> None:
    """R14's way for offers: red without taken < places, and when the member's uses are counted
    before the offer's row is held"""
    with sessions() as db:
        offer_id = offer_of(db, **terms)
        owners = [scene.owner(db).id for _ in range(people)]
        db.commit()
    tries = [(confirm, (offer_id, owners, f"c{desk}")) for desk in range(COUNTERS)]
    counted = Counter(word for words in race(database_url, tries) for word in words)
    with sessions() as db:
        assert (counted["used"], db.get_one(PartnerOffer, offer_id).taken) == (given, given)
