"""A copy of one's own data: all of it, for a machine to read, and nobody else's (R63)."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import Block, Referral, ReferralClearing, ReferralKind, ReferralState
from foundation import audit
from foundation.audit import AuditEntry
from foundation.database import Base
from foundation.roles import Role
from members.models import AccountRole, Owner
from portal import own_data
from portal.audit_trail import Line
from portal.leaving import TREATED
from tests.browsing import fresh, send
from tests.club import scene
from tests.entering import visitor_of
from tests.making import NOW, make_shop, make_staff
from tests.portal.leaving_scene import SECRETS, Scene, told

# Whose pictures and calendar they are.
ACCOUNTS = {"trip_picture", "calendar_subscription"}
# What files, the trail and merges hold of her is told where it counts.
INSIDE = {"audit_entry.details", "import_row.details", "owner_merge.record", "letter.details"}


def copy_of(db: Session, owner: Owner) -> tuple[dict[str, Any], zipfile.ZipFile]:
    file = zipfile.ZipFile(io.BytesIO(own_data.packed(db, owner, say=plainly, now=NOW)))
    return json.loads(file.read("data.json")), file


def plainly(line: Line) -> str:
    """A line of the trail in English, without the words of its codes."""
    return line.sentence % line.values


def said(copy: dict[str, Any], *words: str) -> Iterator[str]:
    """Where in a copy one of the words stands, as `told` says it of the database."""
    for table, rows in copy["tables"].items():
        for row in rows:
            for column, value in row.items():
                if any(word in str(value) for word in words):
                    yield f"{table}.{column}"


def test_all_that_the_database_says_of_her_is_in_it(db: Session) -> None:
    """R63: red without the cars, the letters, or the archive that was merged into hers."""
    made = Scene(db)
    copy, file = copy_of(db, made.her)
    everywhere = {line.partition(":")[0] for line in told(db)}
    assert everywhere - INSIDE == set(said(copy, *SECRETS)) - {"letter.sent_text", "trail.words"}
    beside = {"vehicle", "car_measurement", "hand_reading", "letter", "referral", "trail"}
    assert set(copy["tables"]) == {*own_data.TOLD, *beside}
    assert {row["name"] for row in copy["tables"]["owner"]} == {"欧阳明月", "明月旧档"}
    pictures = [row["content"] for row in copy["tables"]["trip_picture_size"]]
    assert pictures
    assert all(file.read(name)[:3] == b"\xff\xd8\xff" for name in pictures)


def _entangled(db: Session, made: Scene) -> None:
    """He paid for what she brought in, and sent her to us, of which the desk has its own words."""
    bill = scene.buy(db, made.neighbour, date(2026, 2, 2), 90_000, description="国强补漆")
    bill.order.bringer_id = made.her_id
    sent = Referral(
        kind=ReferralKind.CLUB,
        state=ReferralState.WAITING,
        referrer_id=made.neighbour_id,
        referred_id=made.her_id,
        name="明月",
        began_on=NOW.date(),
        recorded_at=NOW,
    )
    db.add(sent)
    db.flush()
    words = {"reason": "国强说是邻居", "asked_by_id": made.staff, "asked_at": NOW}
    db.add(ReferralClearing(referral_id=sent.id, block=Block.ADDRESS, points=500, **words))
    db.flush()


def test_sums_are_hers_and_nobody_else_is_in_it(db: Session) -> None:
    """R63: her points to the last, her car's values, things by name; no order that he paid, no
    word on him, nobody of the desk. Red when what is told goes through the columns of leaving,
    and when only foreign keys say who did it."""
    made = Scene(db)
    _entangled(db, made)
    copy, _ = copy_of(db, made.her)
    moved = sum(row["points"] for row in copy["tables"]["ledger_entry"])
    assert moved == sum(row["rest"] for row in copy["tables"]["lot"]) > 0
    assert copy["names"]["event"][str(made.past_id)] == made.past.title_zh
    measured = {row["vehicle_id"] for row in copy["tables"]["car_measurement"]}
    assert set() < measured < {row["id"] for row in copy["tables"]["vehicle"]}
    assert [row["name"] for row in copy["tables"]["referral"]] == ["明月"]
    assert list(said(copy, "国强")) == []
    assert {row["owner_id"] for row in copy["tables"]["service_order"]} == {made.her_id}
    doers = {
        column
        for name, rows in copy["tables"].items()
        for column in (rows[0] if rows else ())
        if re.search(r"account_id$|_by$|_by_id$", column) and name not in ACCOUNTS
    }
    assert doers <= {"ended_by", "checked_by", "paid_by"}  # by whom as a word, not who


def words_of(db: Session, made: Scene) -> set[str]:
    rows = copy_of(db, made.her)[0]["tables"]["trail"]
    return {row["words"] for row in rows if "words" in row}


def test_of_the_trail_she_reads_what_she_did_herself(db: Session) -> None:
    """R63: her own acts in words, no reason that the desk wrote on her. When she comes to work
    here, what she does with others is told as it was. Red when all of the trail is put in words,
    and when all is that her login did."""
    made = Scene(db)
    her, login, now = made.her_id, made.her.account, NOW
    assert login is not None
    audit.record(db, "vehicle.add", "vehicle", 7, by=login.id, now=now, owner=her)
    audit.record(db, "bounce.lift", "owner", her, by=made.staff, now=now, reason="明月要求")
    db.flush()
    words = words_of(db, made)
    assert f"欧阳明月 put car 7 into the garage of owner {her}." in words
    assert all(one.startswith("欧阳明月") and "要求" not in one for one in words)
    login.roles.append(AccountRole(role=Role.CARE_SPECIALIST, shop_id=make_shop(db).id))
    for owner in (her, made.neighbour_id):
        audit.record(db, "bounce.lift", "owner", owner, by=login.id, now=now, reason="好了")
    db.flush()
    assert words_of(db, made) - words == {
        f"欧阳明月 lets e-mail to owner {her} be tried again: 好了"
    }


def test_nothing_in_it_opens_a_door() -> None:
    """R63: red when a column that sounds like a secret is told."""
    sounds = re.compile(r"hash|secret|sealed|password|session_version")
    open_words = [
        f"{name}.{column.name}"
        for name in (*TREATED, "vehicle")
        for column in Base.metadata.tables[name].columns
        if sounds.search(column.name) and column.name not in own_data.SEALED
    ]
    assert open_words == []


def test_a_member_saves_it_and_the_trail_says_so(app: Flask) -> None:
    """R63, R67: red without the audit entry; who only works here has nothing to save."""
    with fresh(app) as db:
        made = Scene(db)
        login, staff = made.her.account.id, make_staff(db).id  # type: ignore[union-attr]
        db.commit()
    answer = send(visitor_of(app, login), "/me/account/data", "/me/account")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    data = json.loads(zipfile.ZipFile(io.BytesIO(answer.data)).read("data.json"))
    assert data["tables"]["owner"][0]["name"] == "欧阳明月"
    words = [row["words"] for row in data["tables"]["trail"] if "words" in row]
    assert [one for one in words if one.startswith("欧阳明月") and one.endswith("。")]
    with fresh(app) as db:
        taken = db.scalars(select(AuditEntry).where(AuditEntry.act == "owner.copy")).one()
        assert (taken.thing_id, taken.account_id) == (made.her_id, login)
    assert send(visitor_of(app, staff), "/me/account/data", "/me/account").status_code == 404
