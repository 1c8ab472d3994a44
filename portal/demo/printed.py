"""What the demo club has printed: its newsletters, and what its partners give."""

import tomllib
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from club.models import Partner, PartnerClerk, PartnerOffer, TierCode
from foundation.clock import add_months
from foundation.shop import the_shop
from outreach.models import Newsletter, NewsletterState
from portal.demo.people import Drawing

FOLDER = Path(__file__).parent


def newsletters(db: Session, draw: Drawing, *, by: int) -> None:
    """Six issues, one a month, the newest of the last days."""
    files = sorted((FOLDER / "newsletters").glob("*.toml"))
    newest = draw.today - timedelta(days=5)
    for number, file in enumerate(files, 1):
        texts = tomllib.loads(file.read_text("utf-8"))
        at = draw.moment(add_months(newest, number - len(files)), 10, 11)
        db.add(
            Newsletter(
                shop_id=the_shop(db).id,
                number=number,
                state=NewsletterState.PUBLISHED,
                published_at=at,
                created_at=at - timedelta(days=4),
                account_id=by,
                **{name: text.strip() for name, text in texts.items()},
            )
        )
    db.flush()


def partners(db: Session, draw: Drawing, *, clerk: int) -> None:
    """Businesses near by with their offers; the first one has a clerk who checks cards."""
    shop_id = the_shop(db).id
    for row in tomllib.loads((FOLDER / "partners.toml").read_text("utf-8"))["partners"]:
        partner = Partner(
            name_zh=row["zh"],
            name_en=row["en"],
            trade=row["trade"],
            address_zh=row["address_zh"],
            address_en=row["address_en"],
            phone=draw.numbers.phone(),
            latitude=row.get("latitude"),
            longitude=row.get("longitude"),
        )
        partner.offers = [
            PartnerOffer(
                shop_id=shop_id,
                title_zh=offer["zh"],
                title_en=offer["en"],
                about_zh=offer["about_zh"],
                about_en=offer["about_en"],
                tier=TierCode(offer["tier"]),
                places=offer.get("places"),
                per_member=offer.get("each"),
                pays_fen=offer.get("pays", 0) * 100,
                until_on=draw.today + timedelta(days=offer["until"]) if "until" in offer else None,
            )
            for offer in row["offers"]
        ]
        db.add(partner)
        db.flush()
        if db.get(PartnerClerk, clerk) is None:
            db.add(PartnerClerk(account_id=clerk, partner_id=partner.id))
    db.flush()
