"""A quote on the owner's phone: sent once, good for its days, and nobody else's business."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import quote_sending, quote_use, quotes
from club.models import TillQuote
from club.quote_sending import NotSendable
from club.quote_use import NotAsPriced
from club.quotes import Asked
from club.till_prices import Item
from foundation import clock
from foundation.audit import AuditEntry
from foundation.outbox import Letter, Purpose
from members.models import Account, OrderKind, Owner
from tests import making
from tests.browsing import fresh, send
from tests.club import scene
from tests.club.scene import NOW, TODAY, days
from tests.entering import at_desk, visitor_of

WORK = (Item(1_234_00, OrderKind.SCHEDULED, "保养"),)


def priced(db: Session, who: Owner) -> TillQuote:
    return quotes.price(
        db, who.id, Asked(WORK), request_id=f"q{who.id}", today=TODAY, by=None, now=NOW
    )


def test_a_quote_is_sent_once_as_a_service_letter(db: Session) -> None:
    """R37, R67: red without `sent_at IS NULL` in the update"""
    quote = priced(db, scene.owner(db))
    for _twice in range(2):
        quote_sending.send(db, quote, today=TODAY, by=7, now=NOW)
    letter = db.scalars(select(Letter)).one()
    assert (letter.template, letter.purpose) == ("club/quote-sent", Purpose.SERVICE)
    assert (quote.valid_until, letter.details["pay_fen"]) == (TODAY + days(14), 1_234_00)
    assert len(db.scalars(select(AuditEntry).where(AuditEntry.act == "quote.send")).all()) == 1


def test_who_cannot_open_it_is_not_sent_a_quote(db: Session) -> None:
    with pytest.raises(NotSendable):
        quote_sending.send(
            db, priced(db, scene.owner(db, member=False)), today=TODAY, by=7, now=NOW
        )
    assert db.scalars(select(Letter)).all() == []


def test_a_quote_that_is_over_is_not_applied(db: Session) -> None:
    """Red when its last day is already too late, or when the day after still is not"""
    first, second = priced(db, scene.owner(db)), priced(db, scene.owner(db))
    for quote in (first, second):
        quote_sending.send(db, quote, today=TODAY, by=7, now=NOW)
    quote_use.apply(db, first, today=TODAY + days(14), by=7, now=NOW + timedelta(days=14))
    with pytest.raises(NotAsPriced):
        quote_use.apply(db, second, today=TODAY + days(15), by=7, now=NOW + timedelta(days=15))


def test_the_owner_reads_it_and_nobody_else(app: Flask) -> None:
    """R60: red when the page does not ask whose it is, or shows what was never sent"""
    with fresh(app) as db:
        who, other = making.make_member(db, "王建国"), making.make_member(db, "李雷")
        today, now = clock.now().date(), clock.now()
        quote = quotes.price(db, who.id, Asked(WORK), request_id="a", today=today, by=None, now=now)
        here, desk = f"/me/quotes/{quote.id}", f"/desk/till/quotes/{quote.id}"
        logins = [
            db.scalars(select(Account.id).where(Account.owner_id == one.id)).one()
            for one in (who, other)
        ]
        db.commit()
    owner, stranger = (visitor_of(app, ident) for ident in logins)
    assert owner.get(here).status_code == 404
    till = at_desk(app)
    assert send(till, f"{desk}/send", page=desk).status_code == 303
    assert "1,234.00" in owner.get(here).text
    assert stranger.get(here).status_code == 404
    with fresh(app) as db:
        assert db.scalars(select(TillQuote.read_at)).one() is not None
