"""The dry run: the worker tries the whole file, nothing stays, and nobody waits for it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import purses
from club.models import LedgerEntry
from foundation.rehearsal import rehearsal
from members.models import Owner, ServiceOrder
from portal import jobs
from portal.importing import effects, reception, recording, standing, trial
from portal.models import BatchState, ImportBatch, ImportRow
from portal.reference import seeding
from tests.club.scene import NOW
from tests.conftest import Sessions
from tests.making import KEYS
from tests.portal.order_files import bring_in, counts, csv_of, made_up, number_of, order, sentences

ROWS = [order("A1"), order("A2", amount="much")]


def asked(db: Session, content: bytes) -> ImportBatch:
    """A file whose check was asked for."""
    batch = reception.upload(db, "dms", "orders.csv", content, by=None, now=NOW)
    trial.ask(db, batch)
    db.commit()
    return batch


def checked(db: Session, content: bytes) -> ImportBatch:
    """A file that the worker has tried."""
    batch = asked(db, content)
    jobs.check_file(db, batch, KEYS.hash, NOW)
    db.refresh(batch)
    return batch


def steps(db: Session, batch: ImportBatch, minutes: int = 0) -> Iterator[None]:
    at = NOW + timedelta(minutes=minutes)
    return trial.check(db, batch, hash_key=KEYS.hash, now=NOW, clock=lambda: at)


def test_a_dry_run_reports_and_leaves_nothing(sessions: Sessions) -> None:
    """R46: red when the rehearsal is kept."""
    with sessions() as db:
        batch = checked(db, csv_of(ROWS))
        assert (batch.state, batch.rows, counts(batch)) == (BatchState.CHECKED, 2, (1, 0, 0, 1))
    with sessions() as db:
        assert sentences(db, batch) == ["3 refused: “much” is not an amount of money."]
        assert number_of(db, ServiceOrder) == number_of(db, Owner) == 0


def test_a_day_to_come_is_refused_by_row(sessions: Sessions) -> None:
    """R46, R68: at half past midnight in the shop the new day is today and the next one is not,
    in the dry run and when it is applied; nobody is made of a refused row.

    Red without the look at the day, when today is taken from UTC, and when today is refused.
    """
    rows = [order("A1", on="2026-03-02"), order("A2", on="2026-03-03", customer_id="K2")]
    night = NOW.replace(hour=16, minute=30)
    said = "3 refused: Its day, 2026-03-03, is still to come. Please correct the date in the file."
    with sessions() as db:
        seeding.seed(db, now=night)
        batch = asked(db, csv_of(rows))
        jobs.check_file(db, batch, KEYS.hash, night)
        assert (counts(batch), sentences(db, batch)) == ((1, 0, 0, 1), [said])
    with sessions() as db:
        batch = bring_in(db, csv_of(rows), today=date(2026, 3, 2), now=night)
        assert (counts(batch), sentences(db, batch)) == ((1, 0, 0, 1), [said])
    with sessions() as db:
        assert db.scalars(select(ServiceOrder.external_id)).all() == ["A1"]
        assert number_of(db, Owner) == 1


def test_the_report_says_what_applying_then_does(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R46: a refund of an earlier part, known orders; red when each part is tried alone."""
    monkeypatch.setattr(recording, "PART", 10)
    rows = [row | {"refund_of": ""} for row in made_up(40, 6)]
    first = next(row for row in rows[15:] if float(row["amount"]) > 0)
    back = {"order_no": "R1", "order_date": "2026-01-02", "amount": "-1", "refund_of": ""}
    rows.append(first | back | {"refund_of": first["order_no"]})
    with sessions() as db:
        bring_in(db, csv_of(rows[:15]))
        expected = checked(db, csv_of(rows))
        assert counts(expected) == counts(bring_in(db, csv_of(rows))) == (26, 0, 15, 0)


