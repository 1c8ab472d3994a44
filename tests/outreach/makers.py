"""Letters, offices and answers for the tests of this room."""

import dataclasses
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import outbox
from foundation.outbox import Channel, Draft, Letter, Purpose, Reader, Rendered
from foundation.settings import Settings
from members.models import Owner
from outreach import checks, consents, delivery, office
from outreach.channels import Office
from outreach.models import Consent, Topic
from tests.making import NOW, make_member

PLAIN = Rendered("您好", "一封信\n", "<p>一封信</p>", "一条短信")


def agreeing(
    db: Session, name: str = "林书怡", topic: Topic = Topic.INVITATIONS, **f: Any
) -> Owner:
    """A member who said yes to a topic."""
    owner = make_member(db, name, **f)
    say(db, owner, topic, True)
    return owner


def say(db: Session, owner: Owner, topic: Topic, given: bool) -> None:
    consents.answer(db, owner.id, topic, given, wording="2026-11", source="join", by=None, now=NOW)


def post_letter(
    db: Session, owner: Owner, key: str, channel: Channel = Channel.EMAIL, **draft: Any
) -> Letter:
    """A service letter to an owner by a channel, due now."""
    address = {Channel.EMAIL: f"{key}@example.com", Channel.TEXT: "+8613800000001"}
    reader = Reader("owner", owner.id, channel, address.get(channel, ""), "zh-Hans")
    values = {"template": "test", "cause_kind": "test", "cause_id": 1, **draft}
    letter = outbox.post(db, key, reader, Draft(**values), now=NOW)
    db.flush()
    return letter


def post_marketing(
    db: Session, owner: Owner, key: str, channel: Channel = Channel.EMAIL, **draft: Any
) -> Letter:
    """An invitation to an owner by a channel, due now."""
    values = {"purpose": Purpose.MARKETING, "topic": Topic.INVITATIONS.value, **draft}
    return post_letter(db, owner, key, channel, **values)


def an_office(db: Session, settings: Settings, worker: str = "w1", **changes: Any) -> Office:
    """The channels of these settings, all letters with the same words."""
    changed = dataclasses.replace(settings, **changes)
    return office.open_office(db, changed, _same_words, worker)


def send(db: Session, office_: Office, settings: Settings, at: datetime = NOW) -> int:
    db.commit()
    every = checks.of_the_house(settings.hash_key, settings.zone)
    return delivery.send_due(db, office_, every, lambda: at)


def by_mail(db: Session, settings: Settings, port: int, worker: str = "w1") -> Office:
    return an_office(db, settings, worker, mail_server="127.0.0.1", mail_port=port)


def _same_words(letter: Letter, **more: Any) -> Rendered:
    return PLAIN


def stored(db: Session, letter: Letter) -> Letter:
    """The letter as the database has it now."""
    found = db.get_one(Letter, letter.id, populate_existing=True)
    db.commit()
    return found


def history(db: Session, owner_id: int) -> list[Consent]:
    """All answers of a member, newest first."""
    rows = select(Consent).where(Consent.owner_id == owner_id).order_by(Consent.id.desc())
    return list(db.scalars(rows))
