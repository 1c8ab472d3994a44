"""Staff change what tiers bring, and keep partners."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import partners, terms
from club.benefits import comparison, offers_today
from club.models import Partner, TierCode
from club.partners import EndsBeforeItBegins, NameMissing, OfferWords, PartnerWords
from foundation.audit import AuditEntry
from members.models import OrderKind
from tests import making
from tests.browsing import fresh, send
from tests.club.scene import NOW, TODAY
from tests.entering import at_desk

TEA = PartnerWords("山隐茶舍", "", "茶", "", "", "", True)
GOLD, SILVER = TierCode.GOLD, TierCode.SILVER


def offer(until: date | None = None, first: date | None = None) -> OfferWords:
    return OfferWords("茶席八五折", "", "", "", GOLD, first, until)


def test_counts_become_what_was_typed(db: Session) -> None:
    """A missing cell takes the benefit away, None is as often as wanted, one audit entry."""
    first, second = (one.id for one in comparison(db).benefits[:2])
    making.make_shop(db)
    terms.set_counts(db, {(first, GOLD): 7, (second, SILVER): None}, by=1, now=NOW)
    assert comparison(db).counts == {(first, GOLD): 7, (second, SILVER): None}
    assert db.scalars(select(AuditEntry.act)).all() == ["benefits.change"]


def test_the_same_again_changes_nothing(db: Session) -> None:
    """red when the audit is written without a change."""
    assert terms.set_counts(db, comparison(db).counts, by=1, now=NOW) == 0
    assert terms.set_percents(db, comparison(db).percents, by=1, now=NOW) == 0
    assert db.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize("count", [0, -1, 367])
def test_impossible_counts_are_refused(db: Session, count: int) -> None:
    with pytest.raises(terms.CountOutOfRange):
        terms.set_counts(db, {(1, GOLD): count}, by=1, now=NOW)


@pytest.mark.parametrize("percent", [-1, 101])
def test_impossible_discounts_are_refused(db: Session, percent: int) -> None:
    with pytest.raises(terms.PercentOutOfRange):
        terms.set_percents(db, {(OrderKind.RESCUE, GOLD): percent}, by=1, now=NOW)


def test_offers_run_from_their_first_to_their_last_day(db: Session) -> None:
    """Both days included, and only of partners that are shown."""
    making.make_shop(db)
    shown = partners.keep_partner(db, None, TEA, by=1, now=NOW)
    today = partners.keep_offer(db, shown, None, offer(TODAY, TODAY), by=1, now=NOW)
    partners.keep_offer(db, shown, None, offer(date(2026, 2, 28)), by=1, now=NOW)
    hidden = PartnerWords("旧店", "", "", "", "", "", False)
    away = partners.keep_partner(db, None, hidden, by=1, now=NOW)
    partners.keep_offer(db, away, None, offer(), by=1, now=NOW)
    assert [one.id for one in offers_today(db, today=TODAY)] == [today.id]


def test_offers_that_cannot_be_are_refused(db: Session) -> None:
    shop = partners.keep_partner(db, None, TEA, by=1, now=NOW)
    with pytest.raises(EndsBeforeItBegins):
        partners.keep_offer(db, shop, None, offer(date(2026, 1, 1), TODAY), by=1, now=NOW)
    blank = PartnerWords(" ", "", "", "", "", "", True)
    with pytest.raises(NameMissing):
        partners.keep_partner(db, None, blank, by=1, now=NOW)


def test_a_discount_is_changed_on_screen(app: Flask) -> None:
    """Through the form, and the wrong one comes back with 422 and nothing stored."""
    client = at_desk(app)
    name = "percent-roadside-rescue-gold"
    page, url = "/desk/benefits", "/desk/benefits/discounts"
    assert send(client, url, page, **{name: "25"}).status_code == 303
    assert send(client, url, page, **{name: "250"}).status_code == 422
    with fresh(app) as session:
        assert comparison(session).percents[OrderKind.RESCUE, GOLD] == 25


def test_an_offer_of_another_partner_is_not_found(app: Flask) -> None:
    """R60 at the desk too: red when only the offer's id is asked."""
    client = at_desk(app)
    with fresh(app) as session:
        mine = partners.keep_partner(session, None, TEA, by=1, now=NOW)
        other = partners.keep_partner(session, None, TEA, by=1, now=NOW)
        made = partners.keep_offer(session, mine, None, offer(), by=1, now=NOW)
        session.commit()
    assert client.get(f"/desk/partners/{mine.id}/offers/{made.id}").status_code == 200
    assert client.get(f"/desk/partners/{other.id}/offers/{made.id}").status_code == 404


def test_a_trade_is_read_and_typed_as_a_word(app: Flask) -> None:
    """A known trade keeps its picture; red when the desk shows its code or stores the word."""
    client = at_desk(app)
    with fresh(app) as session:
        kept = partners.keep_partner(session, None, replace(TEA, trade="books"), by=1, now=NOW)
        session.commit()
    page = f"/desk/partners/{kept.id}"
    assert 'value="图书"' in client.get(page).text
    for typed, stored in (("健身", "健身"), ("茶馆", "tea"), ("Tea", "tea")):
        assert send(client, page, page, name_zh="茶舍", trade=typed).status_code == 303
        with fresh(app) as session:
            assert session.get_one(Partner, kept.id).trade == stored