def test_the_sums_seen_before_are_the_sums_that_come_in(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R46: points, refunds that found their purchase and those that found none, row by row.

    Red when the trial leaves the lines unsettled, or settles lines of one owner apart.
    """
    monkeypatch.setattr(recording, "PART", 10)
    monkeypatch.setattr(effects, "OWNERS", 4)
    content = csv_of([*made_up(60, 9), order("C1", customer_id="K9", amount="-5.00")])
    with sessions() as db:
        tried = checked(db, content)
        rows = told(db, tried)
        applied = bring_in(db, content)
        assert tried.sums == applied.sums
        assert rows == told(db, applied)
        assert (applied.sums["orders"], applied.sums["owners"]) == (61, 10)
        lots = db.scalar(select(func.sum(LedgerEntry.points)).where(LedgerEntry.kind != "expire"))
        assert applied.sums["earned"] + applied.sums["taken"] == lots
        assert 0 < applied.sums["unfound"] < applied.sums["unnamed"] == applied.sums["refunds"]


def test_the_trial_holds_books_for_one_step_only(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others earn and spend between two steps; on PostgreSQL red when a step is kept."""
    monkeypatch.setattr(effects, "OWNERS", 1)
    more = csv_of([order("A2"), order("B2", customer_id="K2")])
    with sessions() as db, sessions() as desk:
        bring_in(db, csv_of([order("A1"), order("B1", customer_id="K2")]))
        ids = db.scalars(select(Owner.id)).all()
        batch = asked(db, more)
        for _step in steps(db, batch):
            db.commit()
            purses.hold(desk, ids)
            desk.rollback()
        assert (batch.state, counts(batch)) == (BatchState.CHECKED, (2, 0, 0, 0))


def told(db: Session, batch: ImportBatch) -> list[tuple[object, ...]]:
    rows = db.scalars(
        select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_no)
    )
    return [(row.row_no, row.message, row.details) for row in rows]


def test_others_write_while_a_file_is_tried(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red when the trial writes into the club's own SQLite file."""
    monkeypatch.setattr(recording, "PART", 5)
    with sessions() as db, sessions() as desk:
        running = steps(db, asked(db, csv_of(made_up(12, 3))))
        for _ in range(2):
            next(running)
            db.commit()
        desk.add(Owner(name="林晓", name_sort="linxiao", created_at=NOW))
        desk.commit()
        for _ in running:
            db.commit()
    with sessions() as db:
        assert db.scalars(select(Owner.name)).all() == ["林晓"]
        assert db.scalars(select(ImportBatch.state)).one() is BatchState.CHECKED


def test_each_part_shows_how_far_the_check_is(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red when the progress is told at the end only."""
    monkeypatch.setattr(recording, "PART", 5)
    seen = []
    with sessions() as db:
        for _ in steps(db, asked(db, csv_of(made_up(12, 3)))):
            db.commit()
            with sessions() as page:
                batch = page.scalars(select(ImportBatch)).one()
                seen.append((batch.checked_rows, batch.rows))
    assert seen[:4] == [(0, 0), (5, 12), (10, 12), (12, 12)]


def test_a_second_worker_leaves_a_file_that_is_being_tried(sessions: Sessions) -> None:
    """Red when a turn can be taken twice; after some minutes of silence it can."""
    with sessions() as db, sessions() as other:
        batch = asked(db, csv_of(ROWS))
        next(steps(db, batch))
        db.commit()
        same = other.get_one(ImportBatch, batch.id)
        early = list(steps(other, same, minutes=1))
        other.commit()
        late = list(steps(other, same, minutes=4))
        assert (early, bool(late)) == ([], True)


def test_a_worker_whose_turn_was_taken_over_stops(sessions: Sessions) -> None:
    """Red when a step does not ask whether it is still its own."""
    with sessions() as db, sessions() as other:
        batch = asked(db, csv_of(ROWS))
        batch_id = batch.id
        slow = steps(db, batch)
        next(slow)
        db.commit()
        fast = steps(other, other.get_one(ImportBatch, batch_id), minutes=4)
        next(fast)
        other.commit()
        assert list(slow) == []
        db.rollback()
        for _ in fast:
            other.commit()
    with sessions() as db:
        assert counts(db.get_one(ImportBatch, batch_id)) == (1, 0, 0, 1)


def test_a_fault_further_down_comes_back_as_a_sentence(sessions: Sessions) -> None:
    """Red when the refusal is lost in the worker."""
    rows = csv_of([order(f"A{number}") for number in range(20)])
    with sessions() as db:
        batch = checked(db, rows + b'"A99,K1,2026-02-01,1')
        assert batch.state is BatchState.UPLOADED
        assert batch.fault is not None
        assert "quotation mark" in batch.fault["message"]


def test_nothing_else_is_done_to_a_file_that_is_being_checked(sessions: Sessions) -> None:
    """Red without the look at its state."""
    with sessions() as db:
        batch = asked(db, csv_of(ROWS))
        with pytest.raises(standing.NotNow):
            reception.choose_columns(db, batch, batch.mapping, remember=False)
        with pytest.raises(standing.NotNow):
            trial.ask(db, batch)


def test_a_rehearsal_sees_what_is_and_keeps_nothing(sessions: Sessions) -> None:
    """Red when its session commits."""
    with sessions() as db:
        db.add(Owner(name="林晓", name_sort="linxiao", created_at=NOW))
        db.commit()
    with rehearsal(sessions.engine) as db:
        known = db.scalars(select(Owner.name)).all()
        db.add(Owner(name="周远", name_sort="zhouyuan", created_at=NOW))
        db.flush()
    with sessions() as db:
        assert known == db.scalars(select(Owner.name)).all() == ["林晓"]
