"""Two real workers on one club at the same moment."""

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import adjusting, checking, jobs, ledger
from club.models import (
    EndingNotice,
    EntryKind,
    LedgerEntry,
    Lot,
    PointsAdjustment,
    ReferralState,
    ReferralStep,
    TierChange,
)
from foundation.outbox import Letter
from foundation.refusals import Refusal
from foundation.settings import Settings
from tests import making
from tests.club import bringing, scene
from tests.club.scene import TODAY, days
from tests.conftest import KEYS, Sessions
from tests.events.racing import once_free, race

OWNERS = 12
NIGHT = scene.moment(date(2028, 3, 1)).replace(hour=16, minute=5)  # five past midnight in the shop


def review(sessions: Sessions, state: str, night: datetime = NIGHT) -> str:
    """What the nightly job says in a worker of its own."""
    settings = Settings.read({"CLUB_STATE_DIR": state}, KEYS)
    return once_free(sessions, lambda db: jobs.review_due(db, settings, night))


def sweep(sessions: Sessions, owner_ids: list[int]) -> str:
    """How many entries an expiry of all these owners made."""
    return once_free(
        sessions,
        lambda db: ledger.expire_due(db, owner_ids, today=date(2028, 3, 2), now=NIGHT),
    )


def with_points(db: Session) -> list[int]:
    """Owners in silver whose two lots and year of silver are over by NIGHT."""
    owners = [scene.owner(db) for _ in range(OWNERS)]
    for who in owners:
        scene.buy(db, who, TODAY - days(3), 2_000_00)
        scene.buy(db, who, TODAY, 1_500_00)
    db.commit()
    return [who.id for who in owners]


def test_two_workers_expire_each_lot_once(sessions: Sessions, database_url: str) -> None:
    """R3: one of both makes each entry, and the ledger adds up."""
    with sessions() as db:
        ids = with_points(db)
    made = race(database_url, [(sweep, (ids,)), (sweep, (ids,))])
    with sessions() as db:
        expiries = db.execute(
            select(LedgerEntry.points, func.count())
            .where(LedgerEntry.kind == EntryKind.EXPIRE)
            .group_by(LedgerEntry.points)
        )
        assert dict(expiries.all()) == {-2_000: OWNERS, -1_500: OWNERS}
        assert [ledger.balance(db, owner_id) for owner_id in ids] == [0] * OWNERS
        assert list(checking.differences(db)) == []
    assert sum(map(int, made)) == 2 * OWNERS


def test_two_nightly_reviews_tell_each_fall_once(
    sessions: Sessions, database_url: str, tmp_path: Path
) -> None:
    """R3, R10: each fall is told, once; red when the standing is read after the expiry."""
    with sessions() as db:
        ids = with_points(db)
    said = race(database_url, [(review, (str(tmp_path),)), (review, (str(tmp_path),))])
    with sessions() as db:
        falls = db.scalars(select(TierChange.owner_id).where(TierChange.reason == "fall")).all()
        assert sorted(falls) == ids
        assert sum(ledger.balance(db, owner_id) for owner_id in ids) == 0
        assert list(checking.differences(db)) == []
    assert all(one.endswith("owners reviewed") for one in said)


def test_two_nightly_reviews_write_each_letter_of_a_fall_once(
    sessions: Sessions, database_url: str, tmp_path: Path
) -> None:
    """R3: the night after the year of silver; red when the owners are not held first, and when a
    letter that waits for a year counts as not told."""
    with sessions() as db:
        ids = with_points(db)
    one = (review, (str(tmp_path), scene.moment(date(2027, 3, 1)).replace(hour=16, minute=5)))
    race(database_url, [one, one])
    with sessions() as db:
        told = select(Letter.recipient_id).where(Letter.template == "club/tier-fallen")
        assert sorted(db.scalars(told)) == ids


def job(sessions: Sessions, name: str, state: str) -> str:
    """What a job of the night says in a worker of its own."""
    settings = Settings.read({"CLUB_STATE_DIR": state}, KEYS)
    return once_free(sessions, lambda db: getattr(jobs, name)(db, settings, NIGHT - days(40)))


