"""What partners' offers still give a member, and what a month of them costs the club."""

from datetime import date
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from club import offer_use, settlement
from club.models import OfferUse, Partner, PartnerOffer, TierCode
from members.models import Owner
from tests.club import scene
from tests.club.scene import NOW, TODAY, days

ZONE = ZoneInfo("Asia/Shanghai")
_numbers = count(1)


def partner(db: Session, *offers: dict[str, object]) -> Partner:
    """A tea house with these offers, named by their place."""
    made = Partner(name_zh="茶舍", trade="tea")
    made.offers = [
        PartnerOffer(**{"shop_id": scene.shop(db).id, "title_zh": f"优惠{place}"} | terms)
        for place, terms in enumerate(offers)
    ]
    db.add(made)
    db.flush()
    return made


def use(db: Session, offer: PartnerOffer, who: Owner, on: date = TODAY) -> OfferUse:
    return offer_use.use(
        db, offer, who.id, request_id=f"u{next(_numbers)}", today=on, by=None, now=NOW
    )


def test_what_can_be_used_stands_first_and_no_less_than_nothing_is_left(db: Session) -> None:
    """An offer for a higher tier, one that is used up and was made smaller since, one with two
    of three places left, one without a limit. Red when those that are not due stand first, and
    when fewer places than were taken leave one."""
    who = scene.owner(db)
    tea = partner(
        db, {"tier": TierCode.GOLD}, {"per_member": 2}, {"places": 3, "per_member": 5}, {}
    )
    use(db, tea.offers[1], who)
    use(db, tea.offers[1], who)
    use(db, tea.offers[2], scene.owner(db))
    tea.offers[1].per_member = 1
    due = offer_use.offers_for(db, tea, who.id, today=TODAY)
    assert [(one.offer.title_zh, one.left, one.why_not is None) for one in due] == [
        ("优惠2", 2, True),
        ("优惠3", None, True),
        ("优惠0", None, False),
        ("优惠1", 0, False),
    ]


def test_a_month_is_paid_from_its_first_day_to_its_last(db: Session) -> None:
    """What was undone, and the months around it, are not. Red without either edge."""
    who, tea = scene.owner(db), partner(db, {"pays_fen": 15_00}, {"pays_fen": 7_00})
    first, other = tea.offers
    for on in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1)):
        use(db, first, who, on)
    use(db, other, who, date(2026, 2, 14))
    taken = use(db, first, who, date(2026, 2, 14))
    offer_use.undo(db, taken, reason="按错了", by=None, now=NOW + days(1))
    found = settlement.sums_of(db, tea.id, date(2026, 2, 1))
    assert [(one.offer, one.uses, one.fen) for one in found] == [
        (first, 2, 30_00),
        (other, 1, 7_00),
    ]
    rows = settlement.rows_of(db, tea.id, date(2026, 2, 1), language="zh-Hans", zone=ZONE)
    assert len(rows) == 3
