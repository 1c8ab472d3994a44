"""The gift exchange: who handed one in draws one, nobody their own, once, for all to check."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from events.gatherings import present
from events.gatherings.refusals import NoDraw
from events.models import CheckInStep, Event, GiftDraw, GiftPair, Registration
from foundation import audit
from foundation.database import rows_changed
from foundation.words import N_


def draw_of(db: Session, event_id: int) -> GiftDraw | None:
    """The event's gift exchange with who drew what."""
    loaded = selectinload(GiftDraw.pairs)
    return db.scalar(
        select(GiftDraw)
        .where(GiftDraw.event_id == event_id)
        .options(
            loaded.joinedload(GiftPair.giver).options(
                joinedload(Registration.owner), joinedload(Registration.vehicle)
            ),
            loaded.joinedload(GiftPair.receiver).options(
                joinedload(Registration.owner), joinedload(Registration.vehicle)
            ),
        )
    )


def prepare(
    db: Session, event: Event, step: CheckInStep | None, *, by: int | None, now: datetime
) -> GiftDraw:
    """Say at which step gifts are handed in, and settle the seed; its hash can be shown now."""
    draw = draw_of(db, event.id)
    if draw is not None and draw.drawn_at is not None:
        raise NoDraw(N_("The gifts were drawn already."))
    if draw is None:
        seed = secrets.token_hex(16)
        draw = GiftDraw(event_id=event.id, seed=seed, seed_hash=_hash(seed), prepared_at=now)
        db.add(draw)
    draw.step_id = step.id if step else None
    db.flush()
    audit.record(
        db,
        "gift.prepare",
        "event",
        event.id,
        by=by,
        now=now,
        step=draw.step_id,
        hash=draw.seed_hash,
    )
    db.flush()
    return draw


def givers(db: Session, draw: GiftDraw) -> Sequence[Registration]:
    """Who handed a gift in, first come first; when it is drawn, the place in this list becomes the
    gift's number for good.

    One for each car, so a second registration of the same car brings no second draw.
    """
    seen: set[str] = set()
    found = []
    for one in present.in_order_at(db, draw.event_id, draw.step):
        voter = present.voter_of(one)
        if voter not in seen:
            seen.add(voter)
            found.append(one)
    return found


def draw_now(db: Session, draw: GiftDraw, *, by: int | None, now: datetime) -> GiftDraw:
    """Draw, once: of two clicks in the same moment one draws and the other is told so."""
    there = givers(db, draw)
    if len(there) < 2:
        raise NoDraw(N_("A draw needs at least two cars that handed a gift in."))
    taken = rows_changed(
        db,
        update(GiftDraw)
        .where(GiftDraw.id == draw.id, GiftDraw.drawn_at.is_(None))
        .values(drawn_at=now)
        .execution_options(synchronize_session=False),
    )
    if taken != 1:
        raise NoDraw(N_("The gifts were drawn already."))
    db.refresh(draw)
    for number, receiver in enumerate(who_draws(draw.seed, len(there)), start=1):
        draw.pairs.append(
            GiftPair(
                number=number, giver_id=there[number - 1].id, receiver_id=there[receiver - 1].id
            )
        )
    db.flush()
    audit.record(
        db, "gift.draw", "event", draw.event_id, by=by, now=now, gifts=len(there), seed=draw.seed
    )
    db.flush()
    return draw


def who_draws(seed: str, gifts: int) -> list[int]:
    """For gift 1, 2, 3 … the number of the gift that its receiver handed in.

    The numbers are put in the order of sha256("seed:number"), in a ring; each gift goes to the
    next in the ring. So nobody draws their own, and everybody can work it out again.
    """
    ring = sorted(range(1, gifts + 1), key=lambda number: _hash(f"{seed}:{number}"))
    goes_to = dict(zip(ring, [*ring[1:], ring[0]], strict=True))
    return [goes_to[number] for number in range(1, gifts + 1)]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
