"""Real processes that act on one database at the same moment."""

import multiprocessing
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, configure_mappers

from events import booking, waitlist
from events.models import Event, Registration
from events.refusals import ChoiceFull, NotActive, OfferEnded
from foundation.database import is_lock_wait
from members.models import Owner
from tests.conftest import Sessions
from tests.making import KEYS, NOW

TRIES = 20
Act = Callable[..., Any]


@dataclass(frozen=True)
class Broken:
    """What a racer says instead of its result when it fell."""

    words: str


configure_mappers()
_fork = multiprocessing.get_context("forkserver")
_fork.set_forkserver_preload(["tests.events.racing"])


def race(url: str, acts: list[tuple[Act, tuple[Any, ...]]]) -> list[Any]:
    """Run each act in a process of its own, all let go at once; what each gave back."""
    gate, lines = _fork.Barrier(len(acts)), [_fork.Pipe(duplex=False) for _ in acts]
    racers = [
        _fork.Process(target=_run, args=(gate, line[1], url, act, args))
        for line, (act, args) in zip(lines, acts, strict=True)
    ]
    for racer in racers:
        racer.start()
    found = [line[0].recv() for line in lines]
    for racer in racers:
        racer.join()
    broken = [one.words for one in found if isinstance(one, Broken)]
    assert not broken, "\n".join(broken)
    return found


def _run(gate: Any, line: Any, url: str, act: Act, args: tuple[Any, ...]) -> None:
    try:
        sessions = Sessions(url)
        with sessions() as db:
            db.connection()
        gate.wait(30)
        line.send(act(sessions, *args))
        sessions.engine.dispose()
    except Exception:
        line.send(Broken(traceback.format_exc()))


def register_all(
    sessions: Sessions,
    event_id: int,
    owner_ids: list[int],
    wished: dict[str, Any] | None = None,
) -> list[str]:
    """Sign each owner up, again when the database is busy; the state each came to."""
    return [
        once_free(sessions, _register, event_id, owner_id, wished or {}) for owner_id in owner_ids
    ]


def cancel_all(sessions: Sessions, registration_ids: list[int]) -> list[str]:
    return [once_free(sessions, _cancel, one) for one in registration_ids]


def accept(sessions: Sessions, registration_id: int) -> str:
    return once_free(sessions, _accept, registration_id)


def expire(sessions: Sessions, registration_id: int) -> str:
    return once_free(sessions, _expire, registration_id)


def _register(db: Session, event_id: int, owner_id: int, wished: dict[str, Any]) -> str:
    event, owner = db.get_one(Event, event_id), db.get_one(Owner, owner_id)
    return booking.register(db, event, owner, keys=KEYS, by=None, now=NOW, **wished).state


def _cancel(db: Session, registration_id: int) -> str:
    registration = db.get_one(Registration, registration_id)
    return booking.cancel(db, registration, by=None, now=NOW).state


def _accept(db: Session, registration_id: int) -> str:
    registration = db.get_one(Registration, registration_id)
    return waitlist.accept(db, registration, keys=KEYS, by=None, now=registration.offer_until).state


def _expire(db: Session, registration_id: int) -> str:
    registration = db.get_one(Registration, registration_id)
    waitlist.expire(db, registration, now=registration.offer_until + timedelta(microseconds=1))
    return registration.state


def once_free(sessions: Sessions, act: Act, *args: Any) -> str:
    for _ in range(TRIES):
        try:
            with sessions() as db:
                said = str(act(db, *args))
                db.commit()
                return said
        except OperationalError as error:
            if not is_lock_wait(error):
                raise
        except (OfferEnded, NotActive, ChoiceFull) as refusal:
            return type(refusal).__name__
    return "busy"
