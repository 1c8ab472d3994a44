"""Sending what is due: each letter is asked for, claimed, sent and marked, one at a time.

A claim is committed before the letter leaves and its result after, so a letter whose worker
vanished in between is neither sent again nor lost: it waits for a person (R32, R33, R69).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from foundation import outbox
from foundation.database import rows_changed
from foundation.jobs import ALIVE, Heartbeat
from foundation.outbox import WAITING, Channel, Letter, LetterState, Rendered
from foundation.words import N_
from outreach.channels import (
    News,
    Office,
    Receipt,
    TryLater,
    Uncertain,
    Undeliverable,
    Unreachable,
)
from outreach.checks import Check, No

ATTEMPTS = 8
BATCH = 50
HIDDEN = "••••••"
LOST_AFTER = timedelta(minutes=2)
_LOG = structlog.get_logger("marque.delivery")


def send_due(
    db: Session, office: Office, checks: Sequence[Check], clock: Callable[[], datetime]
) -> int:
    """Send all letters that are due; how many went out. Commits before and after each."""
    down: set[Channel] = set()
    sent = 0
    for letter_id in _due(db, clock, down):
        letter = _claim(db, letter_id, office, checks, clock())
        if letter is not None:
            sent += _deliver(db, letter, office, clock, down)
    for adapter in office.adapters.values():
        adapter.close()
    return sent


def give_up_lost(db: Session, *, now: datetime) -> int:
    """Letters whose worker is gone become unknown and wait for a person (R33); how many."""
    alive = exists().where(Heartbeat.worker == Letter.claimed_by, Heartbeat.at > now - ALIVE)
    return rows_changed(
        db,
        update(Letter)
        .where(Letter.state == LetterState.CLAIMED, Letter.claimed_at < now - LOST_AFTER, ~alive)
        .values(
            state=LetterState.UNKNOWN,
            why=N_("The worker stopped while sending; it may have gone out."),
        )
        .execution_options(synchronize_session=False),
    )


def stop_restored(db: Session) -> int:
    """In a restored copy nothing goes out until a person says so: queued becomes unknown (R32)."""
    return rows_changed(
        db,
        update(Letter)
        .where(Letter.state == LetterState.QUEUED)
        .values(
            state=LetterState.UNKNOWN,
            why=N_("The database is a restored copy; it may have gone out."),
        )
        .execution_options(synchronize_session=False),
    )


def _due(db: Session, clock: Callable[[], datetime], down: set[Channel]) -> Iterator[int]:
    """Ids of due letters, oldest first, batch by batch, each once; channels that are down rest."""
    began, last = clock(), 0
    while True:
        ids = list(
            db.scalars(
                select(Letter.id)
                .where(
                    Letter.state == LetterState.QUEUED,
                    Letter.not_before <= began,
                    Letter.id > last,
                    Letter.channel.not_in(down),
                )
                .order_by(Letter.id)
                .limit(BATCH)
            )
        )
        db.commit()
        if not ids:
            return
        yield from ids
        last = ids[-1]


def _claim(
    db: Session, letter_id: int, office: Office, checks: Sequence[Check], now: datetime
) -> Letter | None:
    """The letter, when all checks let it go and this worker got it."""
    letter = db.get(Letter, letter_id, populate_existing=True)
    if letter is None or letter.state is not LetterState.QUEUED:
        db.commit()
        return None
    no = next((said for check in checks if (said := check(db, letter, now))), None)
    if no is not None:
        _put_aside(db, letter, no)
        taken = False
    else:
        taken = outbox.claim(db, letter_id, office.worker, now=now)
        db.refresh(letter)
    db.commit()
    db.expunge(letter)  # so that reading it later opens no transaction
    return letter if taken else None


def _put_aside(db: Session, letter: Letter, no: No) -> None:
    values = {"state": no.state, "why": no.why}
    db.execute(
        update(Letter)
        .where(Letter.id == letter.id, Letter.state == LetterState.QUEUED)
        .values(**values, not_before=no.until or letter.not_before)
    )


def _deliver(
    db: Session,
    letter: Letter,
    office: Office,
    clock: Callable[[], datetime],
    down: set[Channel],
) -> int:
    if letter.channel in down:
        _back(db, letter, office, clock(), N_("The channel does not answer."), counts=False)
        return 0
    try:
        words = office.words(db, letter)
        db.commit()  # nothing is locked while the other side thinks
        receipt = office.adapters[letter.channel].send(db, letter, words, clock())
    except Unreachable as away:
        down.add(letter.channel)
        _back(db, letter, office, clock(), str(away), counts=False)
    except TryLater as later:
        _back(db, letter, office, clock(), str(later), counts=True)
    except Undeliverable as never:
        _failed(db, letter, office, never, clock())
    except Uncertain as lost:
        _mark(db, letter, office, state=LetterState.UNKNOWN, why=str(lost))
    except Exception as broken:
        _LOG.error("letter.broken", letter=letter.id, template=letter.template, exc_info=broken)
        db.rollback()
        _mark(db, letter, office, state=LetterState.FAILED, why=f"{type(broken).__name__}")
    else:
        return _gone(db, letter, office, words, receipt, clock())
    return 0


def _gone(
    db: Session, letter: Letter, office: Office, words: Rendered, receipt: Receipt, now: datetime
) -> int:
    """Keep what was said; a one-time code that really went out is not kept (R67)."""
    spoken = words.text if letter.channel is Channel.EMAIL else words.short
    subject, details, code = words.subject, dict(letter.details), letter.details.get("code")
    if code and receipt.message_id:
        details["code"] = HIDDEN
        spoken, subject = (said.replace(str(code), HIDDEN) for said in (spoken, subject))
    if receipt.message_id:
        office.heard(db, letter, News.ARRIVED, now)
    _mark(
        db,
        letter,
        office,
        state=receipt.state,
        why=receipt.why,
        sent_at=now if receipt.state is LetterState.SENT else None,
        sent_subject=subject,
        sent_text=spoken,
        message_id=receipt.message_id,
        details=details,
    )
    return 1


def _failed(
    db: Session, letter: Letter, office: Office, never: Undeliverable, now: datetime
) -> None:
    """It has failed; where nobody lives at the address, it may go another way (R40)."""
    db.rollback()
    if never.news:
        office.heard(db, letter, never.news, now)
    result = {"state": LetterState.FAILED, **office.instead(db, letter), "why": str(never)}
    _mark(db, letter, office, **result)


def _back(
    db: Session, letter: Letter, office: Office, now: datetime, why: str, *, counts: bool
) -> None:
    """Into the queue again, later each time; a letter that was often refused has failed."""
    db.rollback()
    tries = letter.attempts if counts else letter.attempts - 1
    if tries >= ATTEMPTS:
        office.heard(db, letter, News.NOT_NOW, now)
        _mark(db, letter, office, state=LetterState.FAILED, why=why)
        return
    pause = timedelta(seconds=min(60 * 4 ** max(tries - 1, 0), 6 * 3600) if counts else 30)
    _mark(
        db,
        letter,
        office,
        state=LetterState.QUEUED,
        why=why,
        attempts=tries,
        not_before=now + pause,
        claimed_by=None,
        claimed_at=None,
    )


def _mark(db: Session, letter: Letter, office: Office, **values: object) -> None:
    """The result of a claim, if it is still ours or was given up as lost meanwhile.

    What would wait again is looked at once more: it may have been withdrawn since.
    """
    db.execute(
        update(Letter)
        .where(
            Letter.id == letter.id,
            Letter.claimed_by == office.worker,
            Letter.state.in_([LetterState.CLAIMED, LetterState.UNKNOWN]),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if values["state"] in WAITING:
        outbox.skip_withdrawn(db, letter.id)
    db.commit()
