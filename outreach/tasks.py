"""One-to-one WeChat messages that advisors send by hand, once each and only with consent."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, select, update
from sqlalchemy.orm import Session

from foundation import audit
from foundation.database import rows_changed
from foundation.outbox import Letter, LetterState, Rendered
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import Advising, OwnerAdvisor
from outreach.channels import Receipt, Undeliverable
from outreach.checks import No, consented, in_time, reader_owner_id, within_cap
from outreach.models import AdvisorTask


class NotToSend(Refusal):
    """The message must not go any more."""


class WeChat:
    """The way out by hand: a task for the owner's service advisor; it is sent when ticked."""

    def send(self, db: Session, letter: Letter, words: Rendered, now: datetime) -> Receipt:
        owner_id = reader_owner_id(db, letter)
        if owner_id is None:
            raise Undeliverable("no owner")
        advisor = db.scalar(
            select(OwnerAdvisor.account_id).where(
                OwnerAdvisor.owner_id == owner_id, OwnerAdvisor.kind == Advising.SERVICE
            )
        )
        known = select(AdvisorTask.id).where(AdvisorTask.letter_id == letter.id)
        if db.scalar(known) is None:
            task = AdvisorTask(
                letter_id=letter.id, owner_id=owner_id, account_id=advisor, made_at=now
            )
            db.add(task)
        return Receipt(state=LetterState.HELD, why=N_("It waits for the advisor to send it."))

    def close(self) -> None: ...


def turn_of(account_id: int) -> ColumnElement[int]:
    """Whose turn a task is, seen from one advisor: 0 their own, 1 anybody's, 2 a colleague's."""
    mine = AdvisorTask.account_id == account_id
    return case((mine, 0), (AdvisorTask.account_id.is_(None), 1), else_=2)


def open_query() -> Select[AdvisorTask, Letter]:
    """Tasks whose message may still go, with their letters, oldest first."""
    return (
        select(AdvisorTask, Letter)
        .join(Letter, Letter.id == AdvisorTask.letter_id)
        .where(AdvisorTask.done_at.is_(None), Letter.state == LetterState.HELD)
        .order_by(AdvisorTask.id)
    )


def may_not_go(db: Session, letter: Letter, now: datetime) -> No | None:
    """What is asked of a message before the advisor copies it, and again at the tick (R34)."""
    checks = (consented, in_time, within_cap)
    return next((no for check in checks if (no := check(db, letter, now))), None)


def tick_sent(db: Session, task: AdvisorTask, *, by: int, now: datetime) -> None:
    """The advisor sent it: the letter counts as sent. A second tick changes nothing."""
    if task.done_at is not None:
        return
    letter = db.get_one(Letter, task.letter_id)
    no = may_not_go(db, letter, now)
    if no is not None:
        raise NotToSend(no.why)
    ticked = rows_changed(
        db,
        update(Letter)
        .where(Letter.id == letter.id, Letter.state == LetterState.HELD)
        .values(state=LetterState.SENT, sent_at=now, why=None),
    )
    if ticked != 1:
        raise NotToSend(N_("This message was withdrawn. Please do not send it."))
    task.done_at, task.done_by_id = now, by
    audit.record(db, "task.sent", "advisor_task", task.id, by=by, now=now)
    db.flush()