def confirm(sessions: Sessions, wish_id: int, by: int) -> str:
    """One of several who confirm the same wish."""

    def act(db: Session) -> str:
        wish = db.get_one(PointsAdjustment, wish_id)
        try:
            adjusting.confirm(db, wish, on=TODAY, by=by, now=NIGHT)
        except Refusal as no:
            return type(no).__name__
        db.commit()
        return "confirmed"

    return once_free(sessions, act)


def test_two_workers_tell_each_ending_once(
    sessions: Sessions, database_url: str, tmp_path: Path
) -> None:
    """R3: one letter of points per member; red when what is noted already is told again."""
    with sessions() as db:
        with_points(db)
        db.query(Letter).delete()
        db.commit()
    told = race(database_url, [(job, ("tell_of_endings", str(tmp_path)))] * 2)
    with sessions() as db:
        assert db.scalar(select(func.count(Letter.id))) == OWNERS
        assert db.scalar(select(func.count(EndingNotice.id))) == 2 * OWNERS
    assert sum(int(one.split()[0]) for one in told) == OWNERS


def test_two_workers_release_each_lot_once(
    sessions: Sessions, database_url: str, tmp_path: Path
) -> None:
    """R3: one entry per lot, and nothing waits any more."""
    with sessions() as db:
        with_points(db)
        db.query(Lot).update({"usable_on": TODAY + days(3)})
        db.commit()
    race(database_url, [(job, ("release_points", str(tmp_path)))] * 2)
    with sessions() as db:
        released = db.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.RELEASE))
        assert len(released.all()) == 2 * OWNERS
        assert db.scalar(select(func.count(Lot.id)).where(Lot.usable_on.is_not(None))) == 0
        assert list(checking.differences(db)) == []


def test_of_two_who_confirm_at_once_one_does(sessions: Sessions, database_url: str) -> None:
    """R12: 2,000 points once; red without the state in the conditional update."""
    with sessions() as db:
        who, staff = scene.owner(db), [making.make_staff(db).id for _ in range(3)]
        asked = {"request_id": "r", "reason": "x", "on": TODAY, "by": staff[0], "now": NIGHT}
        wish = adjusting.ask(db, who.id, 2_000, **asked)
        db.commit()
        wish_id, owner_id = wish.id, who.id
    said = race(database_url, [(confirm, (wish_id, by)) for by in staff[1:]])
    with sessions() as db:
        assert ledger.balance(db, owner_id) == 2_000
    assert sorted(said) == ["AlreadyDecided", "confirmed"]


def ask(sessions: Sessions, owner_id: int, by: int, mark: str) -> str:
    def act(db: Session) -> str:
        facts = {"request_id": mark, "reason": "x", "on": TODAY, "by": by, "now": NIGHT}
        return type(adjusting.ask(db, owner_id, 400, **facts)).__name__

    return once_free(sessions, act)


def test_small_ones_at_once_are_no_way_around(sessions: Sessions, database_url: str) -> None:
    """R12: of eight times 400 in one moment two move and six wait for a second person; red on
    PostgreSQL when the day is summed before the purse is held."""
    with sessions() as db:
        who, clerk = scene.owner(db), making.make_staff(db)
        db.commit()
        owner_id, by = who.id, clerk.id
    said = race(database_url, [(ask, (owner_id, by, f"r{nth}")) for nth in range(8)])
    with sessions() as db:
        assert ledger.balance(db, owner_id) == 800
        assert db.scalar(select(func.count(PointsAdjustment.id))) == 6
    assert sorted(said) == ["LedgerEntry"] * 2 + ["PointsAdjustment"] * 6


def test_two_workers_credit_each_referral_once(
    sessions: Sessions, database_url: str, tmp_path: Path
) -> None:
    """R3: red when the state is not compared in the update that takes the referral."""
    with sessions() as db:
        pairs = [bringing.pair(db) for _ in range(OWNERS)]
        for _referrer, referred, _made in pairs:
            scene.buy(db, referred, TODAY, 100_00)
        db.commit()
        referrers = [referrer.id for referrer, _referred, _made in pairs]
    turn = (job, ("credit_referrals", str(tmp_path)))
    race(database_url, [turn, turn])
    with sessions() as db:
        assert [ledger.balance(db, owner_id) for owner_id in referrers] == [500] * OWNERS
        credited = select(ReferralStep.id).where(ReferralStep.state == ReferralState.CREDITED)
        assert len(db.scalars(credited).all()) == OWNERS
        assert list(checking.differences(db)) == []
